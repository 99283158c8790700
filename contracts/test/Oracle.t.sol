// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IMarket, Oracle} from "../src/Oracle.sol";
import {MarketTest} from "./support/MarketTest.sol";
import {TaskStatus} from "../src/State.sol";

/// @notice Answers come from tasks that meet the conditions, and only newer ones.
contract OracleTest is MarketTest {
    bytes32 private constant QUESTION = keccak256("how warm is it?");

    Oracle private oracle;
    uint256 private salt;

    function setUp() public override {
        super.setUp();
        oracle = _oracle(Oracle.Conditions(address(app), address(0), address(pool), 0, 1));
        desk.setCallbackGas(400_000);
    }

    function _oracle(Oracle.Conditions memory conditions) private returns (Oracle) {
        return Oracle(vm.deployCode("Oracle.sol:Oracle", abi.encode(hub, conditions)));
    }

    /// A task whose result answers the question, with or without the callback.
    function _answer(uint256 date, bytes memory value, bool push)
        private
        returns (bytes32 taskid, bytes memory result)
    {
        result = abi.encode(QUESTION, date, value);
        Orders4 memory o = orders();
        o.a.salt = o.w.salt = o.r.salt = bytes32(++salt);
        if (push) o.r.callback = address(oracle);
        taskid = task(o);
        contribute(0, taskid, keccak256(result));
        reveal(0, taskid, keccak256(result));
        vm.prank(scheduler);
        hub.finalize(taskid, "", push ? result : bytes(""));
    }

    function test_takesAnswersFromTheMarketAndFromAnyone() external {
        (bytes32 pushed,) = _answer(START - 10, "20", true);
        vm.assertEq(oracle.answerTo(QUESTION).value, "20");
        vm.assertEq(oracle.answerTo(QUESTION).taskid, pushed);
        (bytes32 taskid, bytes memory result) = _answer(START, "21", false);
        oracle.receiveResult(taskid, result);
        vm.assertEq(oracle.answerTo(QUESTION).value, "21");
        vm.assertEq(oracle.answerTo(QUESTION).date, START);
    }

    /// Oracle: an answer's date only rises.
    /// Fails on iExec's oracle, where an older result overwrites a newer one.
    function testFuzz_noOlderAnswerReplacesANewerOne(uint256 first, uint256 second) external {
        first = bound(first, 1, START);
        second = bound(second, 1, START);
        _answer(first, "first", true);
        (bytes32 taskid, bytes memory result) = _answer(second, "second", false);
        if (second <= first) {
            vm.expectRevert(abi.encodeWithSelector(Oracle.OlderAnswer.selector, QUESTION, first, second));
        }
        oracle.receiveResult(taskid, result);
        vm.assertEq(oracle.answerTo(QUESTION).date, first > second ? first : second);
    }

    /// Oracle: an answer never lies in the future, so that none blocks those to come.
    function testFuzz_noAnswerComesFromTheFuture(uint256 date) external {
        date = bound(date, START + 1, type(uint256).max);
        (bytes32 taskid, bytes memory result) = _answer(date, "21", false);
        vm.expectRevert(abi.encodeWithSelector(Oracle.FutureAnswer.selector, QUESTION, START, date));
        oracle.receiveResult(taskid, result);
    }

    function test_takesNothingElse() external {
        (bytes32 taskid, bytes memory result) = _answer(START, "21", false);
        bytes memory other = abi.encode(QUESTION, START, bytes("22"));
        vm.expectRevert(
            abi.encodeWithSelector(Oracle.NotTheResult.selector, taskid, keccak256(result), keccak256(other))
        );
        oracle.receiveResult(taskid, other);
        vm.expectRevert(abi.encodeWithSelector(Oracle.NotCompleted.selector, bytes32(0), TaskStatus.UNSET));
        oracle.receiveResult(0, result);
    }

    /// Oracle: every answer is the result of a completed task that meets the conditions.
    function test_everyConditionCounts() external {
        (bytes32 taskid, bytes memory result) = _answer(START, "21", false);
        Oracle o = _oracle(Oracle.Conditions(address(1), address(0), address(0), 0, 0));
        vm.expectRevert(abi.encodeWithSelector(Oracle.WrongApp.selector, address(1), address(app)));
        o.receiveResult(taskid, result);
        o = _oracle(Oracle.Conditions(address(0), address(dataset), address(0), 0, 0));
        vm.expectRevert(abi.encodeWithSelector(Oracle.WrongDataset.selector, address(dataset), address(0)));
        o.receiveResult(taskid, result);
        o = _oracle(Oracle.Conditions(address(0), address(0), address(1), 0, 0));
        vm.expectRevert(abi.encodeWithSelector(Oracle.WrongWorkerpool.selector, address(1), address(pool)));
        o.receiveResult(taskid, result);
        o = _oracle(Oracle.Conditions(address(0), address(0), address(0), bytes32(uint256(1)), 0));
        vm.expectRevert(abi.encodeWithSelector(Oracle.TagMissing.selector, bytes32(uint256(1)), bytes32(0)));
        o.receiveResult(taskid, result);
        o = _oracle(Oracle.Conditions(address(0), address(0), address(0), 0, 2));
        vm.expectRevert(abi.encodeWithSelector(Oracle.TrustTooLow.selector, 2, 1));
        o.receiveResult(taskid, result);
    }
}
