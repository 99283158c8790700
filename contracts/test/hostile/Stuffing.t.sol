// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {MarketTest} from "../support/MarketTest.sol";
import {TaskStatus} from "../../src/State.sol";
import {Tasks} from "../../src/Tasks.sol";

/// @notice Whoever fills block after block until a deadline has passed gains nothing: who was in time keeps what is his.
/// forge-config: default.fuzz.runs = 64
/// forge-config: slow.fuzz.runs = 1000
contract StuffingTest is MarketTest {
    uint256 private constant PRICE = 100 * RLC_1;

    /// Blocks are full from somewhere before the contribution deadline on: nobody else votes, nobody loses for it.
    function testFuzz_untilContributionsAreOver(uint256 last, uint256 claimed) external {
        bytes32 taskid = task(priced(100, 0, 0, PRICE));
        vm.warp(START + bound(last, 0, 2099));
        contribute(0, taskid, RIGHT);
        vm.warp(CONTRIBUTION_DEADLINE);
        vm.expectRevert(abi.encodeWithSelector(Tasks.TooLate.selector, taskid, CONTRIBUTION_DEADLINE));
        contribute(1, taskid, RIGHT);
        vm.warp(FINAL_DEADLINE + claimed % 1e9);
        hub.claim(taskid);
        vm.assertEq(free(worker(0)), 1000 * RLC_1);
        vm.assertEq(free(worker(1)), 1000 * RLC_1);
        vm.assertEq(free(requester), 1000 * RLC_1);
        checkBooks();
        checkNothingLocked();
    }

    /// Blocks are full until the reveals are over: whoever revealed in time is paid, or has his stake back.
    function testFuzz_untilRevealsAreOver(uint256 consensus, uint256 shown, bool finalizes) external {
        consensus = START + bound(consensus, 0, 2099);
        shown = bound(shown, 0, REVEAL_TIME - 1);
        bytes32 taskid = task(priced(3, 0, 0, PRICE));
        vm.warp(consensus);
        contributeAll(0, 1, taskid, RIGHT);
        vm.warp(consensus + shown);
        reveal(0, taskid, RIGHT);
        vm.warp(consensus + REVEAL_TIME);
        vm.expectRevert(abi.encodeWithSelector(Tasks.TooLate.selector, taskid, consensus + REVEAL_TIME));
        reveal(1, taskid, RIGHT);
        if (finalizes) {
            finalize(taskid);
            vm.assertEq(free(worker(0)), 1000 * RLC_1 + 130 * RLC_1 * 99 / uint256(100));
        } else {
            vm.warp(FINAL_DEADLINE);
            hub.claim(taskid);
            vm.assertEq(free(worker(0)), 1000 * RLC_1);
            vm.assertEq(free(requester), 1000 * RLC_1);
        }
        vm.assertEq(free(worker(1)), 970 * RLC_1);
        checkBooks();
        checkNothingLocked();
    }

    /// The latest consensus there can be still leaves its whole time to reveal, and time to finalize.
    function testFuzz_theLatestConsensusLeavesTimeForAll(uint256 finalized) external {
        bytes32 taskid = task(priced(3, 0, 0, PRICE));
        vm.warp(CONTRIBUTION_DEADLINE - 1);
        contributeAll(0, 1, taskid, RIGHT);
        vm.warp(CONTRIBUTION_DEADLINE - 1 + REVEAL_TIME - 1);
        revealAll(0, 1, taskid, RIGHT);
        vm.warp(bound(finalized, CONTRIBUTION_DEADLINE + REVEAL_TIME, FINAL_DEADLINE - 1));
        finalize(taskid);
        checkStatus(taskid, TaskStatus.COMPLETED);
        checkNothingLocked();
    }

    /// Blocks are full until the final deadline: the result is lost, the requester refunded, the workers keep theirs.
    function testFuzz_untilEverythingIsOver(uint256 late) external {
        bytes32 taskid = task(priced(3, 0, 0, PRICE));
        contributeAll(0, 1, taskid, RIGHT);
        revealAll(0, 1, taskid, RIGHT);
        vm.warp(FINAL_DEADLINE + late % 1e9);
        vm.expectRevert(abi.encodeWithSelector(Tasks.TooLate.selector, taskid, FINAL_DEADLINE));
        finalize(taskid);
        hub.claim(taskid);
        vm.assertEq(free(worker(0)), 1000 * RLC_1);
        vm.assertEq(free(worker(1)), 1000 * RLC_1);
        vm.assertEq(free(requester), 1000 * RLC_1);
        vm.assertEq(free(scheduler), 970 * RLC_1);
        vm.assertEq(locked(KITTY), 30 * RLC_1);
        checkBooks();
        checkNothingLocked();
    }
}
