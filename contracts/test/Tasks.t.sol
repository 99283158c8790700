// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Ballots, ContributionStatus} from "../src/Ballots.sol";
import {Escrow} from "../src/Escrow.sol";
import {MarketTest} from "./support/MarketTest.sol";
import {Settlement} from "../src/Settlement.sol";
import {Signatures} from "../src/Signatures.sol";
import {TaskStatus} from "../src/State.sol";
import {Tasks} from "../src/Tasks.sol";
import {TaskView} from "../src/Views.sol";

contract Consumer {
    bytes32 public id;
    bytes public result;

    function receiveResult(bytes32 id_, bytes calldata result_) external {
        (id, result) = (id_, result_);
    }
}

/// @notice The life of a task: who may do what when, and what everyone has at its end.
contract TasksTest is MarketTest {
    uint256 private constant PRICE = 100 * RLC_1;

    /* INITIALIZE */

    function testFuzz_initializesTheTasksOfADeal(uint8 size, uint8 index) external {
        size = uint8(bound(size, 1, 255));
        bytes32 dealid = matched(times(orders(), size));
        if (index >= size) vm.expectRevert(abi.encodeWithSelector(Tasks.IndexOutOfDeal.selector, index, 0, size));
        bytes32 taskid = hub.initialize(dealid, index);
        if (index >= size) return;

        vm.assertEq(taskid, keccak256(abi.encodePacked(dealid, uint256(index))));
        TaskView memory v = desk.viewTask(taskid);
        vm.assertTrue(v.status == TaskStatus.ACTIVE);
        vm.assertEq(v.dealid, dealid);
        vm.assertEq(v.idx, index);
        vm.assertEq(v.timeref, 300);
        vm.assertEq(v.contributionDeadline, START + 2100);
        vm.assertEq(v.finalDeadline, START + 3000);
        vm.assertEq(v.revealDeadline, 0);
        vm.assertEq(v.contributors.length, 0);

        vm.expectRevert(abi.encodeWithSelector(Tasks.WrongStatus.selector, taskid, TaskStatus.ACTIVE));
        hub.initialize(dealid, index);
    }

    function testFuzz_knowsNoOtherDeals(bytes32 dealid) external {
        vm.expectRevert(abi.encodeWithSelector(Tasks.UnknownDeal.selector, dealid));
        hub.initialize(dealid, 0);
    }

    /* CONTRIBUTE */

    function test_aContributionIsHiddenAndStaked() external {
        bytes32 taskid = task(priced(1000, 0, 0, PRICE));
        contribute(0, taskid, RIGHT);
        vm.assertEq(locked(worker(0)), PRICE * 30 / 100);
        vm.assertEq(desk.viewContribution(taskid, worker(0)).resultHash, hashOf(taskid, RIGHT));
        vm.assertEq(desk.viewContribution(taskid, worker(0)).resultSeal, sealOf(worker(0), taskid, RIGHT));
        vm.assertTrue(desk.viewContribution(taskid, worker(0)).status == ContributionStatus.CONTRIBUTED);
        vm.assertEq(desk.viewTask(taskid).contributors[0], worker(0));
        vm.assertEq(desk.viewTask(taskid).resultDigest, 0);
    }

    /// An authorization is for one worker, one task, one enclave, by the scheduler of the task's deal.
    function testFuzz_authorizationsAreNotPassedOn(uint256 wrong, uint256 other) external {
        bytes32 taskid = task(priced(1000, 0, 0, PRICE));
        address who = worker(0);
        wrong = bound(wrong, 0, 3);
        bytes32 message = keccak256(
            abi.encodePacked(
                wrong == 0 ? worker(bound(other, 1, 1000)) : who,
                wrong == 1 ? keccak256(abi.encode(other)) : taskid,
                wrong == 2 ? address(uint160(bound(other, 1, type(uint160).max))) : address(0)
            )
        );
        uint256 key = wrong == 3 ? bound(other, WORKER_KEY, 1e70) : SCHEDULER_KEY;
        bytes memory permission = signText(key, message);
        vm.prank(who);
        vm.expectPartialRevert(Signatures.BadSignature.selector);
        hub.contribute(taskid, RIGHT, RIGHT, address(0), "", permission);
        vm.assertEq(locked(who), 0);
    }

    function testFuzz_nobodyVotesTwice(bytes32 first, bytes32 second) external {
        bytes32 taskid = task(priced(1000, 0, 0, PRICE));
        contribute(0, taskid, first);
        vm.expectRevert(abi.encodeWithSelector(Tasks.AlreadyContributed.selector, taskid, worker(0)));
        contribute(0, taskid, second);
        vm.assertEq(locked(worker(0)), PRICE * 30 / 100);
    }

    function test_aStakeMustBeThere() external {
        bytes32 taskid = task(priced(1000, 0, 0, PRICE));
        vm.expectRevert(abi.encodeWithSelector(Escrow.InsufficientFree.selector, worker(9), 0, PRICE * 30 / 100));
        contribute(9, taskid, RIGHT);
    }

    function testFuzz_contributionsEndAtTheirDeadline(uint256 time) external {
        bytes32 taskid = task(priced(1000, 0, 0, PRICE));
        time = around(CONTRIBUTION_DEADLINE, time);
        vm.warp(time);
        bytes memory late = abi.encodeWithSelector(Tasks.TooLate.selector, taskid, CONTRIBUTION_DEADLINE);
        if (time >= CONTRIBUTION_DEADLINE) vm.expectRevert(late);
        contribute(0, taskid, RIGHT);
    }

    function testFuzz_soDoesTheShortWay(uint256 time) external {
        bytes32 taskid = task(priced(1, 0, 0, PRICE));
        bytes memory permission = authorization(worker(0), taskid);
        time = around(CONTRIBUTION_DEADLINE, time);
        vm.warp(time);
        bytes memory late = abi.encodeWithSelector(Tasks.TooLate.selector, taskid, CONTRIBUTION_DEADLINE);
        vm.prank(worker(0));
        if (time >= CONTRIBUTION_DEADLINE) vm.expectRevert(late);
        hub.contributeAndFinalize(taskid, RIGHT, "", "", address(0), "", permission);
    }

    /// Fails on PoCo, where a scheduler can let in so many that no block holds the task's end.
    function test_aTaskTakesSoManyContributionsAndNoMore() external {
        bytes32 taskid = task(priced(1_000_000, 0, 0, 0));
        for (uint256 i = 0; i < Ballots.MAX; ++i) {
            contribute(i, taskid, keccak256(abi.encode(i)));
        }
        vm.assertEq(desk.viewTask(taskid).contributors.length, Ballots.MAX);
        vm.expectRevert(abi.encodeWithSelector(Tasks.TooManyContributors.selector, taskid, Ballots.MAX));
        contribute(Ballots.MAX, taskid, RIGHT);
        // And it still ends.
        vm.warp(START + 3000);
        hub.claim(taskid);
    }

    function test_anEnclaveHasToSign() external {
        Orders4 memory o = priced(1, 0, 0, PRICE);
        o.a.tag = o.w.tag = bytes32(uint256(9));
        bytes32 taskid = task(o);
        vm.expectRevert(abi.encodeWithSelector(Tasks.EnclaveRequired.selector, taskid));
        contribute(0, taskid, RIGHT);

        address who = worker(0);
        address enclave = vm.addr(0xe);
        bytes32 hash = hashOf(taskid, RIGHT);
        bytes32 seal = sealOf(who, taskid, RIGHT);
        bytes memory permission = signText(SCHEDULER_KEY, keccak256(abi.encodePacked(who, taskid, enclave)));
        bytes memory attestation = signText(0xe, keccak256(abi.encodePacked(hash, seal)));
        vm.prank(who);
        vm.expectPartialRevert(Signatures.BadSignature.selector);
        hub.contribute(taskid, hash, seal, enclave, permission, permission);
        vm.prank(who);
        hub.contribute(taskid, hash, seal, enclave, attestation, permission);
        vm.assertEq(desk.viewContribution(taskid, who).enclaveChallenge, enclave);
    }

    function testFuzz_theBrokerAuthorizesEnclavesInDealsThatCameAfterHim(uint32 later) external {
        desk.setTeeBroker(vm.addr(0xb));
        vm.warp(block.timestamp + bound(later, 1, 365 days));
        _enclaveNeeds(SCHEDULER_KEY, 0xb);
    }

    /// Whoever owns the market could else put himself between a scheduler and the tasks that he has staked on.
    function testFuzz_aNewBrokerHasNoSayInOlderDeals(uint32 later) external {
        Orders4 memory o = priced(1, 0, 0, 0);
        o.a.tag = o.w.tag = bytes32(uint256(9));
        bytes32 taskid = task(o);
        vm.warp(block.timestamp + bound(later, 0, 2000));
        desk.setTeeBroker(vm.addr(0xb));
        _enclaveNeeds(taskid, 0xb, SCHEDULER_KEY);
    }

    function _enclaveNeeds(uint256 wrongKey, uint256 rightKey) private {
        Orders4 memory o = priced(1, 0, 0, 0);
        o.a.tag = o.w.tag = bytes32(uint256(9));
        _enclaveNeeds(task(o), wrongKey, rightKey);
    }

    function _enclaveNeeds(bytes32 taskid, uint256 wrongKey, uint256 rightKey) private {
        address who = worker(0);
        address enclave = vm.addr(0xe);
        bytes32 hash = hashOf(taskid, RIGHT);
        bytes32 seal = sealOf(who, taskid, RIGHT);
        bytes memory attestation = signText(0xe, keccak256(abi.encodePacked(hash, seal)));
        bytes32 message = keccak256(abi.encodePacked(who, taskid, enclave));
        vm.startPrank(who);
        vm.expectPartialRevert(Signatures.BadSignature.selector);
        hub.contribute(taskid, hash, seal, enclave, attestation, signText(wrongKey, message));
        hub.contribute(taskid, hash, seal, enclave, attestation, signText(rightKey, message));
        vm.stopPrank();
    }

    /* REVEAL */

    function test_onlyWinnersRevealAndOnlyWhatTheyCommittedTo() external {
        bytes32 taskid = _voted();
        vm.expectRevert(abi.encodeWithSelector(Tasks.NotAWinner.selector, taskid, worker(0)));
        reveal(0, taskid, WRONG);
        vm.expectRevert(abi.encodeWithSelector(Tasks.NotAWinner.selector, taskid, worker(20)));
        reveal(20, taskid, RIGHT);
        vm.expectRevert(
            abi.encodeWithSelector(
                Tasks.ResultHashMismatch.selector, taskid, hashOf(taskid, RIGHT), hashOf(taskid, WRONG)
            )
        );
        reveal(1, taskid, WRONG);
        reveal(1, taskid, RIGHT);
        TaskView memory v = desk.viewTask(taskid);
        vm.assertEq(v.resultDigest, RIGHT);
        vm.assertEq(v.consensusValue, hashOf(taskid, RIGHT));
        vm.assertEq(v.revealCounter, 1);
        vm.assertEq(v.winnerCounter, 4);
        // What was hash and seal can still be read.
        vm.assertEq(desk.viewContribution(taskid, worker(1)).resultHash, hashOf(taskid, RIGHT));
        vm.assertEq(desk.viewContribution(taskid, worker(1)).resultSeal, sealOf(worker(1), taskid, RIGHT));
        vm.assertEq(desk.viewContribution(taskid, worker(0)).resultHash, hashOf(taskid, WRONG));
        vm.expectRevert(abi.encodeWithSelector(Tasks.NotAWinner.selector, taskid, worker(1)));
        reveal(1, taskid, RIGHT);
        vm.expectRevert(
            abi.encodeWithSelector(
                Tasks.ResultHashMismatch.selector, taskid, hashOf(taskid, RIGHT), hashOf(taskid, WRONG)
            )
        );
        reveal(2, taskid, WRONG);
    }

    /// Whoever copies another's result hash does not know what is behind it, and has no seal for it.
    function test_aCopiedResultCannotBeRevealed() external {
        bytes32 taskid = task(priced(8, 0, 0, PRICE));
        contribute(0, taskid, RIGHT);
        bytes memory permission = authorization(worker(1), taskid);
        bytes32 seal = sealOf(worker(0), taskid, RIGHT);
        vm.prank(worker(1));
        hub.contribute(taskid, hashOf(taskid, RIGHT), seal, address(0), "", permission);
        contribute(2, taskid, RIGHT);
        reveal(0, taskid, RIGHT);
        vm.expectRevert(
            abi.encodeWithSelector(Tasks.SealMismatch.selector, taskid, seal, sealOf(worker(1), taskid, RIGHT))
        );
        reveal(1, taskid, RIGHT);
    }

    function testFuzz_revealsEndAtTheirDeadline(uint256 time) external {
        bytes32 taskid = _voted();
        uint256 deadline = START + REVEAL_TIME;
        time = around(deadline, time);
        vm.warp(time);
        if (time >= deadline) vm.expectRevert(abi.encodeWithSelector(Tasks.TooLate.selector, taskid, deadline));
        reveal(1, taskid, RIGHT);
    }

    /* FINALIZE */

    /// The scheduler finalizes before the final deadline, and not in its second.
    function testFuzz_finalizesBeforeTheDeadline(uint256 time) external {
        bytes32 taskid = _voted();
        revealAll(1, 4, taskid, RIGHT);
        time = around(FINAL_DEADLINE, time);
        vm.warp(time);
        bytes memory late = abi.encodeWithSelector(Tasks.TooLate.selector, taskid, FINAL_DEADLINE);
        if (time >= FINAL_DEADLINE) vm.expectRevert(late);
        finalize(taskid);
    }

    /// Shares follow the logarithms of the weights, whatever the prices, stakes and scores; what rounding leaves and
    /// his ratio are the scheduler's.
    function testFuzz_sharesFollowTheWeights(uint64 price, uint256 ratio, uint32[3] memory scores) external {
        price = uint64(bound(price, 0, 90 * RLC_1));
        ratio = bound(ratio, 0, 100);
        vm.prank(scheduler);
        pool.changePolicy(100, ratio);
        uint256[3] memory logs;
        for (uint256 i = 0; i < 3; ++i) {
            scores[i] = uint32(bound(scores[i], 0, 200));
            hub.setScore(worker(i), scores[i]);
            logs[i] = _log2((scores[i] < 9 ? 9 : uint256(scores[i])) / 3 - 1);
        }
        bytes32 taskid = task(priced(1_000_000, 0, 0, price));
        contribute(3, taskid, WRONG);
        contributeAll(0, 2, taskid, RIGHT);
        // Those who are new see to it that it comes to a decision.
        for (uint256 i = 6; status(taskid) == TaskStatus.ACTIVE; ++i) {
            fund(worker(i), price);
            contribute(i, taskid, RIGHT);
        }
        uint256 count = desk.viewTask(taskid).contributors.length - 4;
        for (uint256 i = 0; i < count + 3; ++i) {
            reveal(i < 3 ? i : i + 3, taskid, RIGHT);
        }
        finalize(taskid);
        uint256 pot = uint256(price) * 2;
        uint256 part = pot * (100 - ratio) / 100;
        // The logarithm of a new worker's weight is 1.
        uint256 sum = logs[0] + logs[1] + logs[2] + count;
        for (uint256 i = 0; i < 3; ++i) {
            uint256 share = part * logs[i] / sum;
            pot -= share;
            vm.assertEq(free(worker(i)), 1000 * RLC_1 + share);
        }
        vm.assertEq(free(scheduler), 1000 * RLC_1 + pot - count * (part / sum));
        vm.assertEq(free(worker(3)), 1000 * RLC_1 - price);
        checkNothingLocked();
    }

    function _log2(uint256 value) private pure returns (uint256 log) {
        for (; value > 1; value /= 2) {
            ++log;
        }
    }

    function test_paysWhoWasRightOutOfPriceAndStakesOfWhoWasWrong() external {
        bytes32 taskid = _voted();
        for (uint256 i = 1; i < 5; ++i) {
            reveal(i, taskid, RIGHT);
        }
        finalize(taskid);

        TaskView memory v = desk.viewTask(taskid);
        vm.assertTrue(v.status == TaskStatus.COMPLETED);
        vm.assertEq(v.results, "results");
        // 130 RLC, 99 % of it in four equal parts.
        for (uint256 i = 1; i < 5; ++i) {
            vm.assertEq(free(worker(i)), 1000 * RLC_1 + 32_175_000_000);
            vm.assertEq(desk.viewScore(worker(i)), 1);
        }
        vm.assertEq(free(scheduler), 1000 * RLC_1 + 1_300_000_000);
        vm.assertEq(free(worker(0)), 970 * RLC_1);
        vm.assertEq(free(appOwner), 5 * RLC_1);
        checkBooks();
        checkNothingLocked();
    }

    function test_waitsForWinnersToRevealButNotForEver() external {
        bytes32 taskid = _voted();
        vm.expectRevert(abi.encodeWithSelector(Tasks.RevealsMissing.selector, taskid, 0, 4, START + 600));
        finalize(taskid);
        reveal(1, taskid, RIGHT);
        vm.warp(START + 599);
        vm.expectRevert(abi.encodeWithSelector(Tasks.RevealsMissing.selector, taskid, 1, 4, START + 600));
        finalize(taskid);
        vm.warp(START + 600);
        finalize(taskid);
        // Who was silent pays like who was wrong.
        vm.assertEq(free(worker(2)), 970 * RLC_1);
        vm.assertEq(free(worker(1)), 1000 * RLC_1 + 217_800_000_000);
        checkBooks();
        checkNothingLocked();
    }

    function test_onlyTheSchedulerFinalizesReopensAndDeclines() external {
        bytes32 taskid = _voted();
        bytes memory reason = abi.encodeWithSelector(Tasks.NotScheduler.selector, address(this), scheduler);
        vm.expectRevert(reason);
        hub.finalize(taskid, "", "");
        vm.expectRevert(reason);
        hub.reopen(taskid);
        taskid = task(salted(priced(10, 0, 0, 0), 1));
        vm.expectRevert(reason);
        hub.decline(taskid);
    }

    function test_finalizesOnceAndBeforeTheDeadline() external {
        bytes32 taskid = _voted();
        for (uint256 i = 1; i < 5; ++i) {
            reveal(i, taskid, RIGHT);
        }
        vm.warp(START + 3000);
        vm.expectRevert(abi.encodeWithSelector(Tasks.TooLate.selector, taskid, START + 3000));
        finalize(taskid);
        vm.warp(START + 2999);
        finalize(taskid);
        vm.expectRevert(abi.encodeWithSelector(Tasks.WrongStatus.selector, taskid, TaskStatus.COMPLETED));
        finalize(taskid);
        vm.warp(START + 3000);
        vm.expectRevert(abi.encodeWithSelector(Tasks.WrongStatus.selector, taskid, TaskStatus.COMPLETED));
        hub.claim(taskid);
    }

    function test_aWorkerAloneEarnsNoScore() external {
        bytes32 taskid = task(priced(1, 0, 0, PRICE));
        contribute(0, taskid, RIGHT);
        reveal(0, taskid, RIGHT);
        finalize(taskid);
        vm.assertEq(desk.viewScore(worker(0)), 0);
        vm.assertEq(free(worker(0)), 1099 * RLC_1);
    }

    function testFuzz_theKittyPaysWhoFinishes(uint64 kitty) external {
        uint96 amount = uint96(bound(kitty, 1, 900 * RLC_1));
        hub.giveKitty(worker(5), amount);
        bytes32 taskid = task(priced(1, 0, 0, 0));
        contribute(0, taskid, RIGHT);
        reveal(0, taskid, RIGHT);
        finalize(taskid);
        uint256 part = amount / 10 > 1e9 ? amount / 10 : 1e9;
        if (part > amount) part = amount;
        vm.assertEq(free(scheduler), 1000 * RLC_1 + part);
        vm.assertEq(locked(KITTY), amount - part);
        checkBooks();
    }

    /* CALLBACK */

    function test_delivers() external {
        Consumer consumer = new Consumer();
        (bytes32 taskid, bytes memory answer) = _forCallback(address(consumer));
        vm.prank(scheduler);
        vm.expectRevert(
            abi.encodeWithSelector(Tasks.CallbackMismatch.selector, taskid, keccak256(answer), keccak256("other"))
        );
        hub.finalize(taskid, "", "other");
        vm.prank(scheduler);
        hub.finalize(taskid, "", answer);
        vm.assertEq(consumer.id(), taskid);
        vm.assertEq(consumer.result(), answer);
        vm.assertEq(desk.resultFor(taskid), answer);
    }

    function test_aCallbackThatIsNoContractHurtsNobody() external {
        (bytes32 taskid, bytes memory answer) = _forCallback(address(0xdead));
        vm.prank(scheduler);
        hub.finalize(taskid, "", answer);
    }

    function test_whoFinalizesCannotStarveTheCallback() external {
        Consumer consumer = new Consumer();
        (bytes32 taskid, bytes memory answer) = _forCallback(address(consumer));
        bytes memory message = abi.encodeCall(hub.finalize, (taskid, "", answer));
        for (uint256 gas_ = 60_000; gas_ < 500_000; gas_ += 10_000) {
            vm.prank(scheduler);
            (bool success,) = address(hub).call{gas: gas_}(message);
            if (!success) continue;
            vm.assertEq(consumer.id(), taskid);
            return;
        }
        vm.assertTrue(false);
    }

    function _forCallback(address callback) private returns (bytes32 taskid, bytes memory answer) {
        answer = abi.encode(uint256(42));
        Orders4 memory o = priced(1, 0, 0, PRICE);
        o.r.callback = callback;
        taskid = task(o);
        contribute(0, taskid, keccak256(answer));
        reveal(0, taskid, keccak256(answer));
    }

    /* CONTRIBUTE AND FINALIZE */

    function test_theShortWayEndsLikeTheLongOne() external {
        bytes32 taskid = task(priced(1, 0, 0, PRICE));
        bytes memory permission = authorization(worker(0), taskid);
        vm.prank(worker(0));
        hub.contributeAndFinalize(taskid, RIGHT, "results", "", address(0), "", permission);
        TaskView memory v = desk.viewTask(taskid);
        vm.assertTrue(v.status == TaskStatus.COMPLETED);
        vm.assertEq(v.resultDigest, RIGHT);
        vm.assertEq(v.consensusValue, hashOf(taskid, RIGHT));
        vm.assertEq(v.winnerCounter, 1);
        vm.assertEq(v.revealCounter, 1);
        vm.assertEq(v.contributors[0], worker(0));
        vm.assertTrue(desk.viewContribution(taskid, worker(0)).status == ContributionStatus.PROVED);
        vm.assertEq(desk.viewContribution(taskid, worker(0)).resultSeal, sealOf(worker(0), taskid, RIGHT));
        vm.assertEq(free(worker(0)), 1099 * RLC_1);
        vm.assertEq(free(scheduler), 1001 * RLC_1);
        vm.assertEq(desk.viewScore(worker(0)), 0);
        checkBooks();
        checkNothingLocked();
    }

    function test_theShortWayIsForTrustOneAndTheFirst() external {
        bytes32 taskid = task(priced(3, 0, 0, PRICE));
        bytes memory permission = authorization(worker(0), taskid);
        vm.prank(worker(0));
        vm.expectRevert(abi.encodeWithSelector(Tasks.TrustNotOne.selector, taskid, 3));
        hub.contributeAndFinalize(taskid, RIGHT, "", "", address(0), "", permission);
        contribute(1, taskid, WRONG);
        vm.prank(worker(0));
        vm.expectRevert(abi.encodeWithSelector(Tasks.HasContributors.selector, taskid, 1));
        hub.contributeAndFinalize(taskid, RIGHT, "", "", address(0), "", permission);
    }

    /* REOPEN */

    function test_reopensWhenNobodyRevealed() external {
        bytes32 taskid = _voted();
        vm.prank(scheduler);
        vm.expectRevert(abi.encodeWithSelector(Tasks.TooEarly.selector, taskid, START + 600));
        hub.reopen(taskid);
        vm.warp(START + 600);
        vm.prank(scheduler);
        hub.reopen(taskid);
        TaskView memory v = desk.viewTask(taskid);
        vm.assertTrue(v.status == TaskStatus.ACTIVE);
        vm.assertEq(v.consensusValue, 0);
        vm.assertEq(v.revealDeadline, 0);
        vm.assertEq(v.winnerCounter, 0);
        vm.assertTrue(desk.viewContribution(taskid, worker(1)).status == ContributionStatus.REJECTED);
        vm.assertTrue(desk.viewContribution(taskid, worker(0)).status == ContributionStatus.CONTRIBUTED);

        // The minority's vote still counts: it now wins with others.
        fund(worker(6), 1000 * RLC_1);
        contribute(5, taskid, WRONG);
        contribute(6, taskid, WRONG);
        v = desk.viewTask(taskid);
        vm.assertTrue(v.status == TaskStatus.REVEALING);
        vm.assertEq(v.winnerCounter, 3);
        reveal(0, taskid, WRONG);
        reveal(5, taskid, WRONG);
        reveal(6, taskid, WRONG);
        finalize(taskid);
        vm.assertEq(free(worker(1)), 970 * RLC_1);
        checkBooks();
        checkNothingLocked();
    }

    function testFuzz_reopensBetweenTheDeadlines(uint256 time) external {
        bytes32 taskid = _voted();
        (uint256 from, uint256 to) = (START + REVEAL_TIME, FINAL_DEADLINE);
        time = around(time % 2 == 0 ? from : to, time / 2);
        vm.warp(time);
        bytes memory early = abi.encodeWithSelector(Tasks.TooEarly.selector, taskid, from);
        bytes memory late = abi.encodeWithSelector(Tasks.TooLate.selector, taskid, to);
        vm.prank(scheduler);
        if (time < from) vm.expectRevert(early);
        if (time >= to) vm.expectRevert(late);
        hub.reopen(taskid);
    }

    function test_doesNotReopenWhatSomebodyRevealed() external {
        bytes32 taskid = _voted();
        reveal(1, taskid, RIGHT);
        vm.warp(START + 600);
        vm.prank(scheduler);
        vm.expectRevert(abi.encodeWithSelector(Tasks.AlreadyRevealed.selector, taskid, 1));
        hub.reopen(taskid);
    }

    /* CLAIM */

    function testFuzz_claimsAfterTheFinalDeadline(uint256 time) external {
        bytes32 taskid = task(priced(10, 5 * RLC_1, 0, PRICE));
        contribute(0, taskid, RIGHT);
        time = around(FINAL_DEADLINE, time);
        vm.warp(time);
        bytes memory early = abi.encodeWithSelector(Tasks.TooEarly.selector, taskid, FINAL_DEADLINE);
        if (time < FINAL_DEADLINE) vm.expectRevert(early);
        hub.claim(taskid);
        if (time < FINAL_DEADLINE) return;
        vm.assertTrue(desk.viewTask(taskid).status == TaskStatus.FAILED);
        vm.assertEq(free(requester), 1000 * RLC_1);
        vm.assertEq(free(worker(0)), 1000 * RLC_1);
        vm.assertEq(free(scheduler), 970 * RLC_1);
        vm.assertEq(locked(KITTY), 30 * RLC_1);
        checkBooks();
        checkNothingLocked();
    }

    /// Fails on PoCo, where a claim gives everyone his stake back, so that liars only have to wait.
    function test_claimingDoesNotSaveWhoWonAndKeptSilent() external {
        bytes32 taskid = _voted();
        hub.setScore(worker(2), 100);
        vm.warp(START + 3000);
        hub.claim(taskid);
        // Nobody knows who was right: who lost the vote is not to blame, who won it and would not show it is.
        vm.assertEq(free(worker(0)), 1000 * RLC_1);
        for (uint256 i = 1; i < 5; ++i) {
            vm.assertEq(free(worker(i)), 970 * RLC_1);
        }
        vm.assertEq(desk.viewScore(worker(2)), 66);
        vm.assertEq(locked(KITTY), 150 * RLC_1);
        checkBooks();
        checkNothingLocked();
    }

    /// Fails on PoCo, where a claim gives everyone his stake back, so that liars only have to wait.
    function test_claimingDoesNotSaveWhoWasOutvoted() external {
        bytes32 taskid = _voted();
        reveal(1, taskid, RIGHT);
        vm.warp(START + 3000);
        hub.claim(taskid);
        vm.assertEq(free(worker(0)), 970 * RLC_1);
        vm.assertEq(free(worker(1)), 1000 * RLC_1);
        vm.assertEq(free(worker(2)), 970 * RLC_1);
        vm.assertEq(free(requester), 1000 * RLC_1);
        checkBooks();
        checkNothingLocked();
    }

    /// Fails on PoCo, where a sponsor's money goes to the requester when a task is claimed.
    function testFuzz_claimsToTheSponsor(uint64 price) external {
        price = uint64(bound(price, 0, 1000 * RLC_1));
        Orders4 memory o = signed(priced(1, 0, 0, price));
        vm.prank(worker(5));
        bytes32 dealid = hub.sponsorMatchOrders(o.a, o.d, o.w, o.r);
        vm.warp(START + 3000);
        bytes32[] memory ids = new bytes32[](1);
        ids[0] = dealid;
        hub.initializeAndClaimArray(ids, new uint256[](1));
        vm.assertEq(free(worker(5)), 1000 * RLC_1);
        checkBooks();
        checkNothingLocked();
    }

    function test_arraysDoWhatTheirPartsDo() external {
        bytes32 dealid = matched(times(priced(1, 0, 0, RLC_1), 3));
        bytes32[] memory ids = new bytes32[](3);
        uint256[] memory indexes = new uint256[](3);
        for (uint256 i = 0; i < 3; ++i) {
            (ids[i], indexes[i]) = (dealid, i);
        }
        vm.expectRevert(abi.encodeWithSelector(Tasks.LengthMismatch.selector, 3, 2));
        hub.initializeArray(ids, new uint256[](2));
        hub.initializeArray(ids, indexes);
        for (uint256 i = 0; i < 3; ++i) {
            ids[i] = keccak256(abi.encodePacked(dealid, i));
        }
        vm.warp(START + 3000);
        hub.claimArray(ids);
        checkBooks();
        checkNothingLocked();
    }

    /* DECLINE */

    function test_aDeclinedTaskCostsNobodyAnything() external {
        bytes32 taskid = task(priced(10, 5 * RLC_1, 0, PRICE));
        vm.prank(scheduler);
        hub.decline(taskid);
        vm.assertTrue(desk.viewTask(taskid).status == TaskStatus.FAILED);
        vm.assertEq(free(requester), 1000 * RLC_1);
        vm.assertEq(free(scheduler), 1000 * RLC_1);
        vm.assertEq(locked(KITTY), 0);
        checkBooks();
        checkNothingLocked();
        vm.warp(START + 3000);
        vm.expectRevert(abi.encodeWithSelector(Tasks.WrongStatus.selector, taskid, TaskStatus.FAILED));
        hub.claim(taskid);
    }

    function test_aTaskThatSomebodyWorkedOnIsNotDeclined() external {
        bytes32 taskid = task(priced(10, 0, 0, PRICE));
        contribute(0, taskid, RIGHT);
        vm.prank(scheduler);
        vm.expectRevert(abi.encodeWithSelector(Tasks.HasContributors.selector, taskid, 1));
        hub.decline(taskid);
    }

    /// A scheduler who let the time pass answers for it with his stake.
    /// Fails on PoCo, where nobody can give a task back, and the requester's money is locked to the end.
    function testFuzz_itIsTooLateToDeclineAfterTheContributionDeadline(uint256 late) external {
        bytes32 taskid = task(priced(10, 0, 0, PRICE));
        vm.warp(START + 2099);
        uint256 snapshot = vm.snapshotState();
        vm.prank(scheduler);
        hub.decline(taskid);
        vm.revertToState(snapshot);
        vm.warp(late % 2 == 0 ? CONTRIBUTION_DEADLINE : START + bound(late, 2100, 1e6));
        vm.prank(scheduler);
        vm.expectRevert(abi.encodeWithSelector(Tasks.TooLate.selector, taskid, CONTRIBUTION_DEADLINE));
        hub.decline(taskid);
    }

    function test_onlyAnOpenTaskIsDeclined() external {
        vm.prank(scheduler);
        vm.expectRevert(abi.encodeWithSelector(Tasks.WrongStatus.selector, bytes32(uint256(1)), TaskStatus.UNSET));
        hub.decline(bytes32(uint256(1)));
    }

    /// Worker 0 says WRONG, workers 1 to 4 say RIGHT and win at trust 5.
    function _voted() private returns (bytes32 taskid) {
        taskid = task(priced(5, 5 * RLC_1, 0, PRICE));
        contribute(0, taskid, WRONG);
        for (uint256 i = 1; i < 5; ++i) {
            contribute(i, taskid, RIGHT);
        }
        vm.assertTrue(desk.viewTask(taskid).status == TaskStatus.REVEALING);
    }
}
