// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

struct Log {
    bytes32[] topics;
    bytes data;
    address emitter;
}

/// @notice Those of forge's cheatcodes that our tests use.
interface Vm {
    function addr(uint256 key) external pure returns (address);
    function sign(uint256 key, bytes32 digest) external pure returns (uint8 v, bytes32 r, bytes32 s);
    function prank(address sender) external;
    function startPrank(address sender) external;
    function stopPrank() external;
    function warp(uint256 time) external;
    function roll(uint256 number) external;
    function chainId(uint256 id) external;
    function deal(address account, uint256 balance) external;
    function etch(address account, bytes calldata code) external;
    function assume(bool condition) external pure;
    function expectRevert(bytes calldata reason) external;
    function expectRevert(bytes4 reason) external;
    function expectPartialRevert(bytes4 reason) external;
    function expectRevert() external;
    function expectEmit(address emitter) external;
    function recordLogs() external;
    function getRecordedLogs() external returns (Log[] memory);
    function snapshotState() external returns (uint256 id);
    function revertToState(uint256 id) external returns (bool);
    function setBlockhash(uint256 number, bytes32 hash) external;
    /// Deploys what forge compiled, instead of compiling it into every test once more.
    function deployCode(string calldata artifact) external returns (address);
    function deployCode(string calldata artifact, bytes calldata arguments) external returns (address);
    function load(address account, bytes32 slot) external view returns (bytes32);
    /// From here on, which slots are read and written; `accesses` tells.
    function record() external;
    function accesses(address account) external returns (bytes32[] memory reads, bytes32[] memory writes);
    // What `block` says is a constant to the optimizer; these are not.
    function getBlockTimestamp() external view returns (uint256);
    function getBlockNumber() external view returns (uint256);
    function assertEq(uint256 actual, uint256 expected) external pure;
    function assertEq(address actual, address expected) external pure;
    function assertEq(bytes32 actual, bytes32 expected) external pure;
    function assertEq(bytes calldata actual, bytes calldata expected) external pure;
    function assertEq(string calldata actual, string calldata expected) external pure;
    function assertEq(bool actual, bool expected) external pure;
    function assertTrue(bool actual) external pure;
    function assertFalse(bool actual) external pure;
    function assertLe(uint256 actual, uint256 max) external pure;
    function assertGe(uint256 actual, uint256 min) external pure;
}

/// @title Test
/// @notice What every test needs. Foundry finds tests by their names; nothing else is asked of them.
abstract contract Test {
    Vm internal constant vm = Vm(address(uint160(uint256(keccak256("hevm cheat code")))));
    bool public constant IS_TEST = true;

    /// A number between min and max that follows from `value`.
    function bound(uint256 value, uint256 min, uint256 max) internal pure returns (uint256) {
        if (min == 0 && max == type(uint256).max) return value;
        return min + value % (max - min + 1);
    }
}
