// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Audits} from "../src/Audits.sol";
import {ContributionStatus} from "../src/Ballots.sol";
import {Log} from "./support/Test.sol";
import {MarketTest} from "./support/MarketTest.sol";
import {TaskStatus} from "../src/State.sol";
import {Tasks} from "../src/Tasks.sol";
import {VotingView} from "../src/Views.sol";

/// @notice A worker who is believed alone is sometimes checked, and does not know when.
/// forge-config: default.fuzz.runs = 48
/// forge-config: slow.fuzz.runs = 1000
contract AuditsTest is MarketTest {
    uint256 private constant PRICE = 100 * RLC_1;

    function auditRatio() internal pure override returns (uint256) {
        return 10;
    }

    /// A block hash for which the draw of this task says `audited`.
    function _chance(bytes32 taskid, bool audited) private pure returns (bytes32 hash) {
        for (uint256 i = 1;; ++i) {
            hash = bytes32(i);
            if ((uint256(keccak256(abi.encodePacked(hash, taskid))) % 100 < 10) == audited) return hash;
        }
    }

    function _next(bytes32 taskid, bool audited) private {
        vm.roll(block.number + 1);
        vm.setBlockhash(block.number - 1, _chance(taskid, audited));
    }

    /// Worker 0, whom the market believes alone, gives a result.
    function _alone(bytes32 digest) private returns (bytes32 taskid) {
        hub.setScore(worker(0), 330);
        taskid = task(priced(100, 0, 0, PRICE));
        contribute(0, taskid, digest);
        vm.assertTrue(desk.viewTask(taskid).status == TaskStatus.REVEALING);
    }

    /// Fails on PoCo, where a sleeper's lie is final.
    function test_aSleeperWhoIsAuditedLosesStakeAndScore() external {
        bytes32 taskid = _alone(WRONG);
        _next(taskid, true);
        vm.recordLogs();
        hub.audit(taskid);
        Log[] memory logs = vm.getRecordedLogs();
        vm.assertEq(logs[0].topics[0], Tasks.TaskReopen.selector);
        vm.assertEq(logs[1].topics[0], Audits.TaskAudit.selector);

        vm.assertTrue(desk.viewTask(taskid).status == TaskStatus.ACTIVE);
        vm.assertTrue(desk.viewContribution(taskid, worker(0)).status == ContributionStatus.CONTRIBUTED);
        VotingView memory voting = desk.viewVoting(taskid);
        vm.assertEq(voting.weights[0], 109);
        vm.assertTrue(voting.audited[0]);
        vm.assertEq(voting.drawBlock, 0);
        vm.assertEq(desk.viewTask(taskid).resultDigest, 0);
        for (uint256 i = 1; i <= 9; ++i) {
            if (i > 5) fund(worker(i), 100 * RLC_1);
            contribute(i, taskid, RIGHT);
        }
        vm.assertTrue(desk.viewTask(taskid).status == TaskStatus.REVEALING);
        for (uint256 i = 1; i <= 9; ++i) {
            reveal(i, taskid, RIGHT);
        }
        finalize(taskid);
        vm.assertEq(desk.viewScore(worker(0)), 0);
        vm.assertEq(free(worker(0)), 970 * RLC_1);
        vm.assertEq(desk.viewScore(worker(1)), 1);
        checkBooks();
        checkNothingLocked();
    }

    function test_anHonestWorkerWhoIsAuditedIsConfirmedAndPaid() external {
        bytes32 taskid = _alone(RIGHT);
        _next(taskid, true);
        hub.audit(taskid);
        hub.setScore(worker(1), 330);
        contribute(1, taskid, RIGHT);
        vm.assertTrue(desk.viewTask(taskid).status == TaskStatus.REVEALING);
        reveal(0, taskid, RIGHT);
        reveal(1, taskid, RIGHT);
        finalize(taskid);
        vm.assertEq(desk.viewScore(worker(0)), 331);
        // Who is audited and right loses nothing by it: both weigh 109.
        vm.assertEq(free(worker(0)), 1000 * RLC_1 + 99 * RLC_1 / uint256(2));
        checkBooks();
        checkNothingLocked();
    }

    function test_whoIsNotDrawnRevealsAndIsPaid() external {
        bytes32 taskid = _alone(RIGHT);
        _next(taskid, false);
        vm.expectRevert(abi.encodeWithSelector(Audits.NothingToAudit.selector, taskid));
        hub.audit(taskid);
        reveal(0, taskid, RIGHT);
        // Nor is he after 256 blocks, now that everyone knows his result.
        vm.roll(block.number + 300);
        vm.expectRevert(abi.encodeWithSelector(Audits.NothingToAudit.selector, taskid));
        hub.audit(taskid);
        finalize(taskid);
        vm.assertEq(free(worker(0)), 1099 * RLC_1);
        checkNothingLocked();
    }

    /// Audits: nothing is revealed that is to be checked, nor before it is known whether it is.
    function test_nothingIsRevealedBeforeTheDraw() external {
        bytes32 taskid = _alone(RIGHT);
        VotingView memory voting = desk.viewVoting(taskid);
        vm.assertEq(voting.weights[0], 109);
        vm.assertEq(voting.drawBlock, block.number);
        vm.assertFalse(voting.audited[0]);
        vm.expectRevert(abi.encodeWithSelector(Audits.DrawTooEarly.selector, taskid, block.number));
        reveal(0, taskid, RIGHT);
        vm.expectRevert(abi.encodeWithSelector(Audits.DrawTooEarly.selector, taskid, block.number));
        hub.audit(taskid);
        _next(taskid, true);
        vm.expectRevert(abi.encodeWithSelector(Audits.AuditDue.selector, taskid));
        reveal(0, taskid, RIGHT);
    }

    /// Audits: the draw of a task is one number: waiting does not change it, and when its block is forgotten, it is drawn.
    function testFuzz_theDrawIsOneNumberUntilItLapses(uint256 blocks, bool drawn, address who) external {
        bytes32 taskid = _alone(RIGHT);
        uint256 drawBlock = vm.getBlockNumber();
        vm.setBlockhash(drawBlock, _chance(taskid, drawn));
        blocks = bound(blocks, 1, 100_000);
        vm.roll(drawBlock + blocks);
        if (blocks <= 256) vm.setBlockhash(drawBlock, _chance(taskid, drawn));
        _checkDraw(taskid, drawn || blocks > 256, who);
    }

    function _checkDraw(bytes32 taskid, bool drawn, address who) private {
        vm.prank(worker(0));
        if (drawn) vm.expectRevert(abi.encodeWithSelector(Audits.AuditDue.selector, taskid));
        hub.reveal(taskid, RIGHT);
        vm.prank(who);
        if (!drawn) vm.expectRevert(abi.encodeWithSelector(Audits.NothingToAudit.selector, taskid));
        hub.audit(taskid);
        checkStatus(taskid, drawn ? TaskStatus.ACTIVE : TaskStatus.REVEALING);
    }

    /// The block's hash is known for 256 blocks: the last in which who is spared is spared, and the first in which not.
    function testFuzz_atTheLimitOfTheHashes(uint256 blocks, address who) external {
        blocks = bound(blocks, 255, 257);
        bytes32 taskid = _alone(RIGHT);
        uint256 drawBlock = vm.getBlockNumber();
        vm.roll(drawBlock + blocks);
        if (blocks <= 256) vm.setBlockhash(drawBlock, _chance(taskid, false));
        _checkDraw(taskid, blocks == 257, who);
    }

    /// A transaction that failed leaves the draw as it was.
    function testFuzz_failingDoesNotHelp(uint256 gas_, bool drawn) external {
        bytes32 taskid = _alone(RIGHT);
        _next(taskid, drawn);
        vm.prank(worker(0));
        (bool success,) = address(hub).call{gas: bound(gas_, 100, 5000)}(abi.encodeCall(hub.reveal, (taskid, RIGHT)));
        vm.assertFalse(success);
        (success,) = address(hub).call{gas: bound(gas_, 100, 5000)}(abi.encodeCall(hub.audit, (taskid)));
        vm.assertFalse(success);
        _checkDraw(taskid, drawn, address(this));
    }

    function testFuzz_anyoneMayAudit(address who) external {
        bytes32 taskid = _alone(WRONG);
        _next(taskid, true);
        vm.prank(who);
        hub.audit(taskid);
        checkStatus(taskid, TaskStatus.ACTIVE);
    }

    /// Until the last second in which the winner could have revealed, and not later.
    function testFuzz_auditsEndWithTheTimeToReveal(uint256 time) external {
        bytes32 taskid = _alone(WRONG);
        time = bound(time, START + REVEAL_TIME - 1, START + REVEAL_TIME);
        _next(taskid, true);
        vm.warp(time);
        if (time == START + REVEAL_TIME) {
            vm.expectRevert(abi.encodeWithSelector(Tasks.TooLate.selector, taskid, START + REVEAL_TIME));
        }
        hub.audit(taskid);
    }

    /* SILENCE */

    /// Worker 0 is alone, keeps silent when he could have been audited, and is reopened.
    function _silent(bytes32 digest, uint32 score) private returns (bytes32 taskid) {
        hub.setScore(worker(0), score);
        taskid = task(priced(100, 0, 0, PRICE));
        contribute(0, taskid, digest);
        vm.assertEq(desk.viewVoting(taskid).drawBlock, vm.getBlockNumber());
        vm.roll(vm.getBlockNumber() + 1);
        vm.warp(START + REVEAL_TIME);
        reopen(taskid);
        vm.assertEq(desk.viewVoting(taskid).drawBlock, 0);
    }

    /// Seven others agree, which is enough at trust 100.
    function _othersFinish(bytes32 taskid, bytes32 digest) private {
        fund(worker(6), 1000 * RLC_1);
        fund(worker(7), 1000 * RLC_1);
        contributeAll(1, 7, taskid, digest);
        checkStatus(taskid, TaskStatus.REVEALING);
        revealAll(1, 7, taskid, digest);
        finalize(taskid);
        checkBooks();
        checkNothingLocked();
    }

    /// Fails on PoCo, where a lone liar who fears the audit keeps silent and loses a third of his score.
    function testFuzz_aLoneLiarHidesNothingBySilence(uint32 score) external {
        score = uint32(bound(score, 303, 1_000_000));
        bytes32 taskid = _silent(WRONG, score);
        _othersFinish(taskid, RIGHT);
        vm.assertEq(desk.viewScore(worker(0)), 0);
        vm.assertEq(free(worker(0)), 970 * RLC_1);
    }

    function testFuzz_anHonestOneWhoWasSilentLosesAThirdOnly(uint32 score) external {
        score = uint32(bound(score, 303, 1_000_000));
        bytes32 taskid = _silent(RIGHT, score);
        _othersFinish(taskid, RIGHT);
        // A third of it, rounded up.
        vm.assertEq(desk.viewScore(worker(0)), score - (uint256(score) + 2) / 3);
        vm.assertEq(free(worker(0)), 970 * RLC_1);
    }

    /* WHAT HE IS PAID */

    /// Who is audited and right is paid by his whole weight, though it did not count in the vote.
    function testFuzz_anAuditedHonestWorkerIsPaidByHisWholeWeight(uint32 first, uint32 second) external {
        first = uint32(bound(first, 303, 1e8));
        second = uint32(bound(second, 303, 1e8));
        hub.setScore(worker(0), first);
        hub.setScore(worker(1), second);
        bytes32 taskid = task(priced(100, 0, 0, PRICE));
        contribute(0, taskid, RIGHT);
        _next(taskid, true);
        hub.audit(taskid);
        contribute(1, taskid, RIGHT);
        checkStatus(taskid, TaskStatus.REVEALING);
        vm.assertEq(desk.viewVoting(taskid).drawBlock, 0);
        revealAll(0, 1, taskid, RIGHT);
        finalize(taskid);
        (uint256 a, uint256 b) = (_log2(_weight(first)), _log2(_weight(second)));
        vm.assertEq(free(worker(0)), 1000 * RLC_1 + 99 * RLC_1 * a / (a + b));
        vm.assertEq(free(worker(1)), 1000 * RLC_1 + 99 * RLC_1 * b / (a + b));
        vm.assertEq(desk.viewScore(worker(0)), uint256(first) + 1);
        checkBooks();
        checkNothingLocked();
    }

    function _weight(uint256 score) private pure returns (uint256 weight) {
        weight = score / 3 - 1;
        if (weight > 0xffffff) weight = 0xffffff;
    }

    function _log2(uint256 value) private pure returns (uint256 log) {
        while (value > 1) {
            value /= 2;
            ++log;
        }
    }

    function test_agreementIsNotDrawn() external {
        bytes32 taskid = task(priced(3, 0, 0, PRICE));
        contribute(0, taskid, RIGHT);
        contribute(1, taskid, RIGHT);
        vm.expectRevert(abi.encodeWithSelector(Audits.NothingToAudit.selector, taskid));
        hub.audit(taskid);
        reveal(0, taskid, RIGHT);
    }

    function test_trustOneIsNotDrawn() external {
        bytes32 taskid = task(priced(1, 0, 0, PRICE));
        contribute(0, taskid, RIGHT);
        reveal(0, taskid, RIGHT);
        finalize(taskid);
    }

    /// Whoever outweighs the others alone gives his result alone, too.
    function test_aGreatWeightAgainstASmallOneIsDrawn() external {
        hub.setScore(worker(1), 3000);
        bytes32 taskid = task(priced(100, 0, 0, PRICE));
        contribute(0, taskid, RIGHT);
        contribute(1, taskid, WRONG);
        vm.assertTrue(desk.viewTask(taskid).status == TaskStatus.REVEALING);
        _next(taskid, true);
        hub.audit(taskid);
        vm.assertTrue(desk.viewTask(taskid).status == TaskStatus.ACTIVE);
    }

    /// An auditor who outweighs the audited alone is drawn in his turn.
    function test_auditorsAreAuditedToo() external {
        bytes32 taskid = _alone(RIGHT);
        _next(taskid, true);
        hub.audit(taskid);
        hub.setScore(worker(1), 3000);
        contribute(1, taskid, WRONG);
        vm.assertTrue(desk.viewTask(taskid).status == TaskStatus.REVEALING);
        _next(taskid, true);
        vm.expectRevert(abi.encodeWithSelector(Audits.AuditDue.selector, taskid));
        reveal(1, taskid, WRONG);
        hub.audit(taskid);
        vm.assertTrue(desk.viewTask(taskid).status == TaskStatus.ACTIVE);
        // Nobody decides it: in the end everyone has what he had, but the scheduler.
        vm.warp(START + 3000);
        hub.claim(taskid);
        vm.assertEq(free(worker(0)), 1000 * RLC_1);
        vm.assertEq(free(worker(1)), 1000 * RLC_1);
        vm.assertEq(desk.viewScore(worker(1)), 3000);
        checkBooks();
        checkNothingLocked();
    }

    function test_whoLetsTheDrawLapseIsReopenedLikeAnyoneSilent() external {
        bytes32 taskid = _alone(RIGHT);
        vm.warp(START + 600);
        _next(taskid, true);
        vm.expectRevert(abi.encodeWithSelector(Tasks.TooLate.selector, taskid, START + 600));
        hub.audit(taskid);
        vm.prank(scheduler);
        hub.reopen(taskid);
        vm.roll(block.number + 1);
        vm.expectRevert(abi.encodeWithSelector(Audits.NothingToAudit.selector, taskid));
        hub.audit(taskid);
        vm.warp(START + 3000);
        hub.claim(taskid);
        vm.assertEq(free(worker(0)), 970 * RLC_1);
        checkBooks();
        checkNothingLocked();
    }

    function test_theRatioIsAPercentage() external {
        vm.assertEq(hub.audit_ratio(), 10);
        bytes memory arguments = abi.encode(address(desk), 101);
        vm.expectRevert();
        vm.deployCode("ScoredHub.sol:ScoredHub", arguments);
    }
}

/// @notice How often it is drawn, at several ratios.
abstract contract DrawTest is MarketTest {
    uint256 private constant BLOCKS = 2000;

    /// How often it is drawn in so many blocks: between these, both of them (5 sigma of the binomial distribution).
    function bounds() internal pure virtual returns (uint256 least, uint256 most);

    function test_asManyAreDrawnAsWasDecided() external {
        hub.setScore(worker(0), 330);
        bytes32 taskid = task(priced(100, 0, 0, 0));
        contribute(0, taskid, RIGHT);
        uint256 drawBlock = vm.getBlockNumber();
        vm.assertEq(desk.viewVoting(taskid).drawBlock, auditRatio() > 0 ? drawBlock : 0);
        vm.roll(drawBlock + 1);
        uint256 drawn = 0;
        for (uint256 i = 0; i < BLOCKS; ++i) {
            vm.setBlockhash(drawBlock, keccak256(abi.encode(i)));
            if (_isDrawn(taskid)) ++drawn;
        }
        (uint256 least, uint256 most) = bounds();
        vm.assertGe(drawn, least);
        vm.assertLe(drawn, most);
    }

    function _isDrawn(bytes32 taskid) private returns (bool) {
        try this.tryAudit(taskid) {}
        catch (bytes memory reason) {
            return bytes4(reason) != Audits.NothingToAudit.selector;
        }
        return false;
    }

    /// Fails always, so that nothing comes of it.
    function tryAudit(bytes32 taskid) external {
        hub.audit(taskid);
        revert("it would");
    }
}

/// @notice Without audits the market is plain PoCo.
contract DrawAt0Test is DrawTest {
    function bounds() internal pure override returns (uint256, uint256) {
        return (0, 0);
    }

    function testFuzz_whoIsAloneRevealsAtOnceAndNobodyAudits(uint256 blocks, uint32 score) external {
        hub.setScore(worker(0), uint32(bound(score, 303, type(uint32).max)));
        bytes32 taskid = task(priced(100, 0, 0, 100 * RLC_1));
        contribute(0, taskid, RIGHT);
        vm.assertEq(desk.viewVoting(taskid).drawBlock, 0);
        vm.roll(vm.getBlockNumber() + bound(blocks, 0, 1000));
        vm.expectRevert(abi.encodeWithSelector(Audits.NothingToAudit.selector, taskid));
        hub.audit(taskid);
        reveal(0, taskid, RIGHT);
        finalize(taskid);
        vm.assertEq(free(worker(0)), 1099 * RLC_1);
    }

    function testFuzz_whoIsSilentAndOutvotedLosesAThirdOnly(uint32 score) external {
        score = uint32(bound(score, 303, 1e6));
        hub.setScore(worker(0), score);
        bytes32 taskid = task(priced(100, 0, 0, 0));
        contribute(0, taskid, WRONG);
        vm.warp(START + REVEAL_TIME);
        reopen(taskid);
        contributeAll(1, 7, taskid, RIGHT);
        revealAll(1, 7, taskid, RIGHT);
        finalize(taskid);
        vm.assertEq(desk.viewScore(worker(0)), score - (uint256(score) + 2) / 3);
    }
}

contract DrawAt1Test is DrawTest {
    function auditRatio() internal pure override returns (uint256) {
        return 1;
    }

    function bounds() internal pure override returns (uint256, uint256) {
        // 20, sigma 4.45.
        return (0, 42);
    }
}

contract DrawAt10Test is DrawTest {
    function auditRatio() internal pure override returns (uint256) {
        return 10;
    }

    function bounds() internal pure override returns (uint256, uint256) {
        // 200, sigma 13.42.
        return (133, 267);
    }
}

contract DrawAt50Test is DrawTest {
    function auditRatio() internal pure override returns (uint256) {
        return 50;
    }

    function bounds() internal pure override returns (uint256, uint256) {
        // 1000, sigma 22.36.
        return (889, 1111);
    }
}

contract DrawAt100Test is DrawTest {
    function auditRatio() internal pure override returns (uint256) {
        return 100;
    }

    function bounds() internal pure override returns (uint256, uint256) {
        return (2000, 2000);
    }
}
