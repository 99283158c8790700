// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title ITokenSpender
/// @notice What `approveAndCall` calls on the spender, so that a deposit takes one transaction instead of two.
interface ITokenSpender {
    /// @param sender Who approved.
    /// @param amount How much was approved, in the token's smallest unit.
    /// @param token The token, which is also the caller.
    /// @param data Whatever the approver passed on.
    function receiveApproval(address sender, uint256 amount, address token, bytes calldata data) external returns (bool);
}
