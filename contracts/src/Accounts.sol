// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {Deals} from "./Deals.sol";
import {Escrow} from "./Escrow.sol";
import {Announcement} from "./Announcement.sol";
import {Account} from "./State.sol";

/// @title Accounts
/// @notice The accounts of the market as an ERC-20 token, whose balances are the free amounts (nRLC).
///
/// INVARIANTS
/// - A transfer moves free amounts only, and at most what the owner has and has allowed.
/// - The supply is what was deposited and not yet withdrawn.
abstract contract Accounts is Escrow {
    error InsufficientAllowance(address owner, address spender, uint256 allowance, uint256 needed);

    event Approval(address indexed owner, address indexed spender, uint256 value);

    /* THE OWNER OF AN ACCOUNT */

    function transfer(address recipient, uint256 amount) external returns (bool) {
        _move(msg.sender, recipient, amount);
        return true;
    }

    function approve(address spender, uint256 amount) external returns (bool) {
        _approve(msg.sender, spender, amount);
        return true;
    }

    /// @notice Raises what `spender` may take, at most to all there is.
    function increaseAllowance(address spender, uint256 added) external returns (bool) {
        _approve(msg.sender, spender, Math.saturatingAdd(_allowances[msg.sender][spender], added));
        return true;
    }

    function decreaseAllowance(address spender, uint256 removed) external returns (bool) {
        _spend(msg.sender, spender, removed);
        emit Approval(msg.sender, spender, _allowances[msg.sender][spender]);
        return true;
    }

    /// @notice Approves and tells the spender at once. Fails with the spender's error or with SpenderRefused.
    function approveAndCall(address spender, uint256 amount, bytes calldata data) external returns (bool) {
        _approve(msg.sender, spender, amount);
        Announcement.make(spender, amount, data);
        return true;
    }

    /* WHOM HE ALLOWED TO */

    function transferFrom(address owner_, address recipient, uint256 amount) external returns (bool) {
        _spend(owner_, msg.sender, amount);
        _move(owner_, recipient, amount);
        return true;
    }

    /* ANYONE, TO READ */

    function name() external pure returns (string memory) {
        return "Staked RLC";
    }

    function symbol() external pure returns (string memory) {
        return "SRLC";
    }

    function decimals() external pure returns (uint8) {
        return 9;
    }

    function totalSupply() external view returns (uint256) {
        return _supply;
    }

    function balanceOf(address account) external view returns (uint256) {
        return _accounts[account].free;
    }

    /// @notice What is locked of the account, as prices and stakes of deals and tasks that have not ended.
    function frozenOf(address account) external view returns (uint256) {
        return _accounts[account].locked;
    }

    function allowance(address account, address spender) external view returns (uint256) {
        return _allowances[account][spender];
    }

    /* MONEY ENTERS AND LEAVES */

    /// Fails with AmountTooLarge where all accounts together would not fit.
    function _mint(address to, uint256 amount) internal {
        require(to != address(0), NoAccount());
        uint256 supply = uint256(_supply) + Deals.amount(amount);
        _supply = Deals.amount(supply);
        _accounts[to].free += uint96(amount);
        emit Transfer(address(0), to, amount);
    }

    function _burn(address from, uint256 amount) internal {
        Account storage account = _accounts[from];
        _supply -= _take(account, from, amount);
        emit Transfer(from, address(0), amount);
    }

    function _approve(address owner_, address spender, uint256 amount) private {
        require(spender != address(0), NoAccount());
        _allowances[owner_][spender] = amount;
        emit Approval(owner_, spender, amount);
    }

    function _spend(address owner_, address spender, uint256 amount) private {
        uint256 allowed = _allowances[owner_][spender];
        require(allowed >= amount, InsufficientAllowance(owner_, spender, allowed, amount));
        _allowances[owner_][spender] = allowed - amount;
    }
}
