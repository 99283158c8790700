// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Burner, Enemies, Reverter, YesMan} from "../support/Enemies.sol";
import {MarketTest, OrderHashes} from "../support/MarketTest.sol";
import {RequestOrder, WorkerpoolOrder} from "../../src/Orders.sol";
import {TaskStatus} from "../../src/State.sol";

/// @notice Makes one call of the market whenever a result is delivered to it. It also owns a pool and agrees to
/// everything, so that the market lets it do whatever a scheduler or a sponsor may.
contract Reenterer is YesMan {
    address private immutable hub;
    bytes private call_;
    bool public tried;
    bool public succeeded;

    constructor(address hub_) {
        hub = hub_;
    }

    function prepare(bytes calldata call) external {
        (call_, tried, succeeded) = (call, false, false);
    }

    function receiveResult(bytes32, bytes calldata) external {
        tried = true;
        if (call_.length > 0) (succeeded,) = hub.call(call_);
    }

    function run(bytes calldata call) external returns (bool success) {
        (success,) = hub.call(call);
    }
}

/// @notice A callback that reverts, burns, answers too much or comes back gains nothing: the task ends as it would have,
/// and whatever it calls from inside leads where the same call leads from outside, afterwards.
/// forge-config: default.fuzz.runs = 64
/// forge-config: slow.fuzz.runs = 1000
contract CallbackTest is MarketTest {
    using OrderHashes for RequestOrder;
    using OrderHashes for WorkerpoolOrder;

    bytes private answer = abi.encode(uint256(42));
    Reenterer private enemy;
    bytes32 private dealid;
    bytes32 private first;
    bytes32 private other;
    bytes32 private due;

    function testFuzz_aCallbackThatFailsEndsTheTaskAllTheSame(uint256 kind, uint64 price) external {
        price = uint64(bound(price, 0, 900 * RLC_1));
        Orders4 memory o = priced(1, 0, 0, price);
        o.r.callback = Enemies.make(kind);
        bytes32 taskid = task(o);
        contribute(0, taskid, keccak256(answer));
        reveal(0, taskid, keccak256(answer));
        vm.prank(scheduler);
        hub.finalize{gas: 1_500_000}(taskid, "", answer);
        checkStatus(taskid, TaskStatus.COMPLETED);
        vm.assertEq(free(worker(0)), 1000 * RLC_1 + uint256(price) * 99 / 100);
        vm.assertEq(desk.resultFor(taskid), answer);
        checkBooks();
        checkNothingLocked();
    }

    function testFuzz_neitherDoesItStopTheShortWay(uint256 kind) external {
        Orders4 memory o = priced(1, 0, 0, 100 * RLC_1);
        o.r.callback = Enemies.make(kind);
        bytes32 taskid = task(o);
        contributeAndFinalize(0, taskid, keccak256(answer), answer);
        checkStatus(taskid, TaskStatus.COMPLETED);
        vm.assertEq(free(worker(0)), 1099 * RLC_1);
        checkNothingLocked();
    }

    /// Every function of the market, called from inside, and then once more with everything as it was, from outside.
    function testFuzz_whatComesBackIsAsIfItCameLater(uint256 which) external {
        _prepareTasks();
        (bytes[] memory calls, uint256 forbidden) = _calls();
        which = bound(which, 0, calls.length - 1);
        uint256 snapshot = vm.snapshotState();

        enemy.prepare(calls[which]);
        _finalizeFirst();
        vm.assertTrue(enemy.tried());
        bool inside = enemy.succeeded();
        bytes32 worldInside = _world();
        vm.revertToState(snapshot);

        _finalizeFirst();
        vm.assertEq(enemy.run(calls[which]), inside);
        vm.assertEq(_world(), worldInside);
        // What concerns the task that is just ending fails in both cases; the rest is the enemy's right in both.
        vm.assertEq(inside, which >= forbidden);
        checkSupply();
    }

    function _finalizeFirst() private {
        vm.prank(address(enemy));
        hub.finalize(first, "", answer);
        checkStatus(first, TaskStatus.COMPLETED);
    }

    function _prepareTasks() private {
        enemy = new Reenterer(address(hub));
        fund(address(enemy), 500 * RLC_1);
        desk.setCallbackGas(1_000_000);
        vm.prank(scheduler);
        pools.transferFrom(scheduler, address(enemy), uint256(uint160(address(pool))));
        due = task(salted(priced(1, 0, 0, RLC_1), 1));
        vm.warp(START + 3000);
        Orders4 memory o = salted(priced(1, 0, 0, 10 * RLC_1), 2);
        o.r.callback = address(enemy);
        dealid = matched(o);
        first = _ready(0, dealid);
        // This one has no callback: inside of another it would not get its gas.
        other = _ready(1, matched(salted(priced(1, 0, 0, 10 * RLC_1), 4)));
    }

    function _ready(uint256 i, bytes32 dealid_) private returns (bytes32 taskid) {
        taskid = hub.initialize(dealid_, 0);
        contribute(i, taskid, keccak256(answer));
        reveal(i, taskid, keccak256(answer));
    }

    /// Those that must fail come first; `forbidden` is how many they are.
    function _calls() private view returns (bytes[] memory calls, uint256 forbidden) {
        calls = new bytes[](24);
        bytes32[] memory ids = _list(first);
        bytes32[] memory dealids = _list(dealid);
        calls[0] = abi.encodeCall(hub.claim, (first));
        calls[1] = abi.encodeCall(hub.claimArray, (ids));
        calls[2] = abi.encodeCall(hub.finalize, (first, "", answer));
        calls[3] = abi.encodeCall(hub.reveal, (first, keccak256(answer)));
        calls[4] = abi.encodeCall(hub.reopen, (first));
        calls[5] = abi.encodeCall(hub.decline, (first));
        calls[6] = abi.encodeCall(hub.audit, (first));
        calls[7] = abi.encodeCall(hub.initialize, (dealid, 0));
        calls[8] = abi.encodeCall(hub.initializeArray, (dealids, new uint256[](1)));
        calls[9] = abi.encodeCall(hub.initializeAndClaimArray, (dealids, new uint256[](1)));
        calls[10] = abi.encodeCall(hub.contribute, (first, RIGHT, RIGHT, address(0), "", ""));
        calls[11] = abi.encodeCall(hub.contributeAndFinalize, (first, RIGHT, "", "", address(0), "", ""));
        calls[12] = abi.encodeCall(desk.withdraw, (10_000 * RLC_1));
        calls[13] = abi.encodeCall(desk.transferFrom, (requester, address(enemy), 1));
        calls[14] = abi.encodeCall(desk.recover, ());
        calls[15] = abi.encodeCall(desk.setCallbackGas, (200_000));
        forbidden = 16;
        calls[16] = abi.encodeCall(hub.finalize, (other, "", ""));
        calls[17] = abi.encodeCall(hub.claim, (due));
        calls[18] = abi.encodeCall(hub.claimArray, (_list(due)));
        calls[19] = abi.encodeCall(desk.withdraw, (1));
        calls[20] = abi.encodeCall(desk.transfer, (beneficiary, 1));
        calls[21] = abi.encodeCall(desk.approve, (beneficiary, 1));
        Orders4 memory o = signed(salted(priced(1, 0, 0, 10 * RLC_1), 3));
        calls[22] = abi.encodeCall(hub.sponsorMatchOrders, (o.a, o.d, o.w, o.r));
        calls[23] = abi.encodeCall(hub.matchOrders, (o.a, o.d, o.w, o.r));
    }

    function _list(bytes32 id) private pure returns (bytes32[] memory ids) {
        ids = new bytes32[](1);
        ids[0] = id;
    }

    /// Everything that could be different.
    function _world() private view returns (bytes32) {
        bytes32 accounts = keccak256(
            abi.encode(
                desk.viewAccount(requester),
                desk.viewAccount(address(enemy)),
                desk.viewAccount(worker(0)),
                desk.viewAccount(worker(1)),
                desk.viewAccount(beneficiary),
                desk.viewAccount(KITTY),
                rlc.balanceOf(address(enemy))
            )
        );
        return keccak256(
            abi.encode(accounts, desk.viewTask(first), desk.viewTask(other), desk.viewTask(due), desk.totalSupply())
        );
    }

    function checkSupply() private view {
        uint256 sum = free(address(enemy)) + locked(address(enemy)) + free(beneficiary);
        sum += free(requester) + locked(requester) + free(scheduler) + free(KITTY) + locked(KITTY);
        for (uint256 i = 0; i < 6; ++i) {
            sum += free(worker(i)) + locked(worker(i));
        }
        vm.assertEq(sum, desk.totalSupply());
        vm.assertEq(rlc.balanceOf(address(hub)), desk.totalSupply());
    }
}
