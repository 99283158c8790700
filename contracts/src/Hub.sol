// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Audits} from "./Audits.sol";
import {Desk} from "./Desk.sol";
import {Matching} from "./Matching.sol";
import {State} from "./State.sol";

/// @title Hub
/// @notice The market at its one address. It holds all storage and the code of what happens every day; what is rare
/// or only read is in the Desk, whose code it runs on its own storage.
///
/// INVARIANTS
/// - The Desk is fixed for ever: nobody can change the rules under a deal.
/// - The owner can create categories, name the TEE broker of deals to come, set the callback's gas within bounds, take
///   what was sent here outside of a deposit, and pass on or give up these rights. He has no power over anyone's
///   account or deal, nor over a task of a deal that was made before.
contract Hub is Matching, Audits {
    Desk private immutable _desk;
    bytes32 private immutable _domain;
    uint256 private immutable _chain;

    /// @param desk Where money enters and leaves; it brings the token and the registries. The deployer becomes owner.
    /// @param auditRatio How many of the results that one worker gave alone are checked, in percent: 0 to 100.
    /// 10 is a good choice, 0 gives plain PoCo.
    constructor(Desk desk, uint256 auditRatio)
        State(desk.token(), desk.appregistry(), desk.datasetregistry(), desk.workerpoolregistry())
        Audits(auditRatio)
    {
        _desk = desk;
        _domain = State._domainSeparator();
        _chain = block.chainid;
        _owner = msg.sender;
        _callbackGas = MIN_CALLBACK_GAS;
        emit OwnershipTransferred(address(0), msg.sender);
    }

    function _domainSeparator() internal view override returns (bytes32) {
        return block.chainid == _chain ? _domain : State._domainSeparator();
    }

    /* THE DESK'S FUNCTIONS */

    receive() external payable {
        _runDesk();
    }

    fallback() external payable {
        _runDesk();
    }

    /// Runs this very call with the Desk's code on this contract's storage, and ends with its answer.
    function _runDesk() private {
        address desk = address(_desk);
        assembly ("memory-safe") {
            let free := mload(0x40)
            calldatacopy(free, 0, calldatasize())
            let success := delegatecall(gas(), desk, free, calldatasize(), 0, 0)
            returndatacopy(free, 0, returndatasize())
            if iszero(success) { revert(free, returndatasize()) }
            return(free, returndatasize())
        }
    }
}
