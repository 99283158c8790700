// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Dataset} from "./Dataset.sol";
import {Descriptions} from "./Descriptions.sol";
import {Registry} from "./Registry.sol";

/// @title DatasetRegistry
/// @notice All datasets.
///
/// INVARIANTS
/// - See Registry.
contract DatasetRegistry is Registry {
    using Descriptions for bytes;

    constructor() Registry(address(new Dataset(this)), "Bourse Datasets", "DATASET") {}

    /// @notice Registers a dataset for `owner`. Fails where the same was registered for him before.
    function createDataset(address owner, string calldata name_, bytes calldata multiaddr, bytes32 checksum)
        external
        returns (Dataset)
    {
        return Dataset(_create(owner, _describe(name_, multiaddr, checksum)));
    }

    /// @notice The address that `createDataset` gives.
    function predictDataset(address owner, string calldata name_, bytes calldata multiaddr, bytes32 checksum)
        external
        view
        returns (Dataset)
    {
        return Dataset(_predict(owner, _describe(name_, multiaddr, checksum)));
    }

    function _describe(string calldata name_, bytes calldata multiaddr, bytes32 checksum)
        private
        pure
        returns (bytes memory)
    {
        return abi.encodePacked(checksum, bytes(name_).field(), multiaddr.field());
    }
}
