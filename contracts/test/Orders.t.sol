// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {AppOrder, DatasetOrder, Orders, RequestOrder, WorkerpoolOrder} from "../src/Orders.sol";
import {OrderHashes} from "./support/MarketTest.sol";
import {Test} from "./support/Test.sol";

/// @notice The type hashes are those of PoCo's order library, so what was signed for it can be signed for us.
contract OrdersTest is Test {
    using Orders for AppOrder;
    using Orders for DatasetOrder;
    using Orders for WorkerpoolOrder;
    using Orders for RequestOrder;

    function test_typeHashesAreThoseOfPoCo() external pure {
        vm.assertEq(Orders.APP_TYPEHASH, 0x60815a0eeec47dddf1615fe53b31d016c31444e01b9d796db365443a6445d008);
        vm.assertEq(Orders.DATASET_TYPEHASH, 0x6cfc932a5a3d22c4359295b9f433edff52b60703fa47690a04a83e40933dd47c);
        vm.assertEq(Orders.WORKERPOOL_TYPEHASH, 0xaa3429fb281b34691803133d3d978a75bb77c617ed6bc9aa162b9b30920022bb);
        vm.assertEq(Orders.REQUEST_TYPEHASH, 0xf24e853034a3a450aba845a82914fbb564ad85accca6cf62be112a154520fae0);
        vm.assertEq(Orders.APP_OPERATION_TYPEHASH, 0x0638bb0702457e2b4b01be8a202579b8bf97e587fb4f2cc4d4aad01f21a06ee0);
        vm.assertEq(
            Orders.DATASET_OPERATION_TYPEHASH, 0x075eb6f7578ff4292c241bd2484cd5c1d5e6ecc2ddd3317e1d8176b5a45865ec
        );
        vm.assertEq(
            Orders.WORKERPOOL_OPERATION_TYPEHASH, 0x322d980b7d7a6a1f7c39ff0c5445da6ae1d8e0393ff0dd468c8be3e2c8644388
        );
        vm.assertEq(
            Orders.REQUEST_OPERATION_TYPEHASH, 0x0ded7b52c2d77595a40d242eca751df172b18e686326dbbed3f4748828af77c7
        );
    }

    /// Orders: every field but the signature is part of the hash.
    function testFuzz_everyFieldCountsAndTheSignatureDoesNot(
        AppOrder calldata a,
        DatasetOrder calldata d,
        WorkerpoolOrder calldata w,
        RequestOrder calldata r
    ) external pure {
        vm.assertEq(a.hash(), OrderHashes.hash(a));
        vm.assertEq(d.hash(), OrderHashes.hash(d));
        vm.assertEq(w.hash(), OrderHashes.hash(w));
        vm.assertEq(r.hash(), OrderHashes.hash(r));
    }
}
