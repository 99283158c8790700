// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Deals} from "./Deals.sol";
import {Account, State} from "./State.sol";

/// @title Escrow
/// @notice Everyone's account in the market: what is free to withdraw, what is locked as a price or a stake.
/// Amounts are nRLC.
///
/// INVARIANTS
/// - `_supply` is the sum of every account's free and locked amounts.
/// - Tokens move only where money enters or leaves; a deal or a task only moves numbers between accounts.
/// - What `_lock` takes comes back exactly once: by `_unlock` to its owner, or by `_seize` to those it is then
///   given to, by `_reward` or `_toKitty`, in the same call.
abstract contract Escrow is State {
    error InsufficientFree(address account, uint256 free, uint256 needed);
    error NoAccount();

    event Transfer(address indexed from, address indexed to, uint256 value);
    event Lock(address owner, uint256 amount);
    event Unlock(address owner, uint256 amount);
    event Reward(address owner, uint256 amount, bytes32 ref);
    event Seize(address owner, uint256 amount, bytes32 ref);

    /// Fails with InsufficientFree.
    function _lock(address owner, uint256 amount) internal {
        if (amount == 0) return;
        Account storage account = _accounts[owner];
        uint96 taken = _take(account, owner, amount);
        account.locked += taken;
        emit Transfer(owner, address(this), amount);
        emit Lock(owner, amount);
    }

    /// The amount must have been locked.
    function _unlock(address owner, uint256 amount) internal {
        if (amount == 0) return;
        Account storage account = _accounts[owner];
        account.locked -= Deals.amount(amount);
        account.free += Deals.amount(amount);
        emit Transfer(address(this), owner, amount);
        emit Unlock(owner, amount);
    }

    /// Takes what was locked away from its owner. The caller gives it to others.
    function _seize(address owner, uint256 amount, bytes32 ref) internal {
        if (amount == 0) return;
        _accounts[owner].locked -= Deals.amount(amount);
        emit Seize(owner, amount, ref);
    }

    /// Gives what was seized.
    function _reward(address owner, uint256 amount, bytes32 ref) internal {
        if (amount == 0) return;
        _accounts[owner].free += Deals.amount(amount);
        emit Transfer(address(this), owner, amount);
        emit Reward(owner, amount, ref);
    }

    /// Gives what was seized to the kitty, where it stays locked until a task succeeds.
    function _toKitty(uint256 amount, bytes32 ref) internal {
        if (amount == 0) return;
        _accounts[KITTY].locked += Deals.amount(amount);
        emit Reward(KITTY, amount, ref);
        emit Lock(KITTY, amount);
    }

    function _move(address from, address to, uint256 amount) internal {
        require(to != address(0), NoAccount());
        uint96 taken = _take(_accounts[from], from, amount);
        _accounts[to].free += taken;
        emit Transfer(from, to, amount);
    }

    function _take(Account storage account, address owner, uint256 amount) internal returns (uint96) {
        uint96 free = account.free;
        require(free >= amount, InsufficientFree(owner, free, amount));
        uint96 taken = Deals.amount(amount);
        account.free = free - taken;
        return taken;
    }
}
