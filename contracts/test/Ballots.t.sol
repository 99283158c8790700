// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Ballot, Ballots, ContributionStatus} from "../src/Ballots.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {Test} from "./support/Test.sol";

/// @notice The count of votes, against the formula in plain words.
contract BallotsTest is Test {
    using Ballots for Ballot[];
    using Ballots for uint256[8];

    uint256[8] private words;

    function testFuzz_aBallotKeepsItsParts(uint32 number, uint24 weight, uint256 opinion, uint256 status)
        external
        pure
    {
        opinion = bound(opinion, 0, 31);
        ContributionStatus s = ContributionStatus(bound(status, 0, 3));
        Ballot b = Ballots.cast(number, weight, opinion).withStatus(s);
        vm.assertEq(b.number(), number);
        vm.assertEq(b.weight(), weight);
        vm.assertEq(b.opinion(), opinion);
        vm.assertTrue(b.status() == s);
        vm.assertFalse(b.audited());
        vm.assertEq(b.power(), weight);
        Ballot checked = b.underAudit();
        vm.assertTrue(checked.audited());
        vm.assertEq(checked.power(), 2);
        vm.assertEq(checked.number(), number);
        vm.assertEq(checked.weight(), weight);
        vm.assertEq(checked.opinion(), opinion);
        vm.assertTrue(checked.status() == s);
    }

    function testFuzz_storesThemInTheOrderTheyWereCast(uint32[] memory numbers) external {
        uint256 count = Math.min(numbers.length, Ballots.MAX);
        for (uint256 i = 0; i < count; ++i) {
            words.put(i, Ballots.cast(numbers[i], i + 2, i % 5));
        }
        Ballot[] memory all = words.load();
        vm.assertEq(all.length, count);
        for (uint256 i = 0; i < count; ++i) {
            vm.assertEq(all[i].number(), numbers[i]);
            vm.assertEq(all[i].weight(), i + 2);
            vm.assertEq(all[i].opinion(), i % 5);
        }
        vm.assertEq(all.opinions(), Math.min(count, 5));
    }

    /// Trust t stands for an error of at most 1/t: fresh workers (weight 2) have to be this many.
    function test_freshWorkersNeededAreThoseOfTheLiterature() external pure {
        vm.assertEq(_needed(1), 1);
        vm.assertEq(_needed(10), 4);
        vm.assertEq(_needed(100), 7);
        vm.assertEq(_needed(1000), 10);
    }

    function _needed(uint256 trust) private pure returns (uint256 count) {
        Ballot[] memory all = new Ballot[](0);
        do {
            all = _all(++count, 2, 0);
        } while (!all.decided(0, trust));
    }

    /// A worker is believed alone at trust 100 from score 303 on: weight 100.
    function test_oneWorkerIsEnoughWhereHisWeightIs() external pure {
        vm.assertFalse(_all(1, 99, 0).decided(0, 100));
        vm.assertTrue(_all(1, 100, 0).decided(0, 100));
    }

    /// Ballots: groups and totals are derived from the ballots.
    function testFuzz_decidesByTheFormula(uint24[6] memory weights, uint8[6] memory opinions, uint32 trust)
        external
        pure
    {
        vm.assume(trust > 0);
        Ballot[] memory all = new Ballot[](6);
        uint256[3] memory groups;
        uint256 next = 0;
        for (uint256 i = 0; i < 6; ++i) {
            uint256 weight = bound(weights[i], 2, Ballots.MAX_WEIGHT / 1000);
            // Opinions are numbered in the order in which they first appear.
            uint256 opinion = Math.min(bound(opinions[i], 0, 2), next);
            if (opinion == next) ++next;
            all[i] = Ballots.cast(i + 1, weight, opinion);
            groups[opinion] = Math.max(groups[opinion], 1) * weight;
        }
        uint256 total = 1 + groups[0] + groups[1] + groups[2];
        for (uint256 o = 0; o < next; ++o) {
            vm.assertEq(all.decided(o, trust), groups[o] * trust > total * (trust - 1));
        }
    }

    /// Ballots: a group's weight saturates, and no sum or product can overflow.
    /// Fails on PoCo, where a few great weights at a great trust overflow, and the task is stuck.
    function testFuzz_noWeightIsTooMuch(uint8 count, uint24 weight, uint64 trust, uint8 others) external pure {
        count = uint8(bound(count, 1, 32));
        weight = uint24(bound(weight, 2, Ballots.MAX_WEIGHT));
        others = others % count;
        Ballot[] memory all = new Ballot[](count);
        for (uint256 i = 0; i < count; ++i) {
            // The first ones are each of another opinion, the rest agree.
            all[i] = Ballots.cast(i + 1, weight, i < others ? i : others);
        }
        all.decided(others, trust == 0 ? 1 : trust);
        all.decided(others, type(uint64).max);
        // Where all agree, the group weighs the product of them, as far as 128 bits reach.
        all = _all(count, weight, 0);
        uint256 group = 1;
        for (uint256 i = 0; i < count && group < 1 << 128; ++i) {
            group *= weight;
        }
        vm.assertEq(all.decided(0, type(uint64).max), group > type(uint64).max - 1);
    }

    /// Three workers of weight 1300 at the greatest trust.
    function test_threeOfGreatWeightAreNotTooMuch() external pure {
        vm.assertFalse(_all(3, 1300, 0).decided(0, type(uint64).max));
        vm.assertTrue(_all(3, 1300, 0).decided(0, 1300 * 1300 * 1300));
        vm.assertTrue(_all(32, Ballots.MAX_WEIGHT, 0).decided(0, type(uint64).max));
    }

    function testFuzz_whoWasRejectedCountsNoMore(uint256 who) external pure {
        Ballot[] memory all = _all(7, 2, 0);
        vm.assertTrue(all.decided(0, 100));
        who = bound(who, 0, 6);
        all[who] = all[who].withStatus(ContributionStatus.REJECTED);
        vm.assertFalse(all.decided(0, 100));
        vm.assertEq(all.standingFor(0), 6);
    }

    function _all(uint256 count, uint256 weight, uint256 opinion) private pure returns (Ballot[] memory all) {
        all = new Ballot[](count);
        for (uint256 i = 0; i < count; ++i) {
            all[i] = Ballots.cast(i + 1, weight, opinion);
        }
    }
}
