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
contract AuditsTest is MarketTest {
    bytes32 private constant RIGHT = keccak256("right");
    bytes32 private constant WRONG = keccak256("wrong");
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

    function testFuzz_waitingDoesNotHelp(uint256 blocks) external {
        bytes32 taskid = _alone(RIGHT);
        vm.roll(block.number + bound(blocks, 257, 100_000));
        vm.expectRevert(abi.encodeWithSelector(Audits.AuditDue.selector, taskid));
        reveal(0, taskid, RIGHT);
        hub.audit(taskid);
    }

    function test_aboutAsManyAreDrawnAsWasDecided() external pure {
        uint256 audited = 0;
        for (uint256 i = 0; i < 200; ++i) {
            if (uint256(keccak256(abi.encodePacked(keccak256(abi.encode(i)), bytes32(uint256(1))))) % 100 < 10) {
                ++audited;
            }
        }
        vm.assertGe(audited, 8);
        vm.assertLe(audited, 34);
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
