// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Address} from "@openzeppelin/contracts/utils/Address.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

import {AppRegistry} from "./registries/AppRegistry.sol";
import {DatasetRegistry} from "./registries/DatasetRegistry.sol";
import {Desk} from "./Desk.sol";
import {ITokenSpender} from "./interfaces/ITokenSpender.sol";
import {Matching} from "./Matching.sol";
import {WorkerpoolRegistry} from "./registries/WorkerpoolRegistry.sol";

/// @title TokenDesk
/// @notice The market's door for money where that is an ERC-20 token. Amounts are nRLC.
///
/// INVARIANTS
/// - After every deposit and withdrawal the market holds at least what all accounts together have, whatever the token
///   does.
/// - Tokens leave only for an account's owner, out of what he has free.
contract TokenDesk is Desk, ITokenSpender {
    error CoinsNotAccepted(uint256 value);
    error WrongToken(address caller, address token);
    error TransferFailed(address from, address to, uint256 amount);
    error TokenFellShort(uint256 held, uint256 owed);
    error NotAMatch(bytes4 selector);
    error NotTheRequester(address sender, address requester);
    error LengthMismatch(uint256 first, uint256 second);

    constructor(IERC20 token_, AppRegistry apps, DatasetRegistry datasets, WorkerpoolRegistry workerpools)
        Desk(token_, apps, datasets, workerpools)
    {}

    receive() external payable {
        revert CoinsNotAccepted(msg.value);
    }

    /* THE OWNER OF AN ACCOUNT */

    function deposit(uint256 amount) external returns (bool) {
        _deposit(msg.sender, msg.sender, amount);
        return true;
    }

    function depositFor(uint256 amount, address target) external returns (bool) {
        _deposit(msg.sender, target, amount);
        return true;
    }

    function depositForArray(uint256[] calldata amounts, address[] calldata targets) external returns (bool) {
        require(amounts.length == targets.length, LengthMismatch(amounts.length, targets.length));
        for (uint256 i = 0; i < amounts.length; ++i) {
            _deposit(msg.sender, targets[i], amounts[i]);
        }
        return true;
    }

    /// @notice Fails with InsufficientFree, TransferFailed or the token's own error.
    function withdraw(uint256 amount) external returns (bool) {
        _withdraw(msg.sender, amount);
        return true;
    }

    function withdrawTo(uint256 amount, address target) external returns (bool) {
        _withdraw(target, amount);
        return true;
    }

    /* THE TOKEN */

    /// @notice The second half of the token's `approveAndCall`: deposits what was approved, and then makes a deal if
    /// `data` is a call of `matchOrders` for a request of the sender. Fails with what the match fails with.
    function receiveApproval(address sender, uint256 amount, address token_, bytes calldata data)
        external
        returns (bool)
    {
        require(msg.sender == address(_token) && token_ == address(_token), WrongToken(msg.sender, token_));
        _deposit(sender, sender, amount);
        if (data.length > 0) _match(sender, data);
        return true;
    }

    /* THE OWNER OF THE MARKET */

    /// @notice Takes the tokens that were sent here by mistake: those that no account has. Returns how much.
    function recover() external onlyOwner returns (uint256 found) {
        found = _covered() - _supply;
        _mint(_owner, found);
    }

    function _deposit(address from, address to, uint256 amount) private {
        _mint(to, amount);
        require(_token.transferFrom(from, address(this), amount), TransferFailed(from, address(this), amount));
        _covered();
    }

    /// What the market holds, which must cover all accounts.
    function _covered() private view returns (uint256 held) {
        held = _token.balanceOf(address(this));
        require(held >= _supply, TokenFellShort(held, _supply));
    }

    /// Only the sender's own request: with the money that just came in, nobody else's deal is paid.
    function _match(address sender, bytes calldata data) private {
        bool matches = data.length >= 132 && bytes4(data) == Matching.matchOrders.selector;
        // The request is the call's fourth order, and the requester its seventh field.
        uint256 request = matches ? uint256(bytes32(data[100:132])) : 0;
        require(matches && request < data.length && request + 228 <= data.length, NotAMatch(bytes4(data)));
        address requester = address(uint160(uint256(bytes32(data[request + 196:request + 228]))));
        require(requester == sender, NotTheRequester(sender, requester));
        Address.functionCall(address(this), data);
    }

    function _withdraw(address to, uint256 amount) private {
        _burn(msg.sender, amount);
        require(_token.transfer(to, amount), TransferFailed(address(this), to, amount));
        _covered();
    }
}
