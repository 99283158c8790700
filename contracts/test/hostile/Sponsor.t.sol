// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Escrow} from "../../src/Escrow.sol";
import {MarketTest} from "../support/MarketTest.sol";
import {Matching} from "../../src/Matching.sol";

/// @notice Whoever overtakes a sponsor gains nothing: a request that names its sponsor is paid by him or not at all.
contract SponsorTest is MarketTest {
    address private sponsor = worker(5);

    /// Matching: a request that names its sponsor is paid by him or not at all.
    /// Fails on PoCo, where whoever sees a request that waits for its sponsor makes the requester pay.
    function testFuzz_aRequestThatNamesItsSponsorIsPaidByNobodyElse(uint48 nonce, uint256 who, uint64 price) external {
        price = uint64(bound(price, 1, 1000 * RLC_1));
        Orders4 memory o = priced(1, 0, 0, price);
        o.r.salt = sponsoredBy(sponsor, nonce);
        o = signed(o);
        vm.expectRevert(abi.encodeWithSelector(Matching.NotTheSponsor.selector, requester, sponsor));
        hub.matchOrders(o.a, o.d, o.w, o.r);
        address other = worker(who % 5);
        vm.prank(other);
        vm.expectRevert(abi.encodeWithSelector(Matching.NotTheSponsor.selector, other, sponsor));
        hub.sponsorMatchOrders(o.a, o.d, o.w, o.r);
        vm.assertEq(locked(other) + locked(requester), 0);

        vm.prank(sponsor);
        bytes32 dealid = hub.sponsorMatchOrders(o.a, o.d, o.w, o.r);

        vm.assertEq(locked(requester), 0);
        vm.assertEq(locked(sponsor), price);
        vm.assertEq(desk.viewDeal(dealid).sponsor, sponsor);
        vm.assertEq(desk.viewDeal(dealid).requester, requester);
    }

    /// Not even by the requester, though it is his order; and a sponsor without money sponsors nothing.
    function testFuzz_aSponsorWithoutMoneyIsNotReplaced(uint48 nonce, uint64 price) external {
        price = uint64(bound(price, 1, 1000 * RLC_1));
        Orders4 memory o = priced(1, 0, 0, price);
        o.r.salt = sponsoredBy(sponsor, nonce);
        o = signed(o);
        vm.prank(sponsor);
        desk.withdraw(1000 * RLC_1);
        vm.prank(sponsor);
        vm.expectRevert(abi.encodeWithSelector(Escrow.InsufficientFree.selector, sponsor, 0, price));
        hub.sponsorMatchOrders(o.a, o.d, o.w, o.r);
        vm.prank(requester);
        vm.expectRevert(abi.encodeWithSelector(Matching.NotTheSponsor.selector, requester, sponsor));
        hub.matchOrders(o.a, o.d, o.w, o.r);
    }

    /// Six bytes decide: with any other beginning a salt is a salt.
    function testFuzz_anyOtherSaltNamesNobody(bytes32 salt, uint8 bit) external {
        bytes6 mark = bytes6(keccak256("sponsored"));
        // The mark but for one bit, or anything at all.
        if (bit < 48) salt = bytes32(mark ^ bytes6(uint48(1) << bit)) | (salt >> 48);
        vm.assume(bytes6(salt) != mark);
        Orders4 memory o = priced(1, 0, 0, RLC_1);
        o.r.salt = salt;
        matched(o);
        vm.assertEq(locked(requester), RLC_1);
    }

    /// Without a name in its salt, a request may be matched at its requester's cost: his signature allows that. He who
    /// has nothing here can't be charged.
    function testFuzz_overtakingASponsorTakesNothingFromWhoHasNothing(uint64 price) external {
        price = uint64(bound(price, 1, 1000 * RLC_1));
        Orders4 memory o = signed(priced(1, 0, 0, price));
        vm.prank(requester);
        desk.withdraw(1000 * RLC_1);
        vm.expectRevert(abi.encodeWithSelector(Escrow.InsufficientFree.selector, requester, 0, price));
        hub.matchOrders(o.a, o.d, o.w, o.r);
        vm.prank(sponsor);
        hub.sponsorMatchOrders(o.a, o.d, o.w, o.r);
        vm.assertEq(locked(sponsor), price);
    }
}
