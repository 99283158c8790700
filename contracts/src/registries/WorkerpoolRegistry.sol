// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Descriptions} from "./Descriptions.sol";
import {Registry} from "./Registry.sol";
import {Workerpool} from "./Workerpool.sol";

/// @title WorkerpoolRegistry
/// @notice All workerpools.
///
/// INVARIANTS
/// - See Registry.
contract WorkerpoolRegistry is Registry {
    using Descriptions for bytes;

    constructor() Registry(address(new Workerpool(this)), "Bourse Workerpools", "WORKERPOOL") {}

    /// @notice Registers a workerpool for `owner`. Fails where the same was registered for him before.
    function createWorkerpool(address owner, string calldata description) external returns (Workerpool) {
        return Workerpool(_create(owner, bytes(description).field()));
    }

    /// @notice The address that `createWorkerpool` gives.
    function predictWorkerpool(address owner, string calldata description) external view returns (Workerpool) {
        return Workerpool(_predict(owner, bytes(description).field()));
    }
}
