// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {MarketTest} from "../support/MarketTest.sol";
import {TaskStatus} from "../../src/State.sol";
import {Tasks} from "../../src/Tasks.sol";

/// @notice Whoever has a task opened again and again gains nothing: each stake is locked once, comes back or is lost
/// once, and the price is paid once.
/// forge-config: default.fuzz.runs = 24
/// forge-config: slow.fuzz.runs = 1000
contract ReopenTest is MarketTest {
    uint256 private constant PRICE = 100 * RLC_1;
    uint256 private constant STAKE = 30 * RLC_1;

    function auditRatio() internal pure override returns (uint256) {
        return 100;
    }

    function setUp() public override {
        super.setUp();
        for (uint256 i = 6; i < 32; ++i) {
            fund(worker(i), 1000 * RLC_1);
        }
    }

    /// In each round three agree, are the winners, and keep silent; their votes count no more.
    function _silentRounds(bytes32 taskid, uint256 rounds) private {
        for (uint256 round = 0; round < rounds; ++round) {
            contributeAll(3 * round, 3 * round + 2, taskid, keccak256(abi.encode(round)));
            checkStatus(taskid, TaskStatus.REVEALING);
            vm.warp(START + REVEAL_TIME * (round + 1));
            reopen(taskid);
            checkStatus(taskid, TaskStatus.ACTIVE);
            vm.assertEq(desk.viewTask(taskid).revealDeadline, 0);
            for (uint256 i = 0; i < 3 * round + 3; ++i) {
                vm.assertEq(locked(worker(i)), STAKE);
            }
        }
    }

    /// The total of a vote has every standing group in it: silent ones fell out of it.
    function testFuzz_afterSilentRoundsWhoShowsGetsAllTheirStakes(uint256 rounds) external {
        rounds = bound(rounds, 0, 3);
        bytes32 taskid = task(priced(5, 0, 0, PRICE));
        _silentRounds(taskid, rounds);
        contributeAll(20, 22, taskid, RIGHT);
        checkStatus(taskid, TaskStatus.REVEALING);
        revealAll(20, 22, taskid, RIGHT);
        finalize(taskid);
        for (uint256 i = 0; i < 3 * rounds; ++i) {
            vm.assertEq(free(worker(i)), 970 * RLC_1);
        }
        uint256 pot = PRICE + STAKE * 3 * rounds;
        for (uint256 i = 20; i <= 22; ++i) {
            vm.assertEq(free(worker(i)), 1000 * RLC_1 + pot * 99 / 100 / 3);
        }
        vm.assertEq(free(requester), 900 * RLC_1);
        vm.assertEq(free(scheduler), 1000 * RLC_1 + pot - 3 * (pot * 99 / 100 / 3));
        checkBooks();
        checkNothingLocked();
    }

    function testFuzz_afterSilentRoundsAClaimTakesEachStakeOnce(uint256 rounds, uint256 late) external {
        rounds = bound(rounds, 0, 3);
        bytes32 taskid = task(priced(5, 0, 0, PRICE));
        _silentRounds(taskid, rounds);
        // One more votes, and it does not come to anything.
        contribute(20, taskid, RIGHT);
        vm.warp(FINAL_DEADLINE + late % 1e9);
        hub.claim(taskid);
        vm.expectRevert(abi.encodeWithSelector(Tasks.WrongStatus.selector, taskid, TaskStatus.FAILED));
        hub.claim(taskid);
        for (uint256 i = 0; i < 3 * rounds; ++i) {
            vm.assertEq(free(worker(i)), 970 * RLC_1);
        }
        vm.assertEq(free(worker(20)), 1000 * RLC_1);
        vm.assertEq(free(requester), 1000 * RLC_1);
        vm.assertEq(locked(KITTY), STAKE + 3 * rounds * STAKE);
        checkBooks();
        checkNothingLocked();
    }

    /// Each auditor outweighs all before him alone, and is audited himself.
    function _auditedRounds(bytes32 taskid, uint256 rounds) private {
        for (uint256 round = 0; round < rounds; ++round) {
            hub.setScore(worker(round), 100_000);
            contribute(round, taskid, keccak256(abi.encode(round)));
            checkStatus(taskid, TaskStatus.REVEALING);
            vm.roll(vm.getBlockNumber() + 1);
            hub.audit(taskid);
            checkStatus(taskid, TaskStatus.ACTIVE);
            for (uint256 i = 0; i <= round; ++i) {
                vm.assertEq(locked(worker(i)), STAKE);
            }
        }
    }

    function testFuzz_afterManyAuditsNobodyIsPaidTwice(uint256 rounds) external {
        rounds = bound(rounds, 1, 6);
        bytes32 taskid = task(priced(100, 0, 0, PRICE));
        _auditedRounds(taskid, rounds);
        // Each of those weighs 2 now; two together outweigh them.
        hub.setScore(worker(30), 100_000);
        contribute(30, taskid, keccak256(abi.encode(uint256(0))));
        checkStatus(taskid, TaskStatus.REVEALING);
        reveal(0, taskid, keccak256(abi.encode(uint256(0))));
        reveal(30, taskid, keccak256(abi.encode(uint256(0))));
        finalize(taskid);
        uint256 pot = PRICE + STAKE * (rounds - 1);
        vm.assertEq(free(worker(0)), 1000 * RLC_1 + pot * 99 / 100 / 2);
        vm.assertEq(free(worker(30)), 1000 * RLC_1 + pot * 99 / 100 / 2);
        vm.assertEq(desk.viewScore(worker(0)), 100_001);
        for (uint256 i = 1; i < rounds; ++i) {
            vm.assertEq(free(worker(i)), 970 * RLC_1);
            vm.assertEq(desk.viewScore(worker(i)), 0);
        }
        vm.assertEq(free(requester), 900 * RLC_1);
        checkBooks();
        checkNothingLocked();
    }

    function testFuzz_afterManyAuditsAClaimGivesEachStakeBackOnce(uint256 rounds) external {
        rounds = bound(rounds, 1, 6);
        bytes32 taskid = task(priced(100, 0, 0, PRICE));
        _auditedRounds(taskid, rounds);
        vm.warp(FINAL_DEADLINE);
        hub.claim(taskid);
        for (uint256 i = 0; i < rounds; ++i) {
            vm.assertEq(free(worker(i)), 1000 * RLC_1);
            vm.assertEq(desk.viewScore(worker(i)), 100_000);
        }
        vm.assertEq(locked(KITTY), STAKE);
        checkBooks();
        checkNothingLocked();
    }
}
