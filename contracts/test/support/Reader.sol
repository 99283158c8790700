// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title Reader
/// @notice Asks many questions at once, at one block.
contract Reader {
    /// @param success False where the contract refused the question, with its reason as answer.
    struct Answer {
        bool success;
        bytes data;
    }

    function ask(address[] calldata contracts, bytes[] calldata questions)
        external
        view
        returns (Answer[] memory answers)
    {
        answers = new Answer[](questions.length);
        for (uint256 i = 0; i < questions.length; ++i) {
            (answers[i].success, answers[i].data) = contracts[i].staticcall(questions[i]);
        }
    }
}
