// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Desk} from "../../src/Desk.sol";
import {Hub} from "../../src/Hub.sol";

/// @notice A Hub whose scores can be set, since hundreds of tasks to earn one would make a slow test, and that shows
/// what has no view.
contract ScoredHub is Hub {
    constructor(Desk desk, uint256 auditRatio) Hub(desk, auditRatio) {}

    function setScore(address worker, uint32 score) external {
        _accounts[worker].score = score;
    }

    function giveKitty(address from, uint96 amount) external {
        _accounts[from].free -= amount;
        _accounts[KITTY].locked += amount;
    }

    /// What is in the slot of a task's opinion.
    function opinionOf(bytes32 taskid, uint256 opinion) external view returns (bytes32) {
        return _tasks[taskid].opinions[opinion];
    }

    function wasAudited(bytes32 taskid) external view returns (bool) {
        return _tasks[taskid].audit.audited;
    }
}
