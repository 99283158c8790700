// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @notice Fails whatever it is asked.
contract Reverter {
    fallback() external payable {
        revert("no");
    }
}

/// @notice Burns all gas that it gets.
contract Burner {
    fallback() external payable {
        assembly {
            invalid()
        }
    }
}

/// @notice Answers everything with half a megabyte that begins like a yes.
contract Bomb {
    fallback() external payable {
        assembly {
            mstore(0, 1)
            return(0, 500000)
        }
    }
}

/// @notice Answers everything with a word that is neither true nor false nor a selector.
contract Mumbler {
    fallback() external payable {
        assembly {
            mstore(0, 2)
            return(0, 32)
        }
    }
}

/// @notice Answers everything with less than a word, though it begins like a yes.
contract Stammerer {
    fallback() external payable {
        assembly {
            // The selector that was asked for, as ERC-1271 and ERC-721 want it, but for the rest of its word.
            calldatacopy(0, 0, 4)
            return(0, 4)
        }
    }
}

/// @notice Agrees to whatever it is asked to sign (ERC-1271), and has a key for everyone (ERC-734).
contract YesMan {
    function isValidSignature(bytes32, bytes calldata) external pure returns (bytes4) {
        return this.isValidSignature.selector;
    }

    function keyHasPurpose(bytes32, uint256) external pure returns (bool) {
        return true;
    }
}

/// @notice One of those who never agree.
library Enemies {
    uint256 internal constant COUNT = 5;

    function make(uint256 kind) internal returns (address) {
        kind %= COUNT;
        if (kind == 0) return address(new Reverter());
        if (kind == 1) return address(new Burner());
        if (kind == 2) return address(new Bomb());
        if (kind == 3) return address(new Mumbler());
        return address(new Stammerer());
    }
}
