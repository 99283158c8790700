// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Ballot, Ballots} from "./Ballots.sol";
import {State, Task} from "./State.sol";

/// @title Results
/// @notice What a task's result is made of: a digest, its hash, each worker's seal, and the bytes that tell where
/// it is.
///
/// INVARIANTS
/// - The slot of an opinion holds its hash; of the leader, from the first reveal on, the digest.
abstract contract Results is State {
    using Ballots for Ballot[];

    function _hashOf(bytes32 taskid, bytes32 digest) internal pure returns (bytes32) {
        return keccak256(abi.encodePacked(taskid, digest));
    }

    function _sealOf(address worker, bytes32 taskid, bytes32 digest) internal pure returns (bytes32) {
        return keccak256(abi.encodePacked(worker, taskid, digest));
    }

    /// The result hash of an opinion.
    function _hashOfOpinion(bytes32 taskid, Task storage task, Ballot[] memory ballots, uint256 opinion)
        internal
        view
        returns (bytes32)
    {
        bytes32 kept = task.opinions[opinion];
        return opinion == task.leader && ballots.proved() > 0 ? _hashOf(taskid, kept) : kept;
    }

    /// Keeps what the scheduler handed in. Empty costs nothing.
    function _keep(Task storage task, bytes calldata results, bytes calldata resultsCallback) internal {
        if (results.length > 0) task.results = results;
        if (resultsCallback.length > 0) task.resultsCallback = resultsCallback;
    }
}
