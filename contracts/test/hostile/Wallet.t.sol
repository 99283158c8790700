// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Enemies, Stammerer} from "../support/Enemies.sol";
import {MarketTest, OrderHashes} from "../support/MarketTest.sol";
import {AppOrder, RequestOrder} from "../../src/Orders.sol";
import {Signatures} from "../../src/Signatures.sol";

/// @notice A wallet that reverts, burns, mumbles or answers too much gains nothing: it has agreed to nothing, wherever it
/// is asked, and its name fails nothing but the call that gives it.
/// forge-config: default.fuzz.runs = 48
/// forge-config: slow.fuzz.runs = 1000
contract WalletTest is MarketTest {
    using OrderHashes for AppOrder;
    using OrderHashes for RequestOrder;

    /// Signatures: whoever has code agrees by ERC-1271, in one word, or not at all.
    function testFuzz_aWalletThatDoesNotSayYesIsNoRequester(uint256 kind, bytes32 salt) external {
        Orders4 memory o = orders();
        o.r.requester = Enemies.make(kind);
        o.r.salt = plain(salt);
        o = signed(o);
        vm.expectRevert(abi.encodeWithSelector(Signatures.BadSignature.selector, o.r.requester, typed(o.r.hash())));
        hub.matchOrders{gas: 8_000_000}(o.a, o.d, o.w, o.r);
        vm.assertEq(desk.viewConsumed(typed(o.r.hash())), 0);
        vm.assertEq(desk.viewConsumed(typed(o.a.hash())), 0);
    }

    function testFuzz_norAnOwner(uint256 kind) external {
        address wallet = Enemies.make(kind);
        vm.prank(appOwner);
        apps.transferFrom(appOwner, wallet, uint256(uint160(address(app))));
        Orders4 memory o = signed(orders());
        vm.expectRevert(abi.encodeWithSelector(Signatures.BadSignature.selector, wallet, typed(o.a.hash())));
        hub.matchOrders{gas: 8_000_000}(o.a, o.d, o.w, o.r);
    }

    function testFuzz_norAnEnclave(uint256 kind) external {
        Orders4 memory o = orders();
        o.a.tag = o.w.tag = bytes32(uint256(9));
        bytes32 taskid = task(o);
        address enclave = Enemies.make(kind);
        address who = worker(0);
        bytes memory permission = signText(SCHEDULER_KEY, keccak256(abi.encodePacked(who, taskid, enclave)));
        vm.prank(who);
        vm.expectPartialRevert(Signatures.BadSignature.selector);
        hub.contribute{gas: 8_000_000}(taskid, RIGHT, RIGHT, enclave, "", permission);
        vm.assertEq(desk.viewTask(taskid).contributors.length, 0);
    }

    function testFuzz_norAScheduler(uint256 kind) external {
        address wallet = Enemies.make(kind);
        bytes32 dealid = _dealOf(wallet);
        bytes32 taskid = hub.initialize(dealid, 0);
        vm.prank(worker(0));
        vm.expectPartialRevert(Signatures.BadSignature.selector);
        hub.contribute{gas: 8_000_000}(taskid, RIGHT, RIGHT, address(0), "", "");
        vm.assertEq(locked(worker(0)), 0);
    }

    /// A deal whose scheduler signed with his key, and became a contract since.
    function _dealOf(address wallet) private returns (bytes32 dealid) {
        dealid = matched(orders());
        vm.etch(scheduler, wallet.code);
    }

    function testFuzz_asked_itAnswersNoAndCostsItsAskerOnlyGas(uint256 kind, bytes32 hash, bytes calldata signature)
        external
    {
        bytes memory question = abi.encodeCall(desk.verifySignature, (Enemies.make(kind), hash, signature));
        (bool success, bytes memory answer) = address(desk).call{gas: 5_000_000}(question);
        vm.assertTrue(success);
        vm.assertFalse(abi.decode(answer, (bool)));
    }
}
