// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Deal} from "../src/Deals.sol";
import {MarketTest} from "./support/MarketTest.sol";
import {TaskStatus} from "../src/State.sol";
import {TaskView} from "../src/Views.sol";

/// @notice Plays the market at random: the functions that the fuzzer calls, in any order, with any numbers.
/// What it sees change it writes down, for the invariants to look at.
contract Player is MarketTest {
    uint256 private salt;
    bytes32[] public deals;
    bytes32[] public dealDigests;
    bytes32[] public tasks;
    mapping(bytes32 taskid => TaskStatus) public lastStatus;
    mapping(bytes32 taskid => uint256) public reopened;
    bool public wentBackwards;
    uint256 public ended;

    function makeDeal(uint256 trust, uint256 price, uint8 volume, bool withDataset) external {
        Orders4 memory o = priced(
            [uint256(1), 2, 5, 100][trust % 4],
            price % (5 * RLC_1),
            withDataset ? price % RLC_1 : 0,
            price % (20 * RLC_1)
        );
        o = times(o, 1 + volume % 3);
        o.a.salt = o.d.salt = o.w.salt = o.r.salt = bytes32(++salt);
        o = signed(o);
        try hub.matchOrders(o.a, o.d, o.w, o.r) returns (bytes32 dealid) {
            deals.push(dealid);
            dealDigests.push(keccak256(abi.encode(desk.viewDeal(dealid))));
        } catch {}
    }

    function initialize(uint256 which, uint256 index) external {
        if (deals.length == 0) return;
        bytes32 dealid = deals[which % deals.length];
        try hub.initialize(dealid, index % 3) returns (bytes32 taskid) {
            tasks.push(taskid);
            _look(taskid);
        } catch {}
    }

    function vote(uint256 which, uint256 who, bool right) external {
        if (tasks.length == 0) return;
        bytes32 taskid = tasks[which % tasks.length];
        address w = worker(who % 6);
        bytes32 digest = right ? keccak256("right") : keccak256("wrong");
        bytes memory permission = authorization(w, taskid);
        vm.prank(w);
        try hub.contribute(taskid, hashOf(taskid, digest), sealOf(w, taskid, digest), address(0), "", permission) {}
            catch {}
        _look(taskid);
    }

    function quickly(uint256 which, uint256 who) external {
        if (tasks.length == 0) return;
        bytes32 taskid = tasks[which % tasks.length];
        address w = worker(who % 6);
        bytes memory permission = authorization(w, taskid);
        vm.prank(w);
        try hub.contributeAndFinalize(taskid, keccak256("right"), "", "", address(0), "", permission) {} catch {}
        _look(taskid);
    }

    function show(uint256 which, uint256 who) external {
        if (tasks.length == 0) return;
        bytes32 taskid = tasks[which % tasks.length];
        for (uint256 i = 0; i < 6; ++i) {
            if (i == who % 7) continue;
            for (uint256 right = 0; right < 2; ++right) {
                vm.prank(worker(i));
                try hub.reveal(taskid, right == 1 ? keccak256("right") : keccak256("wrong")) {} catch {}
            }
        }
        _look(taskid);
    }

    function lead(uint256 which, uint256 how) external {
        if (tasks.length == 0) return;
        bytes32 taskid = tasks[which % tasks.length];
        how %= 6;
        vm.prank(scheduler);
        if (how < 3) {
            try hub.finalize(taskid, "result", "") {} catch {}
        } else if (how == 3) {
            try hub.reopen(taskid) {
                ++reopened[taskid];
            } catch {}
        } else if (how == 4) {
            try hub.decline(taskid) {} catch {}
        } else {
            try hub.claim(taskid) {} catch {}
        }
        _look(taskid);
    }

    function drawLots(uint256 which) external {
        if (tasks.length == 0) return;
        bytes32 taskid = tasks[which % tasks.length];
        vm.roll(block.number + 1);
        try hub.audit(taskid) {
            ++reopened[taskid];
        } catch {}
        _look(taskid);
    }

    function pass(uint256 time) external {
        vm.warp(block.timestamp + time % 700);
    }

    function moveMoney(uint256 who, uint256 amount, bool out) external {
        address w = worker(who % 6);
        if (out) {
            vm.prank(w);
            try desk.withdraw(amount % (100 * RLC_1)) {} catch {}
        } else {
            fund(w, amount % (100 * RLC_1));
        }
    }

    function _look(bytes32 taskid) private {
        TaskStatus now_ = desk.viewTask(taskid).status;
        TaskStatus before = lastStatus[taskid];
        bool back = now_ == TaskStatus.ACTIVE && before == TaskStatus.REVEALING;
        if (back && reopened[taskid] > 0) --reopened[taskid];
        else if (now_ < before) wentBackwards = true;
        if (now_ != before && now_ >= TaskStatus.COMPLETED) ++ended;
        if (before >= TaskStatus.COMPLETED && now_ != before) wentBackwards = true;
        lastStatus[taskid] = now_;
    }

    function auditRatio() internal pure override returns (uint256) {
        return 30;
    }

    /* FOR THE INVARIANTS */

    function books() external view {
        checkBooks();
    }

    function dealsAreWhatTheyWere() external view {
        for (uint256 i = 0; i < deals.length; ++i) {
            vm.assertEq(keccak256(abi.encode(desk.viewDeal(deals[i]))), dealDigests[i]);
        }
    }

    /// What is locked is what the tasks that have not ended need, and no more.
    function locksAreWhatRunningTasksNeed() external view {
        uint256 prices = 0;
        uint256 stakes = 0;
        uint256 workerStakes = 0;
        for (uint256 i = 0; i < deals.length; ++i) {
            Deal memory deal = desk.viewDeal(deals[i]);
            for (uint256 index = 0; index < deal.botSize; ++index) {
                TaskView memory v = desk.viewTask(keccak256(abi.encodePacked(deals[i], index)));
                if (v.status >= TaskStatus.COMPLETED) continue;
                prices += deal.app.price + deal.dataset.price + deal.workerpool.price;
                stakes += deal.workerpool.price * 30 / 100;
                workerStakes += v.contributors.length * deal.workerStake;
            }
        }
        vm.assertEq(locked(requester), prices);
        vm.assertEq(locked(scheduler), stakes);
        uint256 sum = 0;
        for (uint256 i = 0; i < 6; ++i) {
            sum += locked(worker(i));
        }
        vm.assertEq(sum, workerStakes);
    }
}

/// @notice What must hold after any sequence of calls.
contract InvariantsTest is MarketTest {
    Player private player;

    function setUp() public override {
        player = new Player();
        player.setUp();
    }

    function targetContracts() external view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(player);
    }

    /// `setUp` is no part of the game.
    struct Selectors {
        address addr;
        bytes4[] selectors;
    }

    function targetSelectors() external view returns (Selectors[] memory targets) {
        targets = new Selectors[](1);
        bytes4[] memory selectors = new bytes4[](9);
        selectors[0] = Player.makeDeal.selector;
        selectors[1] = Player.initialize.selector;
        selectors[2] = Player.vote.selector;
        selectors[3] = Player.quickly.selector;
        selectors[4] = Player.show.selector;
        selectors[5] = Player.lead.selector;
        selectors[6] = Player.drawLots.selector;
        selectors[7] = Player.pass.selector;
        selectors[8] = Player.moveMoney.selector;
        targets[0] = Selectors(address(player), selectors);
    }

    /// Escrow: the sum of accounts is the supply, and the tokens are there.
    function invariant_theBooksBalance() external view {
        player.books();
    }

    /// Escrow, Settlement: what is locked comes back exactly once.
    function invariant_onlyRunningTasksLockMoney() external view {
        player.locksAreWhatRunningTasksNeed();
    }

    /// Deals: a deal never changes.
    function invariant_dealsNeverChange() external view {
        player.dealsAreWhatTheyWere();
    }

    /// Tasks: statuses only move forward, but for reopen and audit.
    function invariant_tasksMoveForward() external view {
        vm.assertFalse(player.wentBackwards());
    }
}
