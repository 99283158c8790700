// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Deal} from "./Deals.sol";
import {IOracleConsumer} from "./interfaces/IOracleConsumer.sol";
import {TaskStatus} from "./State.sol";
import {TaskView} from "./Views.sol";

/// @notice What an oracle asks of the market.
interface IMarket {
    function viewTask(bytes32 id) external view returns (TaskView memory);
    function viewDeal(bytes32 id) external view returns (Deal memory);
}

/// @title Oracle
/// @notice Keeps the newest answer to each question, out of results of one app, computed under conditions that are
/// fixed for ever. The market verifies that a result is what enough of the workers said; whether it was the right
/// program, in the right place, with enough trust, is for its reader to check, and checked here.
///
/// A result is `abi.encode(bytes32 question, uint256 date, bytes answer)`.
///
/// INVARIANTS
/// - An answer's date only rises, and never lies in the future: no older answer replaces a newer one, and none
///   blocks those to come.
/// - Every answer is the result of a completed task that meets the conditions.
contract Oracle is IOracleConsumer {
    /// @notice What a task must have been. Zero: anything will do.
    struct Conditions {
        address app;
        address dataset;
        address workerpool;
        bytes32 tag;
        uint256 trust;
    }

    struct Answer {
        uint256 date;
        bytes value;
        bytes32 taskid;
    }

    error NotCompleted(bytes32 taskid, TaskStatus status);
    error NotTheResult(bytes32 taskid, bytes32 digest, bytes32 actual);
    error WrongApp(address expected, address actual);
    error WrongDataset(address expected, address actual);
    error WrongWorkerpool(address expected, address actual);
    error TagMissing(bytes32 needed, bytes32 actual);
    error TrustTooLow(uint256 needed, uint256 actual);
    error OlderAnswer(bytes32 question, uint256 known, uint256 offered);
    error FutureAnswer(bytes32 question, uint256 now_, uint256 offered);

    event Answered(bytes32 indexed question, bytes32 indexed taskid, uint256 date, bytes value);

    IMarket public immutable market;
    Conditions public conditions;
    mapping(bytes32 question => Answer) private _answers;

    constructor(IMarket market_, Conditions memory conditions_) {
        market = market_;
        conditions = conditions_;
    }

    /* THE MARKET, OR ANYONE WHO HAS A RESULT */

    /// @notice Takes the result of a task over. As a callback it may run short of gas; then anyone calls it later.
    function receiveResult(bytes32 taskid, bytes calldata result) external {
        TaskView memory task = market.viewTask(taskid);
        require(task.status == TaskStatus.COMPLETED, NotCompleted(taskid, task.status));
        bytes32 actual = keccak256(result);
        require(actual == task.resultDigest, NotTheResult(taskid, task.resultDigest, actual));
        _meetsConditions(market.viewDeal(task.dealid));
        (bytes32 question, uint256 date, bytes memory value) = abi.decode(result, (bytes32, uint256, bytes));
        uint256 known = _answers[question].date;
        require(date > known, OlderAnswer(question, known, date));
        require(date <= block.timestamp, FutureAnswer(question, block.timestamp, date));

        _answers[question] = Answer(date, value, taskid);
        emit Answered(question, taskid, date, value);
    }

    /* ANYONE, TO READ */

    /// @notice The newest answer, with its date (seconds, by the program's clock); all zero where there is none.
    function answerTo(bytes32 question) external view returns (Answer memory) {
        return _answers[question];
    }

    function _meetsConditions(Deal memory deal) private view {
        Conditions memory c = conditions;
        require(c.app == address(0) || c.app == deal.app.pointer, WrongApp(c.app, deal.app.pointer));
        require(
            c.dataset == address(0) || c.dataset == deal.dataset.pointer, WrongDataset(c.dataset, deal.dataset.pointer)
        );
        require(
            c.workerpool == address(0) || c.workerpool == deal.workerpool.pointer,
            WrongWorkerpool(c.workerpool, deal.workerpool.pointer)
        );
        require(c.tag & ~deal.tag == 0, TagMissing(c.tag, deal.tag));
        require(c.trust <= deal.trust, TrustTooLow(c.trust, deal.trust));
    }
}
