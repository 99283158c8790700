// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Asset} from "./Asset.sol";
import {Registry} from "./Registry.sol";

/// @title App
/// @notice A program that can be run: where it is, and what its bytes must hash to.
///
/// INVARIANTS
/// - It never changes: who bought a run knows what runs.
contract App is Asset {
    constructor(Registry registry_) Asset(registry_) {}

    function m_appChecksum() external view returns (bytes32) {
        return _word(0);
    }

    function m_appName() external view returns (string memory) {
        return string(_field(32, 0));
    }

    /// @notice How it is run, DOCKER or WASM for instance.
    function m_appType() external view returns (string memory) {
        return string(_field(32, 1));
    }

    function m_appMultiaddr() external view returns (bytes memory) {
        return _field(32, 2);
    }

    /// @notice What an enclave that runs it must measure, as JSON; empty for apps that need none.
    function m_appMREnclave() external view returns (bytes memory) {
        return _field(32, 3);
    }
}
