// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Blob} from "../src/Blob.sol";
import {Deals, Terms} from "../src/Deals.sol";
import {Test} from "./support/Test.sol";

/// @notice What is written as code is what is read.
contract DealsTest is Test {
    function testFuzz_readsWhatWasWritten(Terms memory t, string calldata params) external {
        t.appPrice = uint96(t.appPrice);
        t.datasetPrice = uint96(t.datasetPrice);
        t.workerpoolPrice = uint96(t.workerpoolPrice);
        t.workerStake = uint96(t.workerStake);
        t.trust = uint64(t.trust);
        t.category = uint32(t.category);
        t.startTime = uint40(t.startTime);
        t.timeref = uint32(t.timeref);
        t.botFirst = uint40(t.botFirst);
        t.botSize = uint40(t.botSize);
        t.schedulerRewardRatio = uint8(t.schedulerRewardRatio);

        address deal = Deals.write(t, params);

        vm.assertEq(abi.encode(Deals.read(deal)), abi.encode(t));
        vm.assertEq(Deals.params(deal), params);
    }

    function testFuzz_refusesAnAmountOver96Bits(uint256 value) external {
        value = bound(value, uint256(type(uint96).max) + 1, type(uint256).max);
        vm.expectRevert(abi.encodeWithSelector(Deals.AmountTooLarge.selector, value, type(uint96).max));
        this.amount(value);
    }

    function amount(uint256 value) external pure returns (uint96) {
        return Deals.amount(value);
    }

    function testFuzz_blobsKeepBytesAndDoNothing(bytes calldata data) external {
        address blob = Blob.write(data);
        vm.assertEq(Blob.read(blob, 0, Blob.size(blob)), data);
        (bool success, bytes memory answer) = blob.call("anything");
        vm.assertTrue(success);
        vm.assertEq(answer, "");
    }

    function test_blobsHoldUpToTheLimitOfCode() external {
        vm.assertEq(Blob.size(this.write(Blob.MAX)), Blob.MAX);
        vm.expectRevert(abi.encodeWithSelector(Blob.BlobTooLong.selector, Blob.MAX + 1, Blob.MAX));
        this.write(Blob.MAX + 1);
    }

    function write(uint256 length) external returns (address) {
        return Blob.write(new bytes(length));
    }
}
