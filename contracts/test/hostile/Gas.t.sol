// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {MarketTest} from "../support/MarketTest.sol";
import {Settlement} from "../../src/Settlement.sol";
import {TaskStatus} from "../../src/State.sol";

/// @notice Notes how much gas it is called with.
contract Gauge {
    uint256 public gas;

    fallback() external {
        gas = gasleft();
    }
}

/// @notice Who finalizes with little gas gains nothing: the callback gets what it was promised, or nothing happens.
/// Settlement: the callback comes last, gets the gas it was promised and no more, and cannot stop a task from ending.
contract GasTest is MarketTest {
    // What the gauge spends before it reads it.
    uint256 private constant READING = 200;

    bytes private answer = abi.encode(uint256(42));

    function _ready(address callback, uint256 promised) private returns (bytes32 taskid) {
        desk.setCallbackGas(promised);
        Orders4 memory o = priced(1, 5, 0, 100 * RLC_1);
        o.r.callback = callback;
        taskid = task(o);
    }

    function _checkGauge(Gauge gauge, bytes32 taskid, bool success, uint256 promised) private view {
        if (success) {
            checkStatus(taskid, TaskStatus.COMPLETED);
            vm.assertGe(gauge.gas(), promised - READING);
            vm.assertLe(gauge.gas(), promised);
        } else {
            vm.assertEq(gauge.gas(), 0);
            vm.assertTrue(status(taskid) != TaskStatus.COMPLETED);
            vm.assertEq(free(worker(0)) + locked(worker(0)), 1000 * RLC_1);
        }
    }

    function testFuzz_finalizeDeliversWithThePromisedGasOrNotAtAll(uint256 gas_, uint256 promised) external {
        promised = bound(promised, 100_000, 1_000_000);
        Gauge gauge = new Gauge();
        bytes32 taskid = _ready(address(gauge), promised);
        contribute(0, taskid, keccak256(answer));
        reveal(0, taskid, keccak256(answer));
        // Around what it takes: from too little by far to enough for sure.
        gas_ = bound(gas_, promised, promised + 400_000);
        vm.prank(scheduler);
        (bool success,) = address(hub).call{gas: gas_}(abi.encodeCall(hub.finalize, (taskid, "", answer)));
        _checkGauge(gauge, taskid, success, promised);
        if (gas_ == promised + 400_000) vm.assertTrue(success);
    }

    /// Where there is no callback, nothing is kept back for one.
    function testFuzz_noGasIsKeptForACallbackThatIsNotThere(uint256 promised) external {
        promised = bound(promised, 500_000, 1_000_000);
        bytes32 taskid = _ready(address(0), promised);
        contribute(0, taskid, keccak256(answer));
        reveal(0, taskid, keccak256(answer));
        vm.prank(scheduler);
        hub.finalize{gas: 500_000}(taskid, "", answer);
        checkStatus(taskid, TaskStatus.COMPLETED);
    }

    function testFuzz_soDoesTheShortWay(uint256 gas_, uint256 promised) external {
        promised = bound(promised, 100_000, 1_000_000);
        Gauge gauge = new Gauge();
        bytes32 taskid = _ready(address(gauge), promised);
        gas_ = bound(gas_, promised, promised + 600_000);
        bytes memory call = abi.encodeCall(
            hub.contributeAndFinalize,
            (taskid, keccak256(answer), "", answer, address(0), "", authorization(worker(0), taskid))
        );
        vm.prank(worker(0));
        (bool success,) = address(hub).call{gas: gas_}(call);
        _checkGauge(gauge, taskid, success, promised);
    }

    function testFuzz_aStarvedCallbackFailsTheWhole(uint256 promised) external {
        promised = bound(promised, 500_000, 1_000_000);
        bytes32 taskid = _ready(address(new Gauge()), promised);
        contribute(0, taskid, keccak256(answer));
        reveal(0, taskid, keccak256(answer));
        vm.prank(scheduler);
        vm.expectPartialRevert(Settlement.CallbackNeedsGas.selector);
        hub.finalize{gas: promised + 10_000}(taskid, "", answer);
    }

    /// With enough gas it ends, whatever there is: a contract, a wallet, nothing.
    function testFuzz_whatIsNoContractIsCalledInVain(uint160 callback) external {
        bytes32 taskid = _ready(address(uint160(bound(callback, 1 << 40, type(uint160).max))), 100_000);
        contribute(0, taskid, keccak256(answer));
        reveal(0, taskid, keccak256(answer));
        vm.prank(scheduler);
        hub.finalize(taskid, "", answer);
        checkStatus(taskid, TaskStatus.COMPLETED);
    }
}
