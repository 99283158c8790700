// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @notice Where a contribution stands.
enum ContributionStatus {
    UNSET,
    CONTRIBUTED,
    PROVED,
    REJECTED
}

/// @notice One worker's vote in a task, packed: number of the worker (32 bits), weight (24), audited (1), opinion (5),
/// status (2). The opinion is a position in the task's list of distinct result hashes. Zero is no ballot: numbers
/// start at 1.
type Ballot is uint64;

using {number, weight, audited, power, opinion, status, withStatus, underAudit, standing} for Ballot global;

function number(Ballot ballot) pure returns (uint256) {
    return Ballot.unwrap(ballot) >> 32;
}

function weight(Ballot ballot) pure returns (uint256) {
    return (Ballot.unwrap(ballot) >> 8) & 0xffffff;
}

/// @notice Was its worker audited, so that it counts no more than a new worker's? He is paid by its weight as ever.
function audited(Ballot ballot) pure returns (bool) {
    return Ballot.unwrap(ballot) & 0x80 != 0;
}

/// @notice What it counts in the vote.
function power(Ballot ballot) pure returns (uint256) {
    return ballot.audited() ? Ballots.FRESH : ballot.weight();
}

function opinion(Ballot ballot) pure returns (uint256) {
    return (Ballot.unwrap(ballot) >> 2) & 0x1f;
}

function status(Ballot ballot) pure returns (ContributionStatus) {
    return ContributionStatus(Ballot.unwrap(ballot) & 3);
}

function withStatus(Ballot ballot, ContributionStatus status_) pure returns (Ballot) {
    return Ballot.wrap(uint64((Ballot.unwrap(ballot) & ~uint64(3)) | uint64(status_)));
}

function underAudit(Ballot ballot) pure returns (Ballot) {
    return Ballot.wrap(Ballot.unwrap(ballot) | 0x80);
}

/// @notice Does the ballot still count for `opinion_`? One that was rejected does not.
function standing(Ballot ballot, uint256 opinion_) pure returns (bool) {
    return ballot.opinion() == opinion_ && ballot.status() != ContributionStatus.REJECTED;
}

/// @title Ballots
/// @notice The votes of a task, four to a storage slot, and their count.
///
/// INVARIANTS
/// - A task has at most MAX ballots, in the order in which they were cast, and none is ever taken out.
/// - Groups and totals are derived from the ballots, so they can't disagree with them.
/// - A group's weight saturates at 2^128 - 1, and no sum or product here or in the consensus test can overflow.
library Ballots {
    /// @notice The most contributions a task takes: few enough that settling them fits any block,
    /// enough for fresh workers to agree at any trust up to 2^32.
    uint256 internal constant MAX = 32;
    uint256 internal constant MAX_WEIGHT = 0xffffff;
    /// @notice What everyone's weight is in the beginning.
    uint256 internal constant FRESH = 2;
    uint256 internal constant MAX_GROUP = type(uint128).max;

    function cast(uint256 number_, uint256 weight_, uint256 opinion_) internal pure returns (Ballot) {
        return Ballot.wrap(
            uint64((number_ << 32) | (weight_ << 8) | (opinion_ << 2) | uint256(ContributionStatus.CONTRIBUTED))
        );
    }

    /// @notice All ballots of a task, in the order they were cast.
    function load(uint256[8] storage words) internal view returns (Ballot[] memory ballots) {
        ballots = new Ballot[](MAX);
        uint256 count = 0;
        for (uint256 w = 0; w < 8; ++w) {
            // The ballots of a word fill it from its low end, so zero is behind the last of them.
            for (uint256 word = words[w]; word != 0; word >>= 64) {
                ballots[count++] = Ballot.wrap(uint64(word));
            }
            if (count != 4 * (w + 1)) break;
        }
        assembly ("memory-safe") {
            // Shortens the array to what was found.
            mstore(ballots, count)
        }
    }

    /// @notice Writes the ballot at `position`, in storage only.
    function put(uint256[8] storage words, uint256 position, Ballot ballot) internal {
        uint256 shift = 64 * (position % 4);
        uint256 others = words[position / 4] & ~(uint256(type(uint64).max) << shift);
        words[position / 4] = others | (uint256(Ballot.unwrap(ballot)) << shift);
    }

    /// @notice Where the worker's ballot is; `ballots.length` if he has none.
    function find(Ballot[] memory ballots, uint256 number_) internal pure returns (uint256 position) {
        while (position < ballots.length && ballots[position].number() != number_) ++position;
    }

    /// @notice How many distinct results were named.
    function opinions(Ballot[] memory ballots) internal pure returns (uint256 count) {
        for (uint256 i = 0; i < ballots.length; ++i) {
            // Opinions are numbered in the order in which they appear.
            if (ballots[i].opinion() == count) ++count;
        }
    }

    /// @notice How many ballots stand behind an opinion.
    function standingFor(Ballot[] memory ballots, uint256 opinion_) internal pure returns (uint256 count) {
        for (uint256 i = 0; i < ballots.length; ++i) {
            if (ballots[i].standing(opinion_)) ++count;
        }
    }

    /// @notice How many workers have revealed.
    function proved(Ballot[] memory ballots) internal pure returns (uint256 count) {
        for (uint256 i = 0; i < ballots.length; ++i) {
            if (ballots[i].status() == ContributionStatus.PROVED) ++count;
        }
    }

    /// @notice Does the opinion carry enough of the weight for `trust`?
    ///
    /// A group weighs the product of its ballots, the total is one more than the sum of the groups, and the error
    /// that remains is at most 1/trust when group * trust > total * (trust - 1). See docs/contracts.md, "Consensus".
    /// @param trust 1 to 2^64 - 1; 1 lets the first result win.
    function decided(Ballot[] memory ballots, uint256 opinion_, uint256 trust) internal pure returns (bool) {
        uint256[] memory groups = new uint256[](opinions(ballots));
        for (uint256 i = 0; i < ballots.length; ++i) {
            uint256 o = ballots[i].opinion();
            if (!ballots[i].standing(o)) continue;
            uint256 group = groups[o] == 0 ? ballots[i].power() : groups[o] * ballots[i].power();
            groups[o] = group > MAX_GROUP ? MAX_GROUP : group;
        }
        uint256 total = 1;
        for (uint256 o = 0; o < groups.length; ++o) {
            total += groups[o];
        }
        return groups[opinion_] * trust > total * (trust - 1);
    }
}
