// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {MarketTest} from "./support/MarketTest.sol";
import {TaskStatus} from "../src/State.sol";

/// @notice The worked example of the protocol's documentation, to the nRLC: pool price 20 RLC, dataset 1 RLC,
/// worker stake 35 %, scheduler 5 %, trust 100; three workers with scores 12, 100 and 300, the first of whom is wrong.
contract GoldenTest is MarketTest {
    bytes32 private constant SEVENTEEN = keccak256("17");
    bytes32 private constant FORTY_TWO = keccak256("42");

    function test_reproducesEveryNumberOfTheExample() external {
        vm.prank(scheduler);
        pool.changePolicy(35, 5);
        hub.setScore(worker(0), 12);
        hub.setScore(worker(1), 100);
        hub.setScore(worker(2), 300);
        bytes32 taskid = task(priced(100, 0, 1 * RLC_1, 20 * RLC_1));
        vm.assertEq(locked(requester), 21 * RLC_1);
        vm.assertEq(locked(scheduler), 6 * RLC_1);

        contribute(0, taskid, SEVENTEEN);
        contribute(1, taskid, FORTY_TWO);
        vm.assertTrue(desk.viewTask(taskid).status == TaskStatus.ACTIVE);
        contribute(2, taskid, FORTY_TWO);
        vm.assertTrue(desk.viewTask(taskid).status == TaskStatus.REVEALING);
        for (uint256 i = 0; i < 3; ++i) {
            vm.assertEq(locked(worker(i)), 7 * RLC_1);
        }
        vm.assertEq(desk.viewContribution(taskid, worker(1)).weight, 5);
        vm.assertEq(desk.viewContribution(taskid, worker(2)).weight, 6);

        reveal(1, taskid, FORTY_TWO);
        reveal(2, taskid, FORTY_TWO);
        finalize(taskid);

        vm.assertEq(free(worker(0)), 993 * RLC_1);
        vm.assertEq(free(worker(1)), 1000 * RLC_1 + 11_659_090_909);
        vm.assertEq(free(worker(2)), 1000 * RLC_1 + 13_990_909_090);
        vm.assertEq(free(scheduler), 1000 * RLC_1 + 1_350_000_001);
        vm.assertEq(free(datasetOwner), 1 * RLC_1);
        vm.assertEq(free(requester), 979 * RLC_1);
        vm.assertEq(desk.viewScore(worker(0)), 8);
        vm.assertEq(desk.viewScore(worker(1)), 101);
        vm.assertEq(desk.viewScore(worker(2)), 301);
        checkBooks();
        checkNothingLocked();
    }
}
