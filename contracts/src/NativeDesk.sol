// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

import {AppRegistry} from "./registries/AppRegistry.sol";
import {DatasetRegistry} from "./registries/DatasetRegistry.sol";
import {Desk} from "./Desk.sol";
import {WorkerpoolRegistry} from "./registries/WorkerpoolRegistry.sol";

/// @title NativeDesk
/// @notice The market's door for money where that is the chain's own coin: 1 nRLC is 1e9 wei.
///
/// INVARIANTS
/// - The market holds at least 1e9 wei for every nRLC in its accounts.
/// - What is not a whole nRLC goes back to the sender.
contract NativeDesk is Desk {
    uint256 private constant WEI = 1e9;

    error SendFailed(address to, uint256 value);
    error ValueTooLow(uint256 value, uint256 needed);
    error LengthMismatch(uint256 first, uint256 second);

    constructor(AppRegistry apps, DatasetRegistry datasets, WorkerpoolRegistry workerpools)
        Desk(IERC20(address(0)), apps, datasets, workerpools)
    {}

    receive() external payable {
        _deposit(msg.sender);
    }

    /* THE OWNER OF AN ACCOUNT */

    function deposit() external payable returns (bool) {
        _deposit(msg.sender);
        return true;
    }

    function depositFor(address target) external payable returns (bool) {
        _deposit(target);
        return true;
    }

    /// @notice Deposits each amount (nRLC) for its target and sends the rest of the value back.
    function depositForArray(uint256[] calldata amounts, address[] calldata targets) external payable returns (bool) {
        require(amounts.length == targets.length, LengthMismatch(amounts.length, targets.length));
        uint256 needed = 0;
        for (uint256 i = 0; i < amounts.length; ++i) {
            _mint(targets[i], amounts[i]);
            needed += amounts[i] * WEI;
        }
        require(msg.value >= needed, ValueTooLow(msg.value, needed));
        _send(msg.sender, msg.value - needed);
        return true;
    }

    /// @notice Fails with InsufficientFree or SendFailed.
    function withdraw(uint256 amount) external returns (bool) {
        _burn(msg.sender, amount);
        _send(msg.sender, amount * WEI);
        return true;
    }

    function withdrawTo(uint256 amount, address target) external returns (bool) {
        _burn(msg.sender, amount);
        _send(target, amount * WEI);
        return true;
    }

    /* THE OWNER OF THE MARKET */

    /// @notice Takes the coins that came here outside of a deposit: those that no account has. Returns how many nRLC.
    function recover() external onlyOwner returns (uint256 found) {
        found = address(this).balance / WEI - _supply;
        _mint(_owner, found);
    }

    function _deposit(address target) private {
        _mint(target, msg.value / WEI);
        _send(msg.sender, msg.value % WEI);
    }

    function _send(address to, uint256 value) private {
        if (value == 0) return;
        (bool success,) = to.call{value: value}("");
        require(success, SendFailed(to, value));
    }
}
