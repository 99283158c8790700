// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {App} from "./registries/App.sol";
import {AppRegistry} from "./registries/AppRegistry.sol";
import {Ballot, Ballots, ContributionStatus} from "./Ballots.sol";
import {Dataset} from "./registries/Dataset.sol";
import {DatasetRegistry} from "./registries/DatasetRegistry.sol";
import {Deal, Deals, Resource, Terms} from "./Deals.sol";
import {Results} from "./Results.sol";
import {Category, Task, TaskStatus} from "./State.sol";
import {Workerpool} from "./registries/Workerpool.sol";
import {WorkerpoolRegistry} from "./registries/WorkerpoolRegistry.sol";

/// @notice What is free and what is locked, in nRLC.
struct AccountView {
    uint256 stake;
    uint256 locked;
}

/// @notice A task as clients read it. Times are seconds since 1970.
struct TaskView {
    TaskStatus status;
    bytes32 dealid;
    uint256 idx;
    uint256 timeref;
    uint256 contributionDeadline;
    uint256 revealDeadline;
    uint256 finalDeadline;
    bytes32 consensusValue;
    uint256 revealCounter;
    uint256 winnerCounter;
    address[] contributors;
    bytes32 resultDigest;
    bytes results;
    uint256 resultsTimestamp;
    bytes resultsCallback;
}

/// @notice What PoCo's views leave out of a task's vote: each contribution's whole weight, and whether it counts no
/// more than a new worker's because he is audited, in the order of the contributors; and, where one worker won alone,
/// the block whose hash draws whether he is audited, else zero.
struct VotingView {
    uint256[] weights;
    bool[] audited;
    uint256 drawBlock;
}

/// @notice A contribution as clients read it. `weight` is the logarithm by which a winner is paid.
struct ContributionView {
    ContributionStatus status;
    bytes32 resultHash;
    bytes32 resultSeal;
    address enclaveChallenge;
    uint256 weight;
}

struct AppView {
    address owner;
    string m_appName;
    string m_appType;
    bytes m_appMultiaddr;
    bytes32 m_appChecksum;
    bytes m_appMREnclave;
}

struct DatasetView {
    address owner;
    string m_datasetName;
    bytes m_datasetMultiaddr;
    bytes32 m_datasetChecksum;
}

struct WorkerpoolView {
    address owner;
    string m_workerpoolDescription;
    uint256 m_workerStakeRatioPolicy;
    uint256 m_schedulerRewardRatioPolicy;
}

/// @notice The EIP-712 domain under which orders are signed.
struct Domain {
    string name;
    string version;
    uint256 chainId;
    address verifyingContract;
}

/// @title Views
/// @notice Everything that can be read, in the shape that PoCo's clients expect. What is stored is less than what is
/// shown: the rest is computed here.
///
/// INVARIANTS
/// - Nothing here writes. What does not exist reads as zeros, but for a category, which fails.
abstract contract Views is Results {
    using Ballots for Ballot[];
    using Ballots for uint256[8];

    error NoResult(bytes32 taskid, TaskStatus status);

    /* THE MARKET */

    function owner() external view returns (address) {
        return _owner;
    }

    /// @notice The token of the accounts; zero where it is the chain's own coin.
    function token() external view returns (IERC20) {
        return _token;
    }

    function appregistry() external view returns (AppRegistry) {
        return _apps;
    }

    function datasetregistry() external view returns (DatasetRegistry) {
        return _datasets;
    }

    function workerpoolregistry() external view returns (WorkerpoolRegistry) {
        return _workerpools;
    }

    function teebroker() external view returns (address) {
        return _teeBroker;
    }

    function callbackgas() external view returns (uint256) {
        return _callbackGas;
    }

    function contribution_deadline_ratio() external pure returns (uint256) {
        return CONTRIBUTION_DEADLINE_RATIO;
    }

    function reveal_deadline_ratio() external pure returns (uint256) {
        return REVEAL_DEADLINE_RATIO;
    }

    function final_deadline_ratio() external pure returns (uint256) {
        return FINAL_DEADLINE_RATIO;
    }

    function workerpool_stake_ratio() external pure returns (uint256) {
        return WORKERPOOL_STAKE_RATIO;
    }

    function kitty_ratio() external pure returns (uint256) {
        return KITTY_RATIO;
    }

    function kitty_min() external pure returns (uint256) {
        return KITTY_MIN;
    }

    function kitty_address() external pure returns (address) {
        return KITTY;
    }

    function groupmember_purpose() external pure returns (uint256) {
        return GROUPMEMBER_PURPOSE;
    }

    function domain() external view returns (Domain memory) {
        return Domain(DOMAIN_NAME, DOMAIN_VERSION, block.chainid, address(this));
    }

    function eip712domain_separator() external view returns (bytes32) {
        return _domainSeparator();
    }

    /// @notice Does nothing: the domain separator always is the one of this chain.
    function updateDomainSeparator() external pure {}

    function countCategory() external view returns (uint256) {
        return _categories.length;
    }

    function viewCategory(uint256 catid) public view returns (Category memory) {
        require(catid < _categories.length, UnknownCategory(catid, _categories.length));
        return _categories[catid];
    }

    /* ACCOUNTS AND ASSETS */

    function viewAccount(address account) public view returns (AccountView memory) {
        return AccountView(_accounts[account].free, _accounts[account].locked);
    }

    function viewScore(address worker) external view returns (uint256) {
        return _accounts[worker].score;
    }

    function viewApp(address app) external view returns (AppView memory v) {
        if (_apps.ownerOrZero(app) == address(0)) return v;
        App a = App(app);
        return
            AppView(a.owner(), a.m_appName(), a.m_appType(), a.m_appMultiaddr(), a.m_appChecksum(), a.m_appMREnclave());
    }

    function viewDataset(address dataset) external view returns (DatasetView memory v) {
        if (_datasets.ownerOrZero(dataset) == address(0)) return v;
        Dataset d = Dataset(dataset);
        return DatasetView(d.owner(), d.m_datasetName(), d.m_datasetMultiaddr(), d.m_datasetChecksum());
    }

    function viewWorkerpool(address workerpool) external view returns (WorkerpoolView memory v) {
        if (_workerpools.ownerOrZero(workerpool) == address(0)) return v;
        Workerpool w = Workerpool(workerpool);
        return WorkerpoolView(
            w.owner(), w.m_workerpoolDescription(), w.m_workerStakeRatioPolicy(), w.m_schedulerRewardRatioPolicy()
        );
    }

    /* DEALS, TASKS, CONTRIBUTIONS */

    function viewDeal(bytes32 id) public view returns (Deal memory deal) {
        address blob = _deals[id];
        if (blob == address(0)) return deal;
        Terms memory t = Deals.read(blob);
        deal.app = Resource(t.app, t.appOwner, t.appPrice);
        deal.dataset = Resource(t.dataset, t.datasetOwner, t.datasetPrice);
        deal.workerpool = Resource(t.workerpool, t.workerpoolOwner, t.workerpoolPrice);
        deal.trust = t.trust;
        deal.category = t.category;
        deal.tag = t.tag;
        deal.requester = t.requester;
        deal.beneficiary = t.beneficiary;
        deal.callback = t.callback;
        deal.params = Deals.params(blob);
        deal.startTime = t.startTime;
        deal.botFirst = t.botFirst;
        deal.botSize = t.botSize;
        deal.workerStake = t.workerStake;
        deal.schedulerRewardRatio = t.schedulerRewardRatio;
        deal.sponsor = t.sponsor;
    }

    function viewTask(bytes32 id) public view returns (TaskView memory v) {
        Task storage task = _tasks[id];
        if (task.status == TaskStatus.UNSET) return v;
        Terms memory t = Deals.read(task.deal);
        Ballot[] memory ballots = task.ballots.load();
        v.status = task.status;
        v.dealid = t.dealid;
        v.idx = task.index;
        v.timeref = t.timeref;
        v.contributionDeadline = t.startTime + t.timeref * CONTRIBUTION_DEADLINE_RATIO;
        v.finalDeadline = t.startTime + t.timeref * FINAL_DEADLINE_RATIO;
        v.contributors = new address[](ballots.length);
        for (uint256 i = 0; i < ballots.length; ++i) {
            v.contributors[i] = _workers[ballots[i].number()];
        }
        v.revealDeadline = task.revealDeadline;
        if (v.revealDeadline > 0) {
            v.consensusValue = _hashOfOpinion(id, task, ballots, task.leader);
            v.revealCounter = ballots.proved();
            v.winnerCounter = ballots.standingFor(task.leader);
            if (v.revealCounter > 0) v.resultDigest = task.opinions[task.leader];
        }
        v.results = task.results;
        v.resultsCallback = task.resultsCallback;
    }

    function viewContribution(bytes32 taskid, address worker) public view returns (ContributionView memory v) {
        Task storage task = _tasks[taskid];
        Ballot[] memory ballots = task.ballots.load();
        uint256 position = ballots.find(_accounts[worker].number);
        if (position == ballots.length) return v;
        Ballot ballot = ballots[position];
        v.status = ballot.status();
        v.resultHash = _hashOfOpinion(taskid, task, ballots, ballot.opinion());
        v.resultSeal = v.status == ContributionStatus.PROVED
            ? _sealOf(worker, taskid, task.opinions[task.leader])
            : task.seals[worker];
        v.enclaveChallenge = task.enclaves[worker];
        v.weight = Math.log2(ballot.weight());
    }

    function viewVoting(bytes32 taskid) external view returns (VotingView memory v) {
        Task storage task = _tasks[taskid];
        Ballot[] memory ballots = task.ballots.load();
        (v.weights, v.audited) = (new uint256[](ballots.length), new bool[](ballots.length));
        for (uint256 i = 0; i < ballots.length; ++i) {
            (v.weights[i], v.audited[i]) = (ballots[i].weight(), ballots[i].audited());
        }
        v.drawBlock = task.audit.drawBlock;
    }

    /// @notice The bytes that a completed task's callback got (EIP-1154, the pulling half).
    /// Fails with NoResult where the task is not completed.
    function resultFor(bytes32 id) external view returns (bytes memory) {
        Task storage task = _tasks[id];
        require(task.status == TaskStatus.COMPLETED, NoResult(id, task.status));
        return task.resultsCallback;
    }

    /* THE SAME WITHOUT STRUCTS, FOR OLD CALLERS */

    function viewAccountABILegacy(address account) external view returns (uint256, uint256) {
        AccountView memory v = viewAccount(account);
        return (v.stake, v.locked);
    }

    function viewCategoryABILegacy(uint256 catid) external view returns (string memory, string memory, uint256) {
        Category memory v = viewCategory(catid);
        return (v.name, v.description, v.workClockTimeRef);
    }

    function viewDealABILegacy_pt1(bytes32 id)
        external
        view
        returns (address, address, uint256, address, address, uint256, address, address, uint256)
    {
        Deal memory v = viewDeal(id);
        return (
            v.app.pointer,
            v.app.owner,
            v.app.price,
            v.dataset.pointer,
            v.dataset.owner,
            v.dataset.price,
            v.workerpool.pointer,
            v.workerpool.owner,
            v.workerpool.price
        );
    }

    function viewDealABILegacy_pt2(bytes32 id)
        external
        view
        returns (uint256, bytes32, address, address, address, string memory)
    {
        Deal memory v = viewDeal(id);
        return (v.trust, v.tag, v.requester, v.beneficiary, v.callback, v.params);
    }

    function viewConfigABILegacy(bytes32 id)
        external
        view
        returns (uint256, uint256, uint256, uint256, uint256, uint256)
    {
        Deal memory v = viewDeal(id);
        return (v.category, v.startTime, v.botFirst, v.botSize, v.workerStake, v.schedulerRewardRatio);
    }

    function viewTaskABILegacy(bytes32 id)
        external
        view
        returns (
            TaskStatus,
            bytes32,
            uint256,
            uint256,
            uint256,
            uint256,
            uint256,
            bytes32,
            uint256,
            uint256,
            address[] memory,
            bytes memory
        )
    {
        TaskView memory v = viewTask(id);
        return (
            v.status,
            v.dealid,
            v.idx,
            v.timeref,
            v.contributionDeadline,
            v.revealDeadline,
            v.finalDeadline,
            v.consensusValue,
            v.revealCounter,
            v.winnerCounter,
            v.contributors,
            v.results
        );
    }

    function viewContributionABILegacy(bytes32 taskid, address worker)
        external
        view
        returns (ContributionStatus, bytes32, bytes32, address)
    {
        ContributionView memory v = viewContribution(taskid, worker);
        return (v.status, v.resultHash, v.resultSeal, v.enclaveChallenge);
    }
}
