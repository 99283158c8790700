// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Blob} from "../src/Blob.sol";
import {Deals, Terms} from "../src/Deals.sol";
import {Test} from "./support/Test.sol";

/// @notice What is written as code is what is read.
contract DealsTest is Test {
    /// Deals: reading gives back every field as it was written.
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

    /// Deals: a field that does not fit its width is refused before.
    function testFuzz_refusesAnAmountOver96Bits(uint256 value) external {
        value = bound(value, uint256(type(uint96).max) + 1, type(uint256).max);
        vm.expectRevert(abi.encodeWithSelector(Deals.AmountTooLarge.selector, value, type(uint96).max));
        this.amount(value);
    }

    function amount(uint256 value) external pure returns (uint96) {
        return Deals.amount(value);
    }

    /// Blob: what was written is what is read, for ever.
    function testFuzz_blobsKeepBytes(bytes calldata data, uint16 offset, bytes calldata call) external {
        address blob = Blob.write(data);
        vm.assertEq(Blob.size(blob), data.length);
        vm.assertEq(Blob.read(blob, 0, data.length), data);
        uint256 from = data.length == 0 ? 0 : offset % data.length;
        vm.assertEq(Blob.read(blob, from, data.length - from), data[from:]);
        // Whatever it is called with, it is still there.
        (bool success,) = blob.call(call);
        vm.assertTrue(success);
        vm.assertEq(Blob.read(blob, 0, data.length), data);
    }

    /// Blob: calling it stops at once.
    function testFuzz_blobsDoNothing(bytes calldata data, bytes calldata call) external {
        address blob = Blob.write(data);
        vm.assertEq(uint8(blob.code[0]), 0);
        vm.record();
        uint256 before = gasleft();
        (bool success, bytes memory answer) = blob.call{gas: 50_000}(call);
        // Nothing but the call itself costs gas.
        vm.assertLe(before - gasleft(), 15_000);
        (bytes32[] memory reads, bytes32[] memory writes) = vm.accesses(blob);
        vm.assertTrue(success);
        vm.assertEq(answer, "");
        vm.assertEq(reads.length + writes.length, 0);
    }

    function test_blobsHoldUpToTheLimitOfCode() external {
        vm.assertEq(Blob.size(this.write(Blob.MAX)), Blob.MAX);
        // EIP-170, less the STOP.
        vm.assertEq(Blob.MAX, 24_576 - 1);
        vm.expectRevert(abi.encodeWithSelector(Blob.BlobTooLong.selector, Blob.MAX + 1, Blob.MAX));
        this.write(Blob.MAX + 1);
    }

    function write(uint256 length) external returns (address) {
        return Blob.write(new bytes(length));
    }
}
