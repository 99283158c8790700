// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Escrow} from "../../src/Escrow.sol";
import {MarketTest} from "../support/MarketTest.sol";
import {NativeDesk} from "../../src/NativeDesk.sol";

/// @notice Takes its money once more whenever coins arrive, and ends the call well or badly when that fails.
contract NativeReenterer {
    NativeDesk private immutable desk;
    bool private immutable gives;
    uint256 public failed;

    constructor(NativeDesk desk_, bool gives_) {
        (desk, gives) = (desk_, gives_);
    }

    function deposit(uint256 value) external {
        desk.deposit{value: value}();
    }

    function withdraw(uint256 amount) external {
        desk.withdraw(amount);
    }

    receive() external payable {
        // The same once more: more than is left, where it took more than half.
        (bool success,) = address(desk).call(abi.encodeCall(desk.withdraw, (msg.value / 1e9)));
        if (success) return;
        ++failed;
        require(gives);
    }
}

/// @notice Who takes his coins twice gains nothing: what he has in and out of the market is what he brought.
contract CoinsTest is MarketTest {
    NativeDesk private native;

    function setUp() public override {
        super.setUp();
        address door_ = vm.deployCode("NativeDesk.sol:NativeDesk", abi.encode(apps, datasets, pools));
        native = NativeDesk(payable(vm.deployCode("Hub.sol:Hub", abi.encode(door_, 0))));
        vm.deal(address(this), 5 ether);
        native.depositFor{value: 5 ether}(requester);
    }

    function _checkBooks(NativeReenterer thief, uint256 brought) private view {
        vm.assertEq(address(thief).balance + native.balanceOf(address(thief)) * 1e9, brought);
        vm.assertEq(native.balanceOf(requester), 5e9);
        vm.assertEq(address(native).balance, native.totalSupply() * 1e9);
    }

    function testFuzz_whoReentersAWithdrawalGetsWhatIsHis(uint64 amount, uint64 part, bool gives) external {
        amount = uint64(bound(amount, 1, 5e9));
        // Often enough to be worth it, not so often that the gas is gone.
        part = uint64(bound(part, amount / 20 + 1, amount));
        NativeReenterer thief = new NativeReenterer(native, gives);
        vm.deal(address(thief), uint256(amount) * 1e9);
        thief.deposit(uint256(amount) * 1e9);
        // He asks again until there is not enough left; then he gives in, or everything is undone.
        try thief.withdraw(part) {
            vm.assertEq(thief.failed(), 1);
            vm.assertEq(native.balanceOf(address(thief)), amount % part);
        } catch (bytes memory reason) {
            vm.assertFalse(gives);
            vm.assertEq(bytes32(bytes4(reason)), bytes32(NativeDesk.SendFailed.selector));
            vm.assertEq(native.balanceOf(address(thief)), amount);
        }
        _checkBooks(thief, uint256(amount) * 1e9);
    }

    /// What is not a whole nRLC comes back, and with it control, when the deposit is already booked.
    function testFuzz_whoReentersADepositGetsWhatIsHis(uint64 value) external {
        NativeReenterer thief = new NativeReenterer(native, true);
        vm.deal(address(thief), value);
        thief.deposit(value);
        vm.assertEq(native.balanceOf(address(thief)), value / 1e9);
        _checkBooks(thief, value);
    }
}
