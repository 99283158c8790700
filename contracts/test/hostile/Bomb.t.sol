// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Bomb} from "../support/Enemies.sol";
import {MarketTest} from "../support/MarketTest.sol";
import {Registry} from "../../src/registries/Registry.sol";
import {Signatures} from "../../src/Signatures.sol";

/// @notice Whoever answers half a megabyte gains nothing: nobody copies it, so that it costs the gas of who made it.
/// Signatures: every outside contract is asked by a call that copies a bounded answer.
contract BombTest is MarketTest {
    // To make the answer costs the bomb about 530,000; to copy it would cost the same once more, and to pass it on.
    uint256 private constant ENOUGH = 900_000;

    address private bomb;

    function setUp() public override {
        super.setUp();
        bomb = address(new Bomb());
    }

    function testFuzz_asAWallet(bytes32 hash) external view {
        vm.assertFalse(desk.verifySignature{gas: ENOUGH}(bomb, hash, ""));
    }

    function testFuzz_asAGroup(uint256 which) external {
        (Orders4 memory o,) = restricted(which % 10, bomb);
        o = signed(o);
        hub.matchOrders{gas: ENOUGH + 400_000}(o.a, o.d, o.w, o.r);
    }

    function testFuzz_asACallback(uint64 promised) external {
        promised = uint64(bound(promised, 100_000, 1_000_000));
        desk.setCallbackGas(promised);
        bytes memory answer = abi.encode(uint256(42));
        Orders4 memory o = priced(1, 0, 0, 0);
        o.r.callback = bomb;
        bytes32 taskid = task(o);
        contribute(0, taskid, keccak256(answer));
        reveal(0, taskid, keccak256(answer));
        vm.prank(scheduler);
        uint256 before = gasleft();
        hub.finalize(taskid, "", answer);
        vm.assertLe(before - gasleft(), uint256(promised) + 300_000);
    }

    function testFuzz_asTheReceiverOfAnAsset(bytes32 data) external {
        uint256 id = uint256(uint160(address(app)));
        vm.prank(appOwner);
        vm.expectRevert(abi.encodeWithSelector(Registry.UnsafeRecipient.selector, bomb));
        apps.safeTransferFrom{gas: ENOUGH}(appOwner, bomb, id, abi.encode(data));
        vm.assertEq(apps.ownerOf(id), appOwner);
    }

    /// It says yes, in its first word, and is told of what it may spend: of the market's accounts and of the token.
    function testFuzz_asASpender(uint64 amount, bytes32 data) external {
        vm.prank(requester);
        vm.assertTrue(desk.approveAndCall{gas: ENOUGH}(bomb, amount, abi.encode(data)));
        vm.assertTrue(rlc.approveAndCall{gas: ENOUGH}(bomb, amount, abi.encode(data)));
        vm.assertEq(desk.allowance(requester, bomb), amount);
        vm.assertEq(rlc.allowance(address(this), bomb), amount);
    }

    function testFuzz_asARequester(bytes32 salt) external {
        Orders4 memory o = orders();
        o.r.requester = bomb;
        o.r.salt = plain(salt);
        o = signed(o);
        vm.expectPartialRevert(Signatures.BadSignature.selector);
        hub.matchOrders{gas: ENOUGH}(o.a, o.d, o.w, o.r);
    }
}
