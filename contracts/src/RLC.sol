// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";

import {Announcement} from "./Announcement.sol";

/// @title RLC
/// @notice The token of an embedded market: 9 decimals and 87 million units, like the one of the public chains.
///
/// INVARIANTS
/// - The supply is fixed when the token is made; nobody can mint or burn.
contract RLC is ERC20 {
    /// @notice The whole supply, in nRLC (1 RLC = 1e9 nRLC).
    uint256 public constant SUPPLY = 87_000_000e9;

    /// @param holder Who gets the whole supply.
    constructor(address holder) ERC20("iExec Network Token", "RLC") {
        _mint(holder, SUPPLY);
    }

    /// @notice 9, not 18: prices in the market are whole nRLC.
    function decimals() public pure override returns (uint8) {
        return 9;
    }

    /// @notice Approves `spender` for `amount` nRLC and tells it so in the same transaction.
    /// Fails with the spender's own error, or with SpenderRefused where it answers false.
    function approveAndCall(address spender, uint256 amount, bytes calldata data) external returns (bool) {
        approve(spender, amount);
        Announcement.make(spender, amount, data);
        return true;
    }
}
