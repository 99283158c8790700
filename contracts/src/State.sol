// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

import {AppRegistry} from "./registries/AppRegistry.sol";
import {DatasetRegistry} from "./registries/DatasetRegistry.sol";
import {WorkerpoolRegistry} from "./registries/WorkerpoolRegistry.sol";

/// @notice What an account has, in nRLC, and how far the market trusts it as a worker. One storage slot.
struct Account {
    uint96 free;
    uint96 locked;
    // Right results less what lies cost; see docs/contracts.md, "Scores".
    uint32 score;
    // The worker's number, from 1, given at his first contribution.
    uint32 number;
}

struct Category {
    string name;
    string description;
    uint256 workClockTimeRef;
}

/// @notice Where a task stands, as clients read it.
enum TaskStatus {
    UNSET,
    ACTIVE,
    REVEALING,
    COMPLETED,
    FAILED
}

/// @notice Whether a result that one worker gave alone is checked. All zero where that was never a question.
struct Audit {
    // The block whose hash draws, where one worker won alone and his result waits for that; else zero.
    uint64 drawBlock;
    // Was an audit ever due in this task?
    bool audited;
}

/// @notice A task. What can be derived (deadlines, counters, weights) is not stored.
struct Task {
    // The blob with the deal's terms.
    address deal;
    uint40 index;
    // Zero while no result has won.
    uint40 revealDeadline;
    TaskStatus status;
    // The opinion that won, where revealDeadline is set.
    uint8 leader;
    // Four ballots a word.
    uint256[8] ballots;
    // The distinct result hashes, by opinion. The leader's is replaced by the digest at the first reveal,
    // from which it can be computed: a slot less to fill.
    bytes32[32] opinions;
    // Until it is revealed, each contribution's seal.
    mapping(address worker => bytes32) seals;
    mapping(address worker => address) enclaves;
    Audit audit;
    bytes results;
    bytes resultsCallback;
}

/// @title State
/// @notice All storage of the market, in one place, because two contracts share it: the Hub, which holds it, and the
/// Desk, whose code the Hub runs on it. Here too is what both must agree on.
///
/// INVARIANTS
/// - Hub and Desk inherit this contract first and declare no storage of their own, so their layouts are one.
/// - Token and registries never change.
abstract contract State {
    uint256 internal constant CONTRIBUTION_DEADLINE_RATIO = 7;
    uint256 internal constant REVEAL_DEADLINE_RATIO = 2;
    uint256 internal constant FINAL_DEADLINE_RATIO = 10;
    /// What a scheduler puts behind each task, in percent of the pool's price.
    uint256 internal constant WORKERPOOL_STAKE_RATIO = 30;
    /// What a finished task gets out of the kitty: this many percent, but at least KITTY_MIN nRLC if it is there.
    uint256 internal constant KITTY_RATIO = 10;
    uint256 internal constant KITTY_MIN = 1e9;
    /// Nobody's account, in which the stakes of those who failed wait, locked, for those who succeed.
    address internal constant KITTY = address(uint160(bytes20(keccak256("iExecKitty"))) - 1);
    /// The least gas that a callback gets, and what a market begins with.
    uint32 internal constant MIN_CALLBACK_GAS = 100_000;
    /// ERC-734's purpose of a key that is a member of a group.
    uint256 internal constant GROUPMEMBER_PURPOSE = 4;

    bytes32 internal constant DOMAIN_TYPEHASH =
        keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)");
    string internal constant DOMAIN_NAME = "iExecODB";
    string internal constant DOMAIN_VERSION = "5.0.0";

    error NotOwner(address caller, address owner);
    error UnknownCategory(uint256 category, uint256 count);

    event OwnershipTransferred(address indexed previousOwner, address indexed newOwner);

    /// The token of the accounts; zero where it is the chain's own coin.
    IERC20 internal immutable _token;
    AppRegistry internal immutable _apps;
    DatasetRegistry internal immutable _datasets;
    WorkerpoolRegistry internal immutable _workerpools;

    address internal _owner;
    address internal _teeBroker;
    /// When the broker was named. Deals that are older do not know him.
    uint40 internal _teeBrokerSince;
    /// How much gas a callback gets.
    uint32 internal _callbackGas;
    /// The sum of all accounts, free and locked, in nRLC.
    uint96 internal _supply;
    uint32 internal _workerCount;
    Category[] internal _categories;
    mapping(address account => Account) internal _accounts;
    mapping(address account => mapping(address spender => uint256)) internal _allowances;
    mapping(uint256 number => address) internal _workers;
    mapping(bytes32 orderHash => uint256 tasks) internal _consumed;
    mapping(bytes32 orderHash => address signer) internal _presigned;
    mapping(bytes32 dealid => address blob) internal _deals;
    mapping(bytes32 taskid => Task) internal _tasks;

    constructor(IERC20 token_, AppRegistry apps, DatasetRegistry datasets, WorkerpoolRegistry workerpools) {
        _token = token_;
        _apps = apps;
        _datasets = datasets;
        _workerpools = workerpools;
    }

    modifier onlyOwner() {
        require(msg.sender == _owner, NotOwner(msg.sender, _owner));
        _;
    }

    /// The EIP-712 domain of this market on this chain. Computed, not stored, so that after a fork of the chain
    /// an order is good on one branch only.
    function _domainSeparator() internal view virtual returns (bytes32) {
        return keccak256(
            abi.encode(
                DOMAIN_TYPEHASH,
                keccak256(bytes(DOMAIN_NAME)),
                keccak256(bytes(DOMAIN_VERSION)),
                block.chainid,
                address(this)
            )
        );
    }

    function _typed(bytes32 structHash) internal view returns (bytes32) {
        return keccak256(abi.encodePacked(hex"1901", _domainSeparator(), structHash));
    }
}
