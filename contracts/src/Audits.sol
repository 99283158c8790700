// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Audit, Task, TaskStatus} from "./State.sol";
import {Ballot, Ballots} from "./Ballots.sol";
import {Tasks} from "./Tasks.sol";

/// @title Audits
/// @notice Against the sleeper: a worker who is honest until his score lets him be believed alone, and lies then.
///
/// Where one worker wins alone in a task with trust above 1, the hash of the block in which he did, which nobody knew
/// when he committed to his result, draws whether it is checked. If not, he reveals. If so, his reveal is refused, and
/// anyone opens the task again: his vote counts no more than a new worker's, and others vote without having seen his
/// result. Who is outvoted there loses his stake, and his whole score. See docs/contracts.md, "Audits".
///
/// INVARIANTS
/// - Nothing is revealed that is to be checked, so that no auditor can copy.
/// - The draw of a task is one number: nobody gets another by waiting, by keeping silent or by failing a transaction.
abstract contract Audits is Tasks {
    using Ballots for Ballot[];
    using Ballots for uint256[8];

    error AuditRatioTooHigh(uint256 ratio, uint256 max);
    error NothingToAudit(bytes32 taskid);
    error DrawTooEarly(bytes32 taskid, uint256 afterBlock);
    error AuditDue(bytes32 taskid);

    event TaskAudit(bytes32 indexed taskid);

    /// In percent.
    uint256 private immutable _auditRatio;

    constructor(uint256 auditRatio) {
        require(auditRatio <= 100, AuditRatioTooHigh(auditRatio, 100));
        _auditRatio = auditRatio;
    }

    /* ANYONE; FIRST OF ALL THE SCHEDULER */

    /// @notice Opens a task again whose result is to be checked. Fails with NothingToAudit where it is not, with
    /// DrawTooEarly in the block of the contribution, and with TooLate when the time to reveal is over.
    function audit(bytes32 taskid) external {
        Task storage task = _tasks[taskid];
        uint256 drawBlock = task.audit.drawBlock;
        Ballot[] memory ballots = task.ballots.load();
        require(task.status == TaskStatus.REVEALING && drawBlock != 0 && ballots.proved() == 0, NothingToAudit(taskid));
        require(_drawn(taskid, drawBlock), NothingToAudit(taskid));
        // A winner who kept silent is not saved by an audit.
        uint256 deadline = task.revealDeadline;
        require(block.timestamp < deadline, TooLate(taskid, deadline));

        task.audit = Audit({drawBlock: 0, audited: true});
        // The winner's vote stays, and counts no more than a new worker's.
        uint256 leader = task.leader;
        for (uint256 i = 0; i < ballots.length; ++i) {
            if (ballots[i].standing(leader)) task.ballots.put(i, ballots[i].underAudit());
        }
        _reactivate(task);
        // Who knows nothing of audits sees a task that is open once more.
        emit TaskReopen(taskid);
        emit TaskAudit(taskid);
    }

    /// @notice How many of the results that one worker gave alone are audited, in percent.
    function audit_ratio() external view returns (uint256) {
        return _auditRatio;
    }

    /// A winner without company is at the mercy of the draw.
    function _won(Task storage task, uint256 trust, uint256 winners) internal override {
        if (winners == 1 && trust > 1 && _auditRatio > 0) task.audit.drawBlock = uint64(block.number);
    }

    /// Fails with AuditDue, or with DrawTooEarly in the block of the contribution.
    function _requireSpared(bytes32 taskid, Task storage task) internal view override {
        uint256 drawBlock = task.audit.drawBlock;
        require(drawBlock == 0 || !_drawn(taskid, drawBlock), AuditDue(taskid));
    }

    /// Does the hash of `drawBlock` say that the task is audited? After 256 blocks the hash is gone, and it is: waiting
    /// does not help.
    function _drawn(bytes32 taskid, uint256 drawBlock) private view returns (bool) {
        require(block.number > drawBlock, DrawTooEarly(taskid, drawBlock));
        bytes32 chance = blockhash(drawBlock);
        return chance == 0 || uint256(keccak256(abi.encodePacked(chance, taskid))) % 100 < _auditRatio;
    }
}
