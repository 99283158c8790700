// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title IERC734
/// @notice The one question of ERC-734 that the market asks: is this account a member of the group?
interface IERC734 {
    /// @param key The account, left-padded to 32 bytes.
    /// @param purpose What the key may be used for; the market asks for 4, membership of a group.
    function keyHasPurpose(bytes32 key, uint256 purpose) external view returns (bool);
}
