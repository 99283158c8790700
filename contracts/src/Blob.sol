// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title Blob
/// @notice Bytes that never change, kept as the code of a contract that does nothing.
///
/// Code costs 200 gas a byte and 32,000 at once, storage 22,100 gas for 32 bytes; and what is code can be read
/// in one go, and by no means be changed.
///
/// INVARIANTS
/// - What was written is what is read, for ever.
/// - Calling a blob stops at once: its first byte is STOP.
library Blob {
    /// @notice The most bytes a blob can hold: EIP-170's limit for code, less the STOP.
    uint256 internal constant MAX = 24_575;

    error BlobTooLong(uint256 length, uint256 max);
    error BlobNotCreated();

    /// Creation code that returns all bytes behind itself, which are 11 bytes in:
    /// PUSH1 11, MSIZE (0), DUP2, CODESIZE, SUB (length), DUP1, SWAP3, MSIZE (0), CODECOPY, RETURN.
    bytes11 private constant RETURN_THE_REST = 0x600b5981380380925939f3;

    /// @notice Writes `data`, at most MAX bytes, and returns where.
    function write(bytes memory data) internal returns (address blob) {
        require(data.length <= MAX, BlobTooLong(data.length, MAX));
        bytes memory creation = abi.encodePacked(RETURN_THE_REST, bytes1(0), data);
        assembly ("memory-safe") {
            blob := create(0, add(creation, 32), mload(creation))
        }
        require(blob != address(0), BlobNotCreated());
    }

    /// @notice `length` bytes of `blob` from the byte `offset`; zeros behind its end.
    function read(address blob, uint256 offset, uint256 length) internal view returns (bytes memory data) {
        data = new bytes(length);
        assembly ("memory-safe") {
            extcodecopy(blob, add(data, 32), add(offset, 1), length)
        }
    }

    /// @notice How many bytes were written.
    function size(address blob) internal view returns (uint256) {
        return blob.code.length - 1;
    }
}
