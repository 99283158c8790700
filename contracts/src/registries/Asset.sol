// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Registry} from "./Registry.sol";

/// @title Asset
/// @notice What apps, datasets and workerpools have in common: an owner, whom the registry knows, and a description
/// behind the code of the clone.
///
/// The description is packed: a field of fixed size as it is, one of variable size behind its length in two bytes.
///
/// INVARIANTS
/// - The description never changes.
abstract contract Asset {
    /// The length of a minimal proxy (ERC-1167), behind which the description starts.
    uint256 private constant PROXY = 45;

    error CallerIsNotOwner(address caller, address owner);

    Registry public immutable registry;

    constructor(Registry registry_) {
        registry = registry_;
    }

    function owner() public view returns (address) {
        return registry.ownerOf(uint256(uint160(address(this))));
    }

    /// The 32 bytes of the description from `offset`.
    function _word(uint256 offset) internal view returns (bytes32) {
        return bytes32(_read(offset, 32));
    }

    /// The field of variable size with this position among those that start at `offset`.
    function _field(uint256 offset, uint256 position) internal view returns (bytes memory) {
        for (uint256 i = 0; i < position; ++i) {
            offset += 2 + _length(offset);
        }
        return _read(offset + 2, _length(offset));
    }

    function _length(uint256 offset) private view returns (uint256) {
        return uint16(bytes2(_read(offset, 2)));
    }

    function _read(uint256 offset, uint256 length) private view returns (bytes memory data) {
        data = new bytes(length);
        assembly ("memory-safe") {
            extcodecopy(address(), add(data, 32), add(PROXY, offset), length)
        }
    }
}
