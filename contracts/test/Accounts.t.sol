// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Accounts} from "../src/Accounts.sol";
import {Announcement} from "../src/Announcement.sol";
import {Desk} from "../src/Desk.sol";
import {Escrow} from "../src/Escrow.sol";
import {MarketTest} from "./support/MarketTest.sol";
import {NativeDesk} from "../src/NativeDesk.sol";
import {State} from "../src/State.sol";
import {TokenDesk} from "../src/TokenDesk.sol";

/// @notice Takes seven, and refuses anything else.
contract Spender {
    bytes public data;

    function receiveApproval(address sender, uint256 amount, address token, bytes calldata data_)
        external
        returns (bool)
    {
        data = data_;
        return amount == 7 && TokenDesk(payable(token)).transferFrom(sender, address(this), amount);
    }
}

/// @notice Money enters, moves between accounts, and leaves.
contract AccountsTest is MarketTest {
    address private constant ALICE = address(0xa11ce);
    address private constant BOB = address(0xb0b);
    uint256 private constant MOST = 1_000_000 * RLC_1;

    function testFuzz_whatIsDepositedCanBeWithdrawn(uint64 amount, uint64 part) external {
        uint256 supply = desk.totalSupply();
        amount = uint64(bound(amount, 0, MOST));
        rlc.transfer(ALICE, amount);
        vm.startPrank(ALICE);
        rlc.approve(address(hub), amount);
        vm.assertTrue(desk.deposit(amount));
        vm.assertEq(free(ALICE), amount);
        vm.assertEq(desk.balanceOf(ALICE), amount);
        vm.assertEq(desk.totalSupply(), supply + amount);
        part = uint64(bound(part, 0, amount));
        vm.assertTrue(desk.withdrawTo(part, BOB));
        vm.assertTrue(desk.withdraw(amount - part));
        vm.assertEq(rlc.balanceOf(BOB), part);
        vm.assertEq(rlc.balanceOf(ALICE), amount - part);
        vm.assertEq(desk.totalSupply(), supply);
        vm.expectRevert(abi.encodeWithSelector(Escrow.InsufficientFree.selector, ALICE, 0, 1));
        desk.withdraw(1);
    }

    function testFuzz_depositsByApproveAndCall(uint64 amount) external {
        amount = uint64(bound(amount, 0, MOST));
        rlc.transfer(ALICE, amount);
        vm.prank(ALICE);
        vm.assertTrue(rlc.approveAndCall(address(hub), amount, ""));
        vm.assertEq(free(ALICE), amount);
        vm.expectRevert(abi.encodeWithSelector(TokenDesk.WrongToken.selector, address(this), address(rlc)));
        desk.receiveApproval(ALICE, amount, address(rlc), "");
    }

    function test_depositsAndMakesADealAtOnce() external {
        rlc.transfer(requester, 50 * RLC_1);
        Orders4 memory o = signed(priced(1, 0, 1, 1049 * RLC_1));
        bytes memory data = abi.encodeCall(hub.matchOrders, (o.a, o.d, o.w, o.r));
        vm.expectRevert(abi.encodeWithSelector(TokenDesk.NotTheRequester.selector, address(this), requester));
        rlc.approveAndCall(address(hub), 50 * RLC_1, data);
        vm.startPrank(requester);
        vm.expectRevert(abi.encodeWithSelector(TokenDesk.NotAMatch.selector, hub.sponsorMatchOrders.selector));
        rlc.approveAndCall(address(hub), 1, abi.encodeCall(hub.sponsorMatchOrders, (o.a, o.d, o.w, o.r)));
        vm.expectRevert(
            abi.encodeWithSelector(Escrow.InsufficientFree.selector, requester, 1000 * RLC_1 + 1, 1049 * RLC_1 + 1)
        );
        rlc.approveAndCall(address(hub), 1, data);
        rlc.approveAndCall(address(hub), 50 * RLC_1, data);
        vm.assertEq(locked(requester), 1049 * RLC_1 + 1);
        vm.assertEq(free(requester), 1 * RLC_1 - 1);
    }

    function test_depositsForMany() external {
        uint256[] memory amounts = new uint256[](2);
        address[] memory targets = new address[](2);
        (amounts[0], amounts[1], targets[0], targets[1]) = (1, 2, ALICE, BOB);
        rlc.approve(address(hub), 3);
        vm.assertTrue(desk.depositForArray(amounts, targets));
        vm.assertEq(free(ALICE), 1);
        vm.assertEq(free(BOB), 2);
        vm.expectRevert(abi.encodeWithSelector(TokenDesk.LengthMismatch.selector, 2, 1));
        desk.depositForArray(amounts, new address[](1));
    }

    function testFuzz_movesBetweenAccounts(uint64 amount, uint64 allowed) external {
        amount = uint64(bound(amount, 0, 1000 * RLC_1));
        vm.prank(requester);
        vm.assertTrue(desk.transfer(ALICE, amount));
        vm.assertEq(free(ALICE), amount);
        vm.prank(ALICE);
        vm.assertTrue(desk.approve(BOB, allowed));
        vm.prank(BOB);
        if (allowed < amount) {
            vm.expectRevert(
                abi.encodeWithSelector(Accounts.InsufficientAllowance.selector, ALICE, BOB, allowed, amount)
            );
        }
        desk.transferFrom(ALICE, BOB, amount);
        if (allowed >= amount) {
            vm.assertEq(free(BOB), amount);
            vm.prank(BOB);
            vm.assertTrue(desk.transferFrom(ALICE, BOB, 0));
            vm.assertEq(desk.allowance(ALICE, BOB), allowed - amount);
        }
        checkSupply();
    }

    function test_tellsASpenderWhatItMaySpend() external {
        Spender spender = new Spender();
        vm.prank(requester);
        vm.assertTrue(desk.approveAndCall(address(spender), 7, "data"));
        vm.assertEq(free(address(spender)), 7);
        vm.assertEq(spender.data(), "data");
        vm.prank(requester);
        vm.expectRevert(abi.encodeWithSelector(Announcement.SpenderRefused.selector, address(spender), 8));
        desk.approveAndCall(address(spender), 8, "");
        vm.assertEq(desk.allowance(requester, address(spender)), 0);
    }

    function test_allowancesRiseAndFall() external {
        vm.assertTrue(desk.increaseAllowance(BOB, 5));
        vm.assertTrue(desk.decreaseAllowance(BOB, 2));
        vm.assertEq(desk.allowance(address(this), BOB), 3);
        vm.expectRevert(abi.encodeWithSelector(Accounts.InsufficientAllowance.selector, address(this), BOB, 3, 4));
        desk.decreaseAllowance(BOB, 4);
        vm.expectRevert(Escrow.NoAccount.selector);
        desk.transfer(address(0), 0);
    }

    function testFuzz_theOwnerTakesOnlyWhatNobodyHas(uint64 amount) external {
        amount = uint64(bound(amount, 0, MOST));
        rlc.transfer(address(hub), amount);
        vm.assertEq(desk.recover(), amount);
        vm.assertEq(free(address(this)), amount);
        vm.assertEq(desk.recover(), 0);
        vm.prank(ALICE);
        vm.expectRevert(abi.encodeWithSelector(State.NotOwner.selector, ALICE, address(this)));
        desk.recover();
    }

    function test_coinsAndUnknownCallsAreRefused() external {
        vm.deal(address(this), 1 ether);
        (bool success, bytes memory reason) = address(hub).call{value: 1}("");
        vm.assertFalse(success);
        vm.assertEq(reason, abi.encodeWithSelector(TokenDesk.CoinsNotAccepted.selector, 1));
        (success, reason) = address(hub).call(hex"12345678");
        vm.assertFalse(success);
        vm.assertEq(reason, abi.encodeWithSelector(Desk.UnknownFunction.selector, bytes4(0x12345678)));
        (success,) = address(hub).call{value: 1}(abi.encodeCall(desk.transfer, (ALICE, 0)));
        vm.assertFalse(success);
    }

    function test_ownershipIsPassedOnOrGivenUp() external {
        desk.transferOwnership(ALICE);
        vm.assertEq(desk.owner(), ALICE);
        vm.expectRevert(abi.encodeWithSelector(State.NotOwner.selector, address(this), ALICE));
        desk.createCategory("", "", 1);
        vm.startPrank(ALICE);
        vm.expectRevert(abi.encodeWithSelector(Desk.CallbackGasOutOfRange.selector, 1_000_001, 100_000, 1_000_000));
        desk.setCallbackGas(1_000_001);
        vm.expectRevert(abi.encodeWithSelector(Desk.CallbackGasOutOfRange.selector, 99_999, 100_000, 1_000_000));
        desk.setCallbackGas(99_999);
        desk.setCallbackGas(1_000_000);
        desk.setCallbackGas(100_000);
        vm.assertEq(desk.callbackgas(), 100_000);
        vm.expectRevert(Escrow.NoAccount.selector);
        desk.transferOwnership(address(0));
        desk.renounceOwnership();
        vm.assertEq(desk.owner(), address(0));
    }

    function testFuzz_categoriesAreAddedAndKept(string calldata name, string calldata description, uint256 duration)
        external
    {
        duration = bound(duration, 1, 3650 days);
        uint256 id = desk.createCategory(name, description, duration);
        vm.assertEq(id, 2);
        vm.assertEq(desk.countCategory(), 3);
        vm.assertEq(desk.viewCategory(2).name, name);
        vm.assertEq(desk.viewCategory(2).description, description);
        vm.assertEq(desk.viewCategory(2).workClockTimeRef, duration);
        vm.expectRevert(abi.encodeWithSelector(Desk.DurationOutOfRange.selector, 0, 1, 3650 days));
        desk.createCategory("", "", 0);
    }

    /// Accounts of these tests that `checkBooks` does not know.
    function checkSupply() private view {
        vm.assertEq(rlc.balanceOf(address(hub)), desk.totalSupply());
    }
}

/// @notice The same where the chain's coin is the money: 1 nRLC is 1e9 wei.
contract NativeAccountsTest is MarketTest {
    NativeDesk private native;

    function setUp() public override {
        super.setUp();
        address door = vm.deployCode("NativeDesk.sol:NativeDesk", abi.encode(apps, datasets, pools));
        native = NativeDesk(payable(vm.deployCode("Hub.sol:Hub", abi.encode(door, 10))));
        vm.deal(requester, 100 ether);
    }

    function testFuzz_wholeUnitsAreDepositedTheRestComesBack(uint64 value, bool plain) external {
        vm.startPrank(requester);
        if (plain) {
            (bool success,) = address(native).call{value: value}("");
            vm.assertTrue(success);
        } else {
            vm.assertTrue(native.deposit{value: value}());
        }
        vm.assertEq(native.balanceOf(requester), value / 1e9);
        vm.assertEq(address(native).balance, uint256(value) / 1e9 * 1e9);
        vm.assertTrue(native.withdraw(value / 1e9));
        vm.assertEq(requester.balance, 100 ether);
        vm.assertEq(native.totalSupply(), 0);
    }

    function test_depositsForOthers() external {
        vm.startPrank(requester);
        vm.assertTrue(native.depositFor{value: 5e9}(scheduler));
        vm.assertEq(native.balanceOf(scheduler), 5);
        uint256[] memory amounts = new uint256[](2);
        address[] memory targets = new address[](2);
        (amounts[0], amounts[1], targets[0], targets[1]) = (1, 2, scheduler, requester);
        vm.assertTrue(native.depositForArray{value: 1 ether}(amounts, targets));
        vm.assertEq(native.balanceOf(scheduler), 6);
        vm.assertEq(requester.balance, 100 ether - 8e9);
        vm.expectRevert(abi.encodeWithSelector(NativeDesk.ValueTooLow.selector, 2e9, 3e9));
        native.depositForArray{value: 2e9}(amounts, targets);
        vm.expectRevert(abi.encodeWithSelector(NativeDesk.LengthMismatch.selector, 2, 1));
        native.depositForArray{value: 3e9}(amounts, new address[](1));
        vm.assertTrue(native.depositForArray{value: 3e9}(amounts, targets));
        vm.assertEq(native.balanceOf(scheduler), 7);
        vm.assertTrue(native.withdrawTo(2, address(0xf00)));
        vm.assertEq(address(0xf00).balance, 2e9);
        vm.assertEq(address(native.token()), address(0));
    }

    function test_theOwnerTakesOnlyWhatNobodyHas() external {
        vm.prank(requester);
        native.deposit{value: 7e9}();
        vm.deal(address(native), 10e9);
        vm.assertEq(native.recover(), 3);
        vm.assertEq(native.balanceOf(address(this)), 3);
    }
}
