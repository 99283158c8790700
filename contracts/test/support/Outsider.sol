// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title Outsider
/// @notice A contract that has to do with a market without being part of it: it owns assets, signs orders, is a group,
/// is called back, and is sent money. One that is agreeable does whatever it is asked; another refuses it all.
contract Outsider {
    event Received(bytes32 id, bytes result);

    bool private immutable _agreeable;
    mapping(address account => bool) private _members;

    constructor(bool agreeable, address[] memory members) {
        _agreeable = agreeable;
        for (uint256 i = 0; i < members.length; ++i) {
            _members[members[i]] = true;
        }
    }

    receive() external payable {
        require(_agreeable);
    }

    /// @notice ERC-1271; a hash is its own signature.
    function isValidSignature(bytes32 hash, bytes calldata signature) external view returns (bytes4) {
        bool agrees = _agreeable && signature.length == 32 && bytes32(signature) == hash;
        return agrees ? this.isValidSignature.selector : bytes4(0);
    }

    /// @notice ERC-734: members of the group have purpose 4.
    function keyHasPurpose(bytes32 key, uint256 purpose) external view returns (bool) {
        return purpose == 4 && _members[address(uint160(uint256(key)))];
    }

    /// @notice EIP-1154: what a deal's callback is told.
    function receiveResult(bytes32 id, bytes calldata result) external {
        require(_agreeable);
        emit Received(id, result);
    }

    function receiveApproval(address, uint256, address, bytes calldata) external view returns (bool) {
        return _agreeable;
    }

    function onERC721Received(address, address, uint256, bytes calldata) external view returns (bytes4) {
        return _agreeable ? this.onERC721Received.selector : bytes4(0);
    }
}
