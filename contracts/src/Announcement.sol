// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {LowLevelCall} from "@openzeppelin/contracts/utils/LowLevelCall.sol";

import {ITokenSpender} from "./interfaces/ITokenSpender.sol";

/// @title Announcement
/// @notice The second half of `approveAndCall`: tells a spender what he was just allowed.
///
/// INVARIANTS
/// - It returns only where the spender agreed, in one word; else it fails with his own error or with SpenderRefused.
library Announcement {
    error SpenderRefused(address spender, uint256 amount);

    function make(address spender, uint256 amount, bytes calldata data) internal {
        (bool success, bytes32 answer,) = LowLevelCall.callReturn64Bytes(
            spender, abi.encodeCall(ITokenSpender.receiveApproval, (msg.sender, amount, address(this), data))
        );
        if (!success && LowLevelCall.returnDataSize() > 0) LowLevelCall.bubbleRevert();
        bool agreed = success && LowLevelCall.returnDataSize() >= 32 && uint256(answer) == 1;
        require(agreed, SpenderRefused(spender, amount));
    }
}
