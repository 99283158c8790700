// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

import {Accounts} from "./Accounts.sol";
import {AppRegistry} from "./registries/AppRegistry.sol";
import {DatasetRegistry} from "./registries/DatasetRegistry.sol";
import {OrderBook} from "./OrderBook.sol";
import {Category, State} from "./State.sol";
import {Views} from "./Views.sol";
import {WorkerpoolRegistry} from "./registries/WorkerpoolRegistry.sol";

/// @title Desk
/// @notice The Hub's other half: accounts, orders on chain, categories, and everything that is read.
/// It is only ever run by the Hub, on the Hub's storage; called directly, it works on an empty market of its own.
///
/// INVARIANTS
/// - It declares no storage beside State.
abstract contract Desk is Accounts, OrderBook, Views {
    uint256 private constant MAX_CALLBACK_GAS = 1_000_000;

    error CallbackGasOutOfRange(uint256 asked, uint256 min, uint256 max);
    error UnknownFunction(bytes4 selector);
    error DurationOutOfRange(uint256 duration, uint256 min, uint256 max);

    event CreateCategory(uint256 catid, string name, string description, uint256 workClockTimeRef);
    event TeeBrokerNamed(address broker);

    constructor(IERC20 token_, AppRegistry apps, DatasetRegistry datasets, WorkerpoolRegistry workerpools)
        State(token_, apps, datasets, workerpools)
    {}

    fallback() external {
        revert UnknownFunction(msg.sig);
    }

    /* THE OWNER OF THE MARKET */

    /// @notice Adds a category; none is ever changed or removed.
    /// @param workClockTimeRef How long a task may compute, in seconds: 1 to ten years.
    /// @return catid Its number, counted from 0.
    function createCategory(string calldata name, string calldata description, uint256 workClockTimeRef)
        external
        onlyOwner
        returns (uint256 catid)
    {
        require(
            workClockTimeRef > 0 && workClockTimeRef <= 3650 days, DurationOutOfRange(workClockTimeRef, 1, 3650 days)
        );
        catid = _categories.length;
        _categories.push(Category(name, description, workClockTimeRef));
        emit CreateCategory(catid, name, description, workClockTimeRef);
    }

    /// @notice Who authorizes contributions of enclaves in deals to come; zero leaves it to the schedulers. In older
    /// deals the scheduler does, who was it when they were made or before.
    function setTeeBroker(address broker) external onlyOwner {
        (_teeBroker, _teeBrokerSince) = (broker, uint40(block.timestamp));
        emit TeeBrokerNamed(broker);
    }

    /// @notice How much gas a callback gets: enough for those that are there, and at most a million, so that this can
    /// neither keep a result from being delivered nor a task from ending.
    function setCallbackGas(uint256 gas_) external onlyOwner {
        require(
            gas_ >= MIN_CALLBACK_GAS && gas_ <= MAX_CALLBACK_GAS,
            CallbackGasOutOfRange(gas_, MIN_CALLBACK_GAS, MAX_CALLBACK_GAS)
        );
        _callbackGas = uint32(gas_);
    }

    function transferOwnership(address newOwner) external onlyOwner {
        require(newOwner != address(0), NoAccount());
        emit OwnershipTransferred(_owner, newOwner);
        _owner = newOwner;
    }

    /// @notice Leaves the market without an owner, for ever.
    function renounceOwnership() external onlyOwner {
        emit OwnershipTransferred(_owner, address(0));
        _owner = address(0);
    }
}
