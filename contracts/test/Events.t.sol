// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Accounts} from "../src/Accounts.sol";
import {Escrow} from "../src/Escrow.sol";
import {Log} from "./support/Test.sol";
import {MarketTest} from "./support/MarketTest.sol";
import {State} from "../src/State.sol";
import {Tasks} from "../src/Tasks.sol";
import {Workerpool} from "../src/registries/Workerpool.sol";

/// @notice What the market tells of what it did: clients know nothing else of it.
contract EventsTest is MarketTest {
    address private constant BOB = address(0xb0b);

    Log[] private logs;
    uint256 private next;

    function _record() private {
        vm.recordLogs();
    }

    /// What was told since; the token's own logs are not the market's.
    function _stop() private {
        delete logs;
        next = 0;
        Log[] memory all = vm.getRecordedLogs();
        for (uint256 i = 0; i < all.length; ++i) {
            if (all[i].emitter != address(rlc)) logs.push(all[i]);
        }
    }

    function _end() private view {
        vm.assertEq(next, logs.length);
    }

    function _is(bytes32 topic, bytes memory data) private {
        vm.assertEq(logs[next].topics[0], topic);
        vm.assertEq(logs[next].data, data);
        ++next;
    }

    function _is(bytes32 topic, address one, address two, bytes memory data) private {
        vm.assertEq(logs[next].topics[1], bytes32(uint256(uint160(one))));
        vm.assertEq(logs[next].topics[2], bytes32(uint256(uint160(two))));
        _is(topic, data);
    }

    function _transferred(address from, address to, uint256 amount) private {
        _is(Escrow.Transfer.selector, from, to, abi.encode(amount));
    }

    function _locked(address owner, uint256 amount) private {
        _transferred(owner, address(hub), amount);
        _is(Escrow.Lock.selector, abi.encode(owner, amount));
    }

    function _unlocked(address owner, uint256 amount) private {
        _transferred(address(hub), owner, amount);
        _is(Escrow.Unlock.selector, abi.encode(owner, amount));
    }

    function _seized(address owner, uint256 amount, bytes32 taskid) private {
        _is(Escrow.Seize.selector, abi.encode(owner, amount, taskid));
    }

    function _rewarded(address owner, uint256 amount, bytes32 taskid) private {
        _transferred(address(hub), owner, amount);
        _is(Escrow.Reward.selector, abi.encode(owner, amount, taskid));
    }

    function testFuzz_moneyThatComesMovesAndGoes(uint64 amount, uint64 part) external {
        amount = uint64(bound(amount, 2, 1e16));
        part = uint64(bound(part, 1, amount - 1));
        _record();
        fund(BOB, amount);
        vm.startPrank(BOB);
        desk.approve(worker(0), amount);
        desk.decreaseAllowance(worker(0), part);
        desk.increaseAllowance(worker(0), 1);
        desk.transfer(worker(0), part);
        desk.withdraw(amount - part);
        vm.stopPrank();
        _stop();
        _transferred(address(0), BOB, amount);
        _is(Accounts.Approval.selector, BOB, worker(0), abi.encode(amount));
        _is(Accounts.Approval.selector, BOB, worker(0), abi.encode(amount - part));
        _is(Accounts.Approval.selector, BOB, worker(0), abi.encode(amount - part + 1));
        _transferred(BOB, worker(0), part);
        _transferred(BOB, address(0), amount - part);
        _end();
    }

    function testFuzz_whatADealLocksAndATaskPays(uint64 appPrice, uint64 poolPrice, uint8 kitty) external {
        appPrice = uint64(bound(appPrice, 1, RLC_1));
        poolPrice = uint64(bound(poolPrice, 100, RLC_1));
        kitty = uint8(bound(kitty, 1, 255));
        fund(BOB, kitty);
        hub.giveKitty(BOB, kitty);
        Orders4 memory o = signed(priced(1, appPrice, 0, poolPrice));
        uint256 stake = uint256(poolPrice) * 30 / 100;
        _record();
        bytes32 dealid = hub.matchOrders(o.a, o.d, o.w, o.r);
        bytes32 taskid = hub.initialize(dealid, 0);
        contribute(0, taskid, RIGHT);
        reveal(0, taskid, RIGHT);
        finalize(taskid);
        _stop();
        _locked(requester, uint256(appPrice) + poolPrice);
        _locked(scheduler, stake);
        // The match and the task's beginning tell what Matching's and Tasks' tests look at.
        next += 3;
        _locked(worker(0), stake);
        next += 3;
        _seized(requester, uint256(appPrice) + poolPrice, taskid);
        _rewarded(appOwner, appPrice, taskid);
        _unlocked(scheduler, stake);
        // Less than the least that is paid out of it: all there is.
        _seized(KITTY, kitty, taskid);
        _rewarded(scheduler, kitty, taskid);
        uint256 share = uint256(poolPrice) * 99 / 100;
        _unlocked(worker(0), stake);
        _rewarded(worker(0), share, taskid);
        _rewarded(scheduler, poolPrice - share, taskid);
        next += 1;
        _end();
    }

    function testFuzz_theShortWayTellsEachStepOfTheLongOne(bytes32 digest) external {
        bytes32 taskid = task(orders());
        bytes memory permission = authorization(worker(0), taskid);
        _record();
        vm.prank(worker(0));
        hub.contributeAndFinalize(taskid, digest, "here", "", address(0), "", permission);
        _stop();
        bytes32 hash = hashOf(taskid, digest);
        _is(Tasks.TaskContribute.selector, abi.encode(hash));
        _is(Tasks.TaskConsensus.selector, abi.encode(hash));
        _is(Tasks.TaskReveal.selector, abi.encode(digest));
        _is(Tasks.TaskFinalize.selector, abi.encode(bytes("here")));
        _end();
        vm.assertEq(desk.viewTask(taskid).revealDeadline, START + 600);
        vm.assertEq(desk.viewTask(taskid).results, "here");
    }

    function testFuzz_aPolicyOldAndNew(uint16 stake, uint8 reward, uint16 newStake, uint8 newReward) external {
        uint256[4] memory ratios =
            [bound(stake, 0, 1000), bound(reward, 0, 100), bound(newStake, 0, 1000), bound(newReward, 0, 100)];
        vm.startPrank(scheduler);
        pool.changePolicy(ratios[0], ratios[1]);
        _record();
        pool.changePolicy(ratios[2], ratios[3]);
        _stop();
        _is(Workerpool.PolicyUpdate.selector, abi.encode(ratios[0], ratios[2], ratios[1], ratios[3]));
        _end();
    }

    function test_whoOwnsTheMarket() external {
        address door_ = door();
        _record();
        vm.deployCode("Hub.sol:Hub", abi.encode(door_, 0));
        desk.transferOwnership(BOB);
        vm.prank(BOB);
        desk.renounceOwnership();
        _stop();
        _is(State.OwnershipTransferred.selector, address(0), address(this), "");
        _is(State.OwnershipTransferred.selector, address(this), BOB, "");
        _is(State.OwnershipTransferred.selector, BOB, address(0), "");
        _end();
    }
}
