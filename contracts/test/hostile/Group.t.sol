// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Enemies} from "../support/Enemies.sol";
import {MarketTest} from "../support/MarketTest.sol";
import {Restriction, Signatures} from "../../src/Signatures.sol";

/// @notice A group that reverts, burns, mumbles or answers too much gains nothing: it lets nobody in.
/// forge-config: default.fuzz.runs = 48
/// forge-config: slow.fuzz.runs = 1000
contract GroupTest is MarketTest {
    function testFuzz_aGroupThatDoesNotSayYesLetsNobodyIn(uint256 kind, uint256 which) external {
        // A bomb begins like a yes, and so it is one: see the test below.
        kind = bound(kind, 0, Enemies.COUNT - 1);
        vm.assume(kind != 2);
        which = bound(which, 0, uint256(type(Restriction).max));
        address group = Enemies.make(kind);
        (Orders4 memory o, address subject) = restricted(which, group);
        o = signed(o);
        vm.expectRevert(abi.encodeWithSelector(Signatures.Restricted.selector, which, group, subject));
        hub.matchOrders{gas: 8_000_000}(o.a, o.d, o.w, o.r);
    }

    /// Half a megabyte that begins with a yes is a yes from a group that its owner chose, and costs its gas, no more.
    function testFuzz_ofALongAnswerOneWordIsRead(uint256 which) external {
        which = bound(which, 0, uint256(type(Restriction).max));
        (Orders4 memory o,) = restricted(which, Enemies.make(2));
        o = signed(o);
        vm.assertTrue(hub.matchOrders{gas: 2_000_000}(o.a, o.d, o.w, o.r) != 0);
    }

    /// Whom nobody made a contract lets in only himself.
    function testFuzz_anAddressWithoutCodeIsNoGroup(uint256 which, uint160 stranger) external {
        which = bound(which, 0, uint256(type(Restriction).max));
        address group = address(uint160(bound(stranger, 1 << 32, type(uint160).max)));
        vm.assume(group.code.length == 0 && group != requester);
        (Orders4 memory o, address subject) = restricted(which, group);
        o = signed(o);
        vm.expectRevert(abi.encodeWithSelector(Signatures.Restricted.selector, which, group, subject));
        hub.matchOrders(o.a, o.d, o.w, o.r);
    }
}
