// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {
    AppOrder,
    AppOrderOperation,
    DatasetOrder,
    DatasetOrderOperation,
    OrderOperation,
    RequestOrder,
    RequestOrderOperation,
    WorkerpoolOrder,
    WorkerpoolOrderOperation
} from "../src/Orders.sol";
import {MarketTest, OrderHashes} from "./support/MarketTest.sol";
import {Matching} from "../src/Matching.sol";
import {OrderBook} from "../src/OrderBook.sol";
import {Signatures} from "../src/Signatures.sol";
import {Tasks} from "../src/Tasks.sol";

/// @notice Orders that are signed, closed and shown on chain.
contract OrderBookTest is MarketTest {
    using OrderHashes for AppOrder;
    using OrderHashes for DatasetOrder;
    using OrderHashes for WorkerpoolOrder;
    using OrderHashes for RequestOrder;

    function test_ordersCanBeSignedByATransaction() external {
        Orders4 memory o = priced(1, 0, 1, 0);
        _manage(o, OrderOperation.SIGN);
        vm.assertEq(desk.viewPresigned(typed(o.w.hash())), scheduler);
        vm.assertTrue(desk.verifyPresignature(scheduler, typed(o.w.hash())));
        vm.assertTrue(desk.verifyPresignatureOrSignature(scheduler, typed(o.w.hash()), ""));
        vm.assertFalse(desk.verifyPresignature(requester, typed(o.w.hash())));
        vm.assertFalse(desk.verifyPresignature(address(0), bytes32(0)));
        hub.matchOrders(o.a, o.d, o.w, o.r);
    }

    function test_closedOrdersServeNobody() external {
        Orders4 memory o = priced(1, 0, 1, 0);
        _manage(o, OrderOperation.CLOSE);
        vm.assertEq(desk.viewConsumed(typed(o.a.hash())), o.a.volume);
        vm.expectRevert(abi.encodeWithSelector(Matching.NoVolumeLeft.selector, 0, 0, 0, 0));
        matched(o);
    }

    function test_anyoneMaySubmitWhatTheOwnerSigned() external {
        Orders4 memory o = orders();
        bytes32 structHash = keccak256(
            abi.encode(
                bytes32(0x0638bb0702457e2b4b01be8a202579b8bf97e587fb4f2cc4d4aad01f21a06ee0), o.a.hash(), uint256(1)
            )
        );
        AppOrderOperation memory operation =
            AppOrderOperation(o.a, OrderOperation.CLOSE, sign(APP_KEY, typed(structHash)));
        desk.manageAppOrder(operation);
        vm.assertEq(desk.viewConsumed(typed(o.a.hash())), 1);

        operation.operation = OrderOperation.SIGN;
        vm.expectPartialRevert(Signatures.BadSignature.selector);
        desk.manageAppOrder(operation);
    }

    /// Each kind has a type of its own, so that one is no consent to another.
    function testFuzz_anyoneMaySubmitWhatEachOwnerSigned(bool closes) external {
        Orders4 memory o = priced(1, 0, 1, 0);
        OrderOperation op = closes ? OrderOperation.CLOSE : OrderOperation.SIGN;
        string memory dataset_ = "DatasetOrder(address dataset,uint256 datasetprice,uint256 volume,bytes32 tag,"
            "address apprestrict,address workerpoolrestrict,address requesterrestrict,bytes32 salt)";
        string memory pool_ = "WorkerpoolOrder(address workerpool,uint256 workerpoolprice,uint256 volume,bytes32 tag,"
            "uint256 category,uint256 trust,address apprestrict,address datasetrestrict,address requesterrestrict,bytes32 salt)";
        string memory request = "RequestOrder(address app,uint256 appmaxprice,address dataset,uint256 datasetmaxprice,"
            "address workerpool,uint256 workerpoolmaxprice,address requester,uint256 volume,bytes32 tag,uint256 category,"
            "uint256 trust,address beneficiary,address callback,string params,bytes32 salt)";
        desk.manageDatasetOrder(
            DatasetOrderOperation(o.d, op, _consent(DATASET_KEY, "DatasetOrder", dataset_, o.d.hash(), op))
        );
        desk.manageWorkerpoolOrder(
            WorkerpoolOrderOperation(o.w, op, _consent(SCHEDULER_KEY, "WorkerpoolOrder", pool_, o.w.hash(), op))
        );
        desk.manageRequestOrder(
            RequestOrderOperation(o.r, op, _consent(REQUESTER_KEY, "RequestOrder", request, o.r.hash(), op))
        );
        vm.assertEq(desk.viewConsumed(typed(o.r.hash())), closes ? 1 : 0);
        vm.assertEq(desk.viewPresigned(typed(o.d.hash())), closes ? address(0) : datasetOwner);
        vm.assertEq(desk.viewPresigned(typed(o.w.hash())), closes ? address(0) : scheduler);
    }

    function _consent(uint256 key, string memory name, string memory kind, bytes32 hash, OrderOperation op)
        private
        view
        returns (bytes memory)
    {
        bytes32 typehash = keccak256(bytes(string.concat(name, "Operation(", name, " order,uint256 operation)", kind)));
        return sign(key, typed(keccak256(abi.encode(typehash, hash, uint256(op)))));
    }

    function test_nobodyElseManagesAnOrder() external {
        Orders4 memory o = priced(1, 0, 1, 0);
        vm.expectPartialRevert(Signatures.BadSignature.selector);
        desk.manageAppOrder(AppOrderOperation(o.a, OrderOperation.SIGN, ""));
        vm.expectPartialRevert(Signatures.BadSignature.selector);
        desk.manageDatasetOrder(DatasetOrderOperation(o.d, OrderOperation.SIGN, ""));
        vm.expectPartialRevert(Signatures.BadSignature.selector);
        desk.manageWorkerpoolOrder(WorkerpoolOrderOperation(o.w, OrderOperation.CLOSE, ""));
        vm.expectPartialRevert(Signatures.BadSignature.selector);
        desk.manageRequestOrder(RequestOrderOperation(o.r, OrderOperation.CLOSE, ""));
    }

    function test_showsOrdersToEveryone() external {
        Orders4 memory o = signed(priced(1, 0, 1, 0));
        vm.expectEmit(address(hub));
        emit OrderBook.BroadcastAppOrder(o.a);
        desk.broadcastAppOrder(o.a);
        vm.expectEmit(address(hub));
        emit OrderBook.BroadcastDatasetOrder(o.d);
        desk.broadcastDatasetOrder(o.d);
        vm.expectEmit(address(hub));
        emit OrderBook.BroadcastWorkerpoolOrder(o.w);
        desk.broadcastWorkerpoolOrder(o.w);
        vm.expectEmit(address(hub));
        emit OrderBook.BroadcastRequestOrder(o.r);
        desk.broadcastRequestOrder(o.r);
    }

    function test_saysWhetherADatasetFitsADeal() external {
        bytes32 withDataset = matched(priced(1, 0, 1, 0));
        Orders4 memory o = orders();
        o.r.salt = o.a.salt = o.w.salt = bytes32(uint256(1));
        o.a.tag = o.w.tag = bytes32(uint256(9));
        bytes32 dealid = matched(o);
        DatasetOrder memory d;
        d.dataset = address(dataset);
        d.volume = 100;
        d.tag = bytes32(uint256(3));
        (d.apprestrict, d.workerpoolrestrict, d.requesterrestrict) = (address(app), address(pool), requester);
        _fits(d, dealid, "");
        _fits(d, withDataset, abi.encodeWithSelector(OrderBook.DealHasDataset.selector, withDataset, address(dataset)));
        _fits(d, bytes32(0), abi.encodeWithSelector(Tasks.UnknownDeal.selector, bytes32(0)));
        d.tag = bytes32(uint256(0x101));
        _fits(d, dealid, abi.encodeWithSelector(Signatures.TagNotOffered.selector, d.tag, bytes32(uint256(9))));
        d.requesterrestrict = address(1);
        _fits(d, dealid, abi.encodeWithSelector(Signatures.Restricted.selector, 6, address(1), requester));
        d.workerpoolrestrict = address(1);
        _fits(d, dealid, abi.encodeWithSelector(Signatures.Restricted.selector, 5, address(1), address(pool)));
        d.apprestrict = address(1);
        _fits(d, dealid, abi.encodeWithSelector(Signatures.Restricted.selector, 4, address(1), address(app)));
        d.volume = 0;
        _fits(d, dealid, abi.encodeWithSelector(OrderBook.DatasetOrderSpent.selector, typed(d.hash()), 0, 0));
        d.volume = 1;
        d.sign = "";
        vm.expectRevert(abi.encodeWithSelector(Signatures.BadSignature.selector, datasetOwner, typed(d.hash())));
        desk.assertDatasetDealCompatibility(d, dealid);
    }

    function _fits(DatasetOrder memory d, bytes32 dealid, bytes memory reason) private {
        d.sign = sign(DATASET_KEY, typed(d.hash()));
        if (reason.length > 0) vm.expectRevert(reason);
        desk.assertDatasetDealCompatibility(d, dealid);
    }

    function testFuzz_verifiesSignatures(uint256 key, bytes32 hash, bytes calldata junk) external view {
        key = bound(key, REQUESTER_KEY + 1, 1e70);
        vm.assertTrue(desk.verifySignature(vm.addr(key), hash, sign(key, hash)));
        vm.assertFalse(desk.verifySignature(requester, hash, sign(key, hash)));
        vm.assertFalse(desk.verifySignature(vm.addr(key), hash, junk));
        vm.assertFalse(desk.verifySignature(address(0), hash, junk));
    }

    function _manage(Orders4 memory o, OrderOperation operation) private {
        vm.prank(appOwner);
        desk.manageAppOrder(AppOrderOperation(o.a, operation, ""));
        vm.prank(datasetOwner);
        desk.manageDatasetOrder(DatasetOrderOperation(o.d, operation, ""));
        vm.prank(scheduler);
        desk.manageWorkerpoolOrder(WorkerpoolOrderOperation(o.w, operation, ""));
        vm.prank(requester);
        desk.manageRequestOrder(RequestOrderOperation(o.r, operation, ""));
    }
}
