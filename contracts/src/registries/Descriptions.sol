// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title Descriptions
/// @notice Packs a field of variable size as Asset reads it: its length in two bytes, then itself.
///
/// INVARIANTS
/// - Two lists of fields never pack to the same bytes.
library Descriptions {
    error FieldTooLong(uint256 length, uint256 max);

    function field(bytes memory value) internal pure returns (bytes memory) {
        require(value.length <= type(uint16).max, FieldTooLong(value.length, type(uint16).max));
        return abi.encodePacked(uint16(value.length), value);
    }
}
