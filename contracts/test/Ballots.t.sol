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

    /// 32 votes of the greatest weight at the greatest trust: PoCo's product of them overflows.
    function test_noWeightIsTooMuch() external pure {
        vm.assertTrue(_all(32, Ballots.MAX_WEIGHT, 0).decided(0, type(uint64).max));
    }

    function test_whoWasRejectedCountsNoMore() external pure {
        Ballot[] memory all = _all(7, 2, 0);
        vm.assertTrue(all.decided(0, 100));
        all[3] = all[3].withStatus(ContributionStatus.REJECTED);
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
