// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title IOracleConsumer
/// @notice The pushing half of EIP-1154: a contract that wants a task's result delivered to it.
interface IOracleConsumer {
    /// @param id The task the result belongs to.
    /// @param result The `resultsCallback` bytes whose keccak-256 is the task's digest.
    function receiveResult(bytes32 id, bytes calldata result) external;
}
