// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {App} from "./App.sol";
import {Descriptions} from "./Descriptions.sol";
import {Registry} from "./Registry.sol";

/// @title AppRegistry
/// @notice All apps.
///
/// INVARIANTS
/// - See Registry.
contract AppRegistry is Registry {
    using Descriptions for bytes;

    constructor() Registry(address(new App(this)), "Bourse Apps", "APP") {}

    /// @notice Registers an app for `owner`. Fails where the same was registered for him before.
    function createApp(
        address owner,
        string calldata name_,
        string calldata type_,
        bytes calldata multiaddr,
        bytes32 checksum,
        bytes calldata mrenclave
    ) external returns (App) {
        return App(_create(owner, _describe(name_, type_, multiaddr, checksum, mrenclave)));
    }

    /// @notice The address that `createApp` gives.
    function predictApp(
        address owner,
        string calldata name_,
        string calldata type_,
        bytes calldata multiaddr,
        bytes32 checksum,
        bytes calldata mrenclave
    ) external view returns (App) {
        return App(_predict(owner, _describe(name_, type_, multiaddr, checksum, mrenclave)));
    }

    function _describe(
        string calldata name_,
        string calldata type_,
        bytes calldata multiaddr,
        bytes32 checksum,
        bytes calldata mrenclave
    ) private pure returns (bytes memory) {
        return abi.encodePacked(
            checksum, bytes(name_).field(), bytes(type_).field(), multiaddr.field(), mrenclave.field()
        );
    }
}
