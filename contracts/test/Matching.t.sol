// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Deal} from "../src/Deals.sol";
import {Deals} from "../src/Deals.sol";
import {Escrow} from "../src/Escrow.sol";
import {MarketTest} from "./support/MarketTest.sol";
import {Matching} from "../src/Matching.sol";
import {OrderHashes} from "./support/MarketTest.sol";
import {AppOrder, DatasetOrder, RequestOrder, WorkerpoolOrder} from "../src/Orders.sol";
import {Restriction, Signatures} from "../src/Signatures.sol";
import {State} from "../src/State.sol";

contract Group {
    mapping(bytes32 key => bool) private members;

    constructor(address member) {
        members[bytes32(uint256(uint160(member)))] = true;
    }

    function keyHasPurpose(bytes32 key, uint256 purpose) external view returns (bool) {
        return purpose == 4 && members[key];
    }
}

/// @notice An ERC-1271 wallet that agrees to one hash, whatever the signature.
contract Wallet {
    bytes32 private immutable hash;

    constructor(bytes32 hash_) {
        hash = hash_;
    }

    function isValidSignature(bytes32 hash_, bytes calldata) external view returns (bytes4) {
        return hash_ == hash ? this.isValidSignature.selector : bytes4(0);
    }
}

/// @notice Which orders fit, and what comes of them.
contract MatchingTest is MarketTest {
    using OrderHashes for AppOrder;
    using OrderHashes for DatasetOrder;
    using OrderHashes for WorkerpoolOrder;
    using OrderHashes for RequestOrder;

    function testFuzz_aDealIsWhatWasOrdered(uint64 a, uint64 d, uint64 w, uint32 volume, uint64 trust, bytes32 tag)
        external
    {
        (a, d, w) = (uint64(bound(a, 0, 1e9)), uint64(bound(d, 1, 1e9)), uint64(bound(w, 0, 1e9)));
        volume = uint32(bound(volume, 1, 300));
        Orders4 memory o = times(priced(bound(trust, 0, 1_000_000), a, d, w), volume);
        o.a.tag = tag;
        o.w.tag = tag;
        bytes32 dealid = matched(o);

        Deal memory deal = desk.viewDeal(dealid);
        vm.assertEq(dealid, keccak256(abi.encodePacked(typed(o.r.hash()), uint256(0))));
        vm.assertEq(deal.app.pointer, address(app));
        vm.assertEq(deal.app.owner, appOwner);
        vm.assertEq(deal.app.price, a);
        vm.assertEq(deal.dataset.pointer, address(dataset));
        vm.assertEq(deal.dataset.owner, datasetOwner);
        vm.assertEq(deal.dataset.price, d);
        vm.assertEq(deal.workerpool.pointer, address(pool));
        vm.assertEq(deal.workerpool.owner, scheduler);
        vm.assertEq(deal.workerpool.price, w);
        vm.assertEq(deal.trust, o.r.trust == 0 ? 1 : o.r.trust);
        vm.assertEq(deal.tag, tag);
        vm.assertEq(deal.requester, requester);
        vm.assertEq(deal.beneficiary, beneficiary);
        vm.assertEq(deal.params, o.r.params);
        vm.assertEq(deal.startTime, block.timestamp);
        vm.assertEq(deal.botSize, volume);
        vm.assertEq(deal.workerStake, uint256(w) * 30 / 100);
        vm.assertEq(deal.schedulerRewardRatio, 1);
        vm.assertEq(deal.sponsor, requester);
        vm.assertEq(locked(requester), (uint256(a) + d + w) * volume);
        vm.assertEq(locked(scheduler), uint256(w) * 30 / 100 * volume);
        checkBooks();
    }

    function testFuzz_leftoversStayMatchable(uint8 first, uint8 more, uint8 wanted) external {
        (uint256 x, uint256 y) = (bound(first, 1, 100), bound(more, 1, 100));
        Orders4 memory o = times(orders(), 255);
        o.r.volume = bound(wanted, x + 1, 255);
        o.w.volume = x;
        bytes32 one = matched(o);
        o.w.volume = y;
        o.w.salt = keccak256("another pool order");
        bytes32 two = matched(o);
        vm.assertEq(desk.viewDeal(one).botSize, x);
        vm.assertEq(desk.viewDeal(two).botFirst, x);
        uint256 left = o.r.volume - x;
        vm.assertEq(desk.viewDeal(two).botSize, y < left ? y : left);
        vm.assertEq(desk.viewConsumed(typed(o.r.hash())), x + desk.viewDeal(two).botSize);
        vm.assertEq(two, keccak256(abi.encodePacked(typed(o.r.hash()), x)));
    }

    function test_noOrderServesMoreThanItsVolume() external {
        Orders4 memory o = orders();
        matched(o);
        vm.expectRevert(abi.encodeWithSelector(Matching.NoVolumeLeft.selector, 0, 0, 0, 0));
        matched(o);
    }

    function test_volumesWithoutEndMatchAsFarAsIndexesReach() external {
        Orders4 memory o = times(orders(), type(uint256).max);
        bytes32 dealid = matched(o);
        vm.assertEq(desk.viewDeal(dealid).botSize, Deals.MAX_INDEX);
        vm.expectPartialRevert(Matching.NoVolumeLeft.selector);
        matched(o);
    }

    function testFuzz_eachOrderIsUsedUpByItself(uint256 which, uint8 rest) external {
        rest = uint8(bound(rest, 1, 255));
        Orders4 memory o = times(priced(1, 0, 1, 0), uint256(rest) + 1);
        which %= 3;
        if (which == 0) o.a.volume = 1;
        if (which == 1) o.d.volume = 1;
        if (which == 2) o.w.volume = 1;
        bytes memory none = abi.encodeWithSelector(
            Matching.NoVolumeLeft.selector, which == 0 ? 0 : rest, which == 1 ? 0 : rest, which == 2 ? 0 : rest, rest
        );
        vm.assertEq(desk.viewDeal(matched(o)).botSize, 1);
        vm.expectRevert(none);
        hub.computeDealVolume(o.a, o.d, o.w, o.r);
        _refuses(o, none);
    }

    function testFuzz_computesTheVolumeOfADeal(uint8 a, uint8 d, uint8 w, uint8 r) external {
        vm.assume(a > 0 && d > 0 && w > 0 && r > 0);
        Orders4 memory o = priced(1, 0, 1, 0);
        (o.a.volume, o.d.volume, o.w.volume, o.r.volume) = (a, d, w, r);
        uint256 volume = hub.computeDealVolume(o.a, o.d, o.w, o.r);
        bytes32 dealid = matched(o);
        vm.assertEq(desk.viewDeal(dealid).botSize, volume);
    }

    /* WHAT DOES NOT FIT */

    function testFuzz_categories(uint8 requested, uint8 offered) external {
        vm.assume(requested != offered);
        Orders4 memory o = orders();
        (o.r.category, o.w.category) = (requested, offered);
        _refuses(o, abi.encodeWithSelector(Matching.CategoryMismatch.selector, requested, offered));
    }

    function testFuzz_unknownCategories(uint256 category, bool next) external {
        // The first that is not there, or any.
        category = next ? 2 : bound(category, 2, type(uint256).max);
        Orders4 memory o = orders();
        o.r.category = o.w.category = category;
        _refuses(o, abi.encodeWithSelector(State.UnknownCategory.selector, category, 2));
    }

    function testFuzz_moreTrustThanIsOffered(uint256 requested, uint256 offered) external {
        vm.assume(requested > offered);
        Orders4 memory o = orders();
        (o.r.trust, o.w.trust) = (requested, offered);
        _refuses(o, abi.encodeWithSelector(Matching.TrustNotOffered.selector, requested, offered));
    }

    function test_moreTrustThanCanBeCounted() external {
        Orders4 memory o = orders();
        o.r.trust = o.w.trust = uint256(type(uint64).max) + 1;
        _refuses(o, abi.encodeWithSelector(Matching.TrustTooHigh.selector, o.r.trust, type(uint64).max));
    }

    /// Fails on PoCo, where what does not fit is a code, and nobody is told by how much.
    function testFuzz_prices(uint256 asked, uint256 accepted) external {
        vm.assume(asked > accepted);
        Orders4 memory o = orders();
        (o.a.appprice, o.r.appmaxprice) = (asked, accepted);
        _refuses(o, abi.encodeWithSelector(Matching.AppPriceTooHigh.selector, asked, accepted));
        o = orders();
        (o.d.datasetprice, o.r.datasetmaxprice) = (asked, accepted);
        _refuses(o, abi.encodeWithSelector(Matching.DatasetPriceTooHigh.selector, asked, accepted));
        o = orders();
        (o.w.workerpoolprice, o.r.workerpoolmaxprice) = (asked, accepted);
        _refuses(o, abi.encodeWithSelector(Matching.WorkerpoolPriceTooHigh.selector, asked, accepted));
    }

    function testFuzz_tags(bytes32 needed, bytes32 offered) external {
        vm.assume(needed & ~offered != 0);
        Orders4 memory o = orders();
        (o.a.tag, o.w.tag) = (needed, offered);
        _refuses(o, abi.encodeWithSelector(Signatures.TagNotOffered.selector, needed, offered));
    }

    function test_anAppThatIsNotMadeForTheEnclaveThatIsAskedFor() external {
        Orders4 memory o = orders();
        o.r.tag = o.w.tag = bytes32(uint256(9));
        _refuses(o, abi.encodeWithSelector(Matching.AppLacksTee.selector, bytes32(uint256(9)), bytes32(0)));
    }

    function test_aDatasetDoesNotBindTheKindOfEnclave() external {
        Orders4 memory o = priced(1, 0, 1, 0);
        o.d.tag = bytes32(uint256(3));
        o.a.tag = o.w.tag = bytes32(uint256(9));
        vm.assertEq(desk.viewDeal(matched(o)).tag, bytes32(uint256(9)));
    }

    function test_anotherAppOrDatasetThanAsked() external {
        Orders4 memory o = orders();
        o.r.app = address(1);
        _refuses(o, abi.encodeWithSelector(Matching.AppMismatch.selector, address(1), address(app)));
        o = orders();
        o.r.dataset = address(1);
        _refuses(o, abi.encodeWithSelector(Matching.DatasetMismatch.selector, address(1), address(0)));
    }

    function test_everyRestrictionShutsOutAndLetsIn() external {
        address stranger = address(0x57);
        for (uint256 i = 0; i < 10; ++i) {
            (Orders4 memory o, address subject) = restricted(i, stranger);
            _refuses(o, abi.encodeWithSelector(Signatures.Restricted.selector, i, stranger, subject));
            address wrong = address(new Group(stranger));
            (o,) = restricted(i, wrong);
            _refuses(o, abi.encodeWithSelector(Signatures.Restricted.selector, i, wrong, subject));

            (o,) = restricted(i, subject);
            matched(salted(o, i + 1));
            (o,) = restricted(i, address(new Group(subject)));
            matched(salted(o, i + 100));
        }
    }

    function test_assetsThatNobodyRegistered() external {
        Orders4 memory o = orders();
        o.a.app = o.r.app = address(1);
        _refuses(o, abi.encodeWithSelector(Matching.NotRegistered.selector, address(apps), address(1)));
        o = priced(1, 0, 1, 0);
        o.d.dataset = o.r.dataset = address(app);
        _refuses(o, abi.encodeWithSelector(Matching.NotRegistered.selector, address(datasets), address(app)));
        o = orders();
        o.w.workerpool = address(dataset);
        _refuses(o, abi.encodeWithSelector(Matching.NotRegistered.selector, address(pools), address(dataset)));
    }

    function test_signaturesOfOthers() external {
        Orders4 memory o = signed(priced(1, 0, 1, 0));
        o.a.sign = o.r.sign;
        _refusesSigned(o, abi.encodeWithSelector(Signatures.BadSignature.selector, appOwner, typed(o.a.hash())));
        o = signed(priced(1, 0, 1, 0));
        o.d.sign = o.a.sign;
        _refusesSigned(o, abi.encodeWithSelector(Signatures.BadSignature.selector, datasetOwner, typed(o.d.hash())));
        o = signed(priced(1, 0, 1, 0));
        o.w.sign = "";
        _refusesSigned(o, abi.encodeWithSelector(Signatures.BadSignature.selector, scheduler, typed(o.w.hash())));
        o = signed(priced(1, 0, 1, 0));
        o.r.sign = o.w.sign;
        _refusesSigned(o, abi.encodeWithSelector(Signatures.BadSignature.selector, requester, typed(o.r.hash())));
    }

    /// Signatures: nobody agrees for the zero address.
    function testFuzz_nobodyIsNoSigner(bytes calldata signature) external {
        Orders4 memory o = signed(orders());
        o.r.requester = address(0);
        o.r.sign = signature;
        _refusesSigned(o, abi.encodeWithSelector(Signatures.BadSignature.selector, address(0), typed(o.r.hash())));
    }

    function test_moneyThatIsNotThere() external {
        Orders4 memory o = priced(1, 0, 0, 1001 * RLC_1);
        _refuses(o, abi.encodeWithSelector(Escrow.InsufficientFree.selector, requester, 1000 * RLC_1, 1001 * RLC_1));
        fund(requester, 9000 * RLC_1);
        o = priced(1, 0, 0, 4000 * RLC_1);
        _refuses(o, abi.encodeWithSelector(Escrow.InsufficientFree.selector, scheduler, 1000 * RLC_1, 1200 * RLC_1));
    }

    /* SIGNATURES */

    function test_acceptsAWalletContract() external {
        Orders4 memory o = orders();
        // The wallet's address has to be in the order before the wallet can agree to it.
        o.r.requester = address(0x1271);
        Wallet wallet = new Wallet(typed(o.r.hash()));
        vm.etch(address(0x1271), address(wallet).code);
        o = signed(o);
        hub.matchOrders(o.a, o.d, o.w, o.r);
        o.r.salt = keccak256("another");
        _refusesSigned(o, abi.encodeWithSelector(Signatures.BadSignature.selector, address(0x1271), typed(o.r.hash())));
    }

    /* SPONSORS */

    function test_aSponsorPays() external {
        Orders4 memory o = signed(priced(1, 0, 0, 10 * RLC_1));
        vm.prank(worker(5));
        bytes32 dealid = hub.sponsorMatchOrders(o.a, o.d, o.w, o.r);
        vm.assertEq(locked(requester), 0);
        vm.assertEq(locked(worker(5)), 10 * RLC_1);
        vm.assertEq(desk.viewDeal(dealid).sponsor, worker(5));
        vm.assertEq(desk.viewDeal(dealid).requester, requester);
    }

    /// An account with a key that also has code (EIP-7702) still signs with its key.
    function testFuzz_aKeySignsThoughItsAccountHasCode(bytes32 salt) external {
        Orders4 memory o = orders();
        o.r.salt = plain(salt);
        o = signed(o);
        vm.etch(requester, hex"00");
        hub.matchOrders(o.a, o.d, o.w, o.r);
    }

    function _refuses(Orders4 memory o, bytes memory reason) private {
        _refusesSigned(signed(o), reason);
    }

    function _refusesSigned(Orders4 memory o, bytes memory reason) private {
        vm.expectRevert(reason);
        hub.matchOrders(o.a, o.d, o.w, o.r);
    }
}
