// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Ballot, Ballots} from "./Ballots.sol";
import {Audit, Task, TaskStatus} from "./State.sol";
import {Tasks} from "./Tasks.sol";

/// @title Audits
/// @notice The cure for the sleeper: a worker who is honest until his score lets him be believed alone, and lies then.
///
/// A result that one worker gave alone, in a task with trust above 1, waits for the next block, whose predecessor's
/// hash, which nobody knew when the worker committed to it, draws whether it is checked. Where it is, the task is open
/// again, the worker's vote counts no more than a new one's, and others vote without having seen his result. Who is
/// outvoted there loses his stake, and his whole score. See docs/contracts.md, "Audits".
///
/// INVARIANTS
/// - Nothing is revealed before the draw, so that no auditor can copy.
/// - The draw of a task is one number: nobody gets a second one by waiting or by failing the transaction.
abstract contract Audits is Tasks {
    using Ballots for Ballot[];
    using Ballots for uint256[8];

    /// What everyone's weight is in the beginning.
    uint256 private constant FRESH = 2;

    error AuditRatioTooHigh(uint256 ratio, uint256 max);
    error NothingToDraw(bytes32 taskid);
    error DrawTooEarly(bytes32 taskid, uint256 afterBlock);

    event TaskDrawn(bytes32 indexed taskid, bool audited);

    /// In percent.
    uint256 private immutable _auditRatio;

    constructor(uint256 auditRatio) {
        require(auditRatio <= 100, AuditRatioTooHigh(auditRatio, 100));
        _auditRatio = auditRatio;
    }

    /* ANYONE; FIRST OF ALL THE WORKER WHO WANTS TO REVEAL, AND HIS SCHEDULER */

    /// @notice Draws whether a result that was given alone is audited. Fails with NothingToDraw, with DrawTooEarly in
    /// the block of the contribution, and with TooLate when the time to reveal is over. Within 256 blocks chance
    /// decides; later its number is gone, and the result is audited, so that waiting does not help.
    function draw(bytes32 taskid) external returns (bool audited) {
        Task storage task = _tasks[taskid];
        uint256 drawBlock = task.audit.drawBlock;
        require(task.status == TaskStatus.REVEALING && drawBlock != 0, NothingToDraw(taskid));
        require(block.number > drawBlock, DrawTooEarly(taskid, drawBlock));
        // A winner who kept silent is not saved by an audit.
        uint256 deadline = task.revealDeadline;
        require(block.timestamp < deadline, TooLate(taskid, deadline));
        bytes32 chance = blockhash(drawBlock);
        audited = chance == 0 || uint256(keccak256(abi.encodePacked(chance, taskid))) % 100 < _auditRatio;
        if (!audited) {
            task.audit.drawBlock = 0;
        } else {
            task.audit = Audit({drawBlock: 0, audited: true});
            _disregard(task);
            // Who knows nothing of audits sees a task that is open once more.
            emit TaskReopen(taskid);
        }
        emit TaskDrawn(taskid, audited);
    }

    /// @notice How many of the results that one worker gave alone are audited, in percent.
    function audit_ratio() external view returns (uint256) {
        return _auditRatio;
    }

    /// Opens the task again; its winner's vote stays, with the weight of a new worker's.
    function _disregard(Task storage task) private {
        uint256 leader = task.leader;
        Ballot[] memory ballots = task.ballots.load();
        for (uint256 i = 0; i < ballots.length; ++i) {
            if (ballots[i].standing(leader)) task.ballots.put(i, ballots[i].withWeight(FRESH));
        }
        _reactivate(task);
    }

    /// A winner without company has to wait for the draw.
    function _won(Task storage task, uint256 trust, uint256 winners) internal override {
        if (winners == 1 && trust > 1 && _auditRatio > 0) task.audit.drawBlock = uint64(block.number);
    }
}
