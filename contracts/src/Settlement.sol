// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {Ballot, Ballots, ContributionStatus} from "./Ballots.sol";
import {Terms} from "./Deals.sol";
import {Escrow} from "./Escrow.sol";
import {IOracleConsumer} from "./interfaces/IOracleConsumer.sol";
import {Results} from "./Results.sol";
import {Account, Task, TaskStatus} from "./State.sol";

/// @title Settlement
/// @notice Who gets what when a task ends, and who is believed how much from then on.
///
/// INVARIANTS
/// - Each of these moves exactly what the match and the contributions locked for this task, and all of it.
/// - What workers and scheduler get is the pool's price plus the stakes of those who were wrong or silent.
/// - A score rises by at most one a task, and only for a result that others confirmed or could have refuted.
/// - The callback comes last, gets the gas it was promised and no more, and cannot stop a task from ending.
abstract contract Settlement is Escrow, Results {
    using Ballots for Ballot[];

    /// What runs around the callback: a cold call, the events before it are already paid.
    uint256 private constant CALLBACK_OVERHEAD = 10_000;

    error CallbackNeedsGas(uint256 left, uint256 needed);

    event AccurateContribution(address indexed worker, bytes32 indexed taskid);
    event FaultyContribution(address indexed worker, bytes32 indexed taskid);

    /// A task succeeded: its price leaves the sponsor, the owners get theirs, the scheduler his stake and his part
    /// of the kitty. The pool's price is left for whoever worked.
    function _payOwners(bytes32 taskid, Terms memory terms) internal {
        _seize(terms.sponsor, _price(terms), taskid);
        _reward(terms.appOwner, terms.appPrice, taskid);
        _reward(terms.datasetOwner, terms.datasetPrice, taskid);
        _unlock(terms.workerpoolOwner, _poolStake(terms));
        uint256 kitty = _accounts[KITTY].locked;
        if (kitty > 0) {
            uint256 part = Math.min(Math.max(kitty * KITTY_RATIO / 100, KITTY_MIN), kitty);
            _seize(KITTY, part, taskid);
            _reward(terms.workerpoolOwner, part, taskid);
        }
    }

    /// Shares the pool's price, and the stakes of those who did not prove the result, among those who did, by the
    /// logarithm of their weights; the scheduler gets his ratio and what rounding leaves.
    function _payWorkers(bytes32 taskid, Terms memory terms, Ballot[] memory ballots, Task storage task) internal {
        uint256 logWeights = 0;
        uint256 pot = terms.workerpoolPrice;
        for (uint256 i = 0; i < ballots.length; ++i) {
            if (ballots[i].status() == ContributionStatus.PROVED) logWeights += Math.log2(ballots[i].weight());
            else pot += terms.workerStake;
        }
        uint256 leader = task.leader;
        uint256 workersPart = pot * (100 - terms.schedulerRewardRatio) / 100;
        for (uint256 i = 0; i < ballots.length; ++i) {
            address worker = _workers[ballots[i].number()];
            if (ballots[i].status() == ContributionStatus.PROVED) {
                uint256 share = workersPart * Math.log2(ballots[i].weight()) / logWeights;
                pot -= share;
                _unlock(worker, terms.workerStake);
                _reward(worker, share, taskid);
                // Alone, a worker proves nothing about himself.
                if (ballots.length > 1) _praise(worker, taskid);
            } else {
                _seize(worker, terms.workerStake, taskid);
                _blame(worker, taskid, task, ballots[i].opinion() != leader);
            }
        }
        _reward(terms.workerpoolOwner, pot, taskid);
    }

    /// Shares the pool's price between the scheduler and a worker who was the only one asked. No stake, no score.
    function _payAlone(bytes32 taskid, Terms memory terms, address worker) internal {
        uint256 share = terms.workerpoolPrice * (100 - terms.schedulerRewardRatio) / 100;
        _reward(worker, share, taskid);
        _reward(terms.workerpoolOwner, terms.workerpoolPrice - share, taskid);
    }

    /// A task failed: the sponsor is refunded, the pool's stake goes to the kitty. Who voted in good faith gets his
    /// stake back; who is known to have failed the task, loses it: who won and did not reveal, and who was outvoted
    /// by a result that was revealed.
    /// @param from The status the task failed in.
    function _fail(bytes32 taskid, Task storage task, Terms memory terms, TaskStatus from) internal {
        _unlock(terms.sponsor, _price(terms));
        uint256 forfeited = _poolStake(terms);
        _seize(terms.workerpoolOwner, forfeited, taskid);
        Ballot[] memory ballots = Ballots.load(task.ballots);
        uint256 leader = task.leader;
        bool revealed = ballots.proved() > 0;
        for (uint256 i = 0; i < ballots.length; ++i) {
            address worker = _workers[ballots[i].number()];
            if (_failed(ballots[i], from, leader, revealed)) {
                _seize(worker, terms.workerStake, taskid);
                forfeited += terms.workerStake;
                _blame(worker, taskid, task, revealed && ballots[i].opinion() != leader);
            } else {
                _unlock(worker, terms.workerStake);
            }
        }
        _toKitty(forfeited, taskid);
    }

    function _failed(Ballot ballot, TaskStatus from, uint256 leader, bool revealed) private pure returns (bool) {
        if (ballot.status() == ContributionStatus.PROVED) return false;
        if (ballot.status() == ContributionStatus.REJECTED) return true;
        // Contributed, and no more. A consensus is reached early enough that its reveal window is over by now.
        return from == TaskStatus.REVEALING && (revealed || ballot.opinion() == leader);
    }

    /// A task was given back before anyone worked on it.
    function _undo(Terms memory terms) internal {
        _unlock(terms.sponsor, _price(terms));
        _unlock(terms.workerpoolOwner, _poolStake(terms));
    }

    /// Gives the result to the deal's callback, if it has one. Whatever that does is its own affair.
    function _deliver(bytes32 taskid, address callback, bytes calldata resultsCallback) internal {
        if (callback == address(0)) return;
        bytes memory message = abi.encodeCall(IOracleConsumer.receiveResult, (taskid, resultsCallback));
        uint256 promised = _callbackGas;
        // A call hands on at most 63/64 of what is left: whoever finalizes can't starve the callback.
        uint256 needed = promised + promised / 63 + CALLBACK_OVERHEAD;
        require(gasleft() > needed, CallbackNeedsGas(gasleft(), needed));
        assembly ("memory-safe") {
            // Copies no answer, so that none can be too long.
            pop(call(promised, callback, 0, add(message, 32), mload(message), 0, 0))
        }
    }

    function _praise(address worker, bytes32 taskid) private {
        Account storage account = _accounts[worker];
        if (account.score < type(uint32).max) ++account.score;
        emit AccurateContribution(worker, taskid);
    }

    /// A third of the score is lost, rounded up; all of it by who is outvoted in a task that was audited.
    function _blame(address worker, bytes32 taskid, Task storage task, bool outvoted) private {
        Account storage account = _accounts[worker];
        account.score = outvoted && task.audit.audited ? 0 : uint32(uint256(account.score) * 2 / 3);
        emit FaultyContribution(worker, taskid);
    }

    function _price(Terms memory terms) private pure returns (uint256) {
        return terms.appPrice + terms.datasetPrice + terms.workerpoolPrice;
    }

    function _poolStake(Terms memory terms) private pure returns (uint256) {
        return terms.workerpoolPrice * WORKERPOOL_STAKE_RATIO / 100;
    }
}
