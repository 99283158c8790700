// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {AppOrder, DatasetOrder, RequestOrder, WorkerpoolOrder} from "../../src/Orders.sol";
import {MarketTest, OrderHashes} from "../support/MarketTest.sol";
import {Matching} from "../../src/Matching.sol";
import {Signatures} from "../../src/Signatures.sol";

/// @notice Whoever writes a signature in another form gains nothing: an order is spent by its hash, in whose making the
/// signature has no part.
contract MalleabilityTest is MarketTest {
    using OrderHashes for AppOrder;
    using OrderHashes for DatasetOrder;
    using OrderHashes for WorkerpoolOrder;
    using OrderHashes for RequestOrder;

    /// Signatures: an account agrees by ECDSA, 65 bytes or 64 (EIP-2098).
    function testFuzz_anOrderSpentInOneFormIsSpentInTheOther(uint8 forms, uint8 again, uint8 volume, bytes32 salt)
        external
    {
        Orders4 memory o = times(priced(1, 0, 1, 1), bound(volume, 1, 100));
        o = signed(salted(o, uint256(plain(salt))));
        Orders4 memory one = _inForm(o, forms);
        bytes32 dealid = hub.matchOrders(one.a, one.d, one.w, one.r);
        vm.assertEq(desk.viewDeal(dealid).botSize, o.r.volume);
        uint256 paid = locked(requester);
        Orders4 memory two = _inForm(o, again);
        vm.expectRevert(abi.encodeWithSelector(Matching.NoVolumeLeft.selector, 0, 0, 0, 0));
        hub.matchOrders(two.a, two.d, two.w, two.r);
        vm.assertEq(locked(requester), paid);
    }

    /// One bit an order: long or compact.
    function _inForm(Orders4 memory o, uint8 forms) private pure returns (Orders4 memory form) {
        form = abi.decode(abi.encode(o), (Orders4));
        if (forms & 1 > 0) form.a.sign = compact(o.a.sign);
        if (forms & 2 > 0) form.d.sign = compact(o.d.sign);
        if (forms & 4 > 0) form.w.sign = compact(o.w.sign);
        if (forms & 8 > 0) form.r.sign = compact(o.r.sign);
    }

    /// Signatures: the lower of the two values of s only.
    function testFuzz_theMirroredSignatureIsNone(bytes32 salt) external {
        Orders4 memory o = orders();
        o.r.salt = plain(salt);
        o = signed(o);
        bytes memory good = o.r.sign;
        o.r.sign = mirrored(good);
        _refused(o);
        o.r.sign = good;
        hub.matchOrders(o.a, o.d, o.w, o.r);
    }

    function testFuzz_norIsOneWithAnotherRecoveryByte(bytes32 salt, uint8 v) external {
        Orders4 memory o = orders();
        o.r.salt = plain(salt);
        o = signed(o);
        vm.assume(v != uint8(o.r.sign[64]));
        o.r.sign[64] = bytes1(v);
        _refused(o);
    }

    function testFuzz_norIsOneOfAnotherLength(bytes32 salt, uint8 length) external {
        // 64 bytes are the compact form: see below.
        vm.assume(length != 65 && length != 64);
        Orders4 memory o = orders();
        o.r.salt = plain(salt);
        o = signed(o);
        bytes memory cut = new bytes(length);
        for (uint256 i = 0; i < length && i < 65; ++i) {
            cut[i] = o.r.sign[i];
        }
        o.r.sign = cut;
        _refused(o);
    }

    /// The compact form has the recovery bit where s has its highest: turned, it is another's signature.
    function testFuzz_norIsACompactOneWithItsBitTurned(bytes32 salt) external {
        Orders4 memory o = orders();
        o.r.salt = plain(salt);
        o = signed(o);
        o.r.sign = compact(o.r.sign);
        o.r.sign[32] ^= 0x80;
        _refused(o);
    }

    /// Signatures are never replayed: for another order.
    function testFuzz_aSignatureIsForOneOrder(bytes32 salt, bytes32 other) external {
        vm.assume(plain(salt) != plain(other));
        Orders4 memory o = orders();
        o.r.salt = plain(salt);
        o = signed(o);
        o.r.salt = plain(other);
        _refused(o);
    }

    /// Signatures are never replayed: on another chain, after a fork for instance.
    function testFuzz_aSignatureIsForOneChain(uint64 chain) external {
        uint256 another = bound(chain, 1, type(uint64).max);
        vm.assume(another != block.chainid);
        Orders4 memory o = signed(priced(1, 0, 1, 0));
        vm.chainId(another);
        vm.expectRevert(abi.encodeWithSelector(Signatures.BadSignature.selector, appOwner, typed(o.a.hash())));
        hub.matchOrders(o.a, o.d, o.w, o.r);
        // And what is signed there is good there.
        matched(o);
    }

    /// Signatures are never replayed: in another market with the same registries.
    function testFuzz_aSignatureIsForOneMarket(bytes32 salt) external {
        Orders4 memory o = orders();
        o.r.salt = plain(salt);
        o = signed(o);
        Matching another = Matching(vm.deployCode("ScoredHub.sol:ScoredHub", abi.encode(door(), 0)));
        (bool success,) =
            address(another).call(abi.encodeWithSignature("createCategory(string,string,uint256)", "", "", 300));
        vm.assertTrue(success);
        vm.expectPartialRevert(Signatures.BadSignature.selector);
        another.matchOrders(o.a, o.d, o.w, o.r);
    }

    function _refused(Orders4 memory o) private {
        vm.expectRevert(abi.encodeWithSelector(Signatures.BadSignature.selector, requester, typed(o.r.hash())));
        hub.matchOrders(o.a, o.d, o.w, o.r);
    }
}
