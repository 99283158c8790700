// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Asset} from "./Asset.sol";
import {Registry} from "./Registry.sol";

/// @title Dataset
/// @notice Data that a program can use: where it is, encrypted, and what those bytes must hash to.
///
/// INVARIANTS
/// - It never changes.
contract Dataset is Asset {
    constructor(Registry registry_) Asset(registry_) {}

    /// @notice SHA-256 of the encrypted file.
    function m_datasetChecksum() external view returns (bytes32) {
        return _word(0);
    }

    function m_datasetName() external view returns (string memory) {
        return string(_field(32, 0));
    }

    function m_datasetMultiaddr() external view returns (bytes memory) {
        return _field(32, 1);
    }
}
