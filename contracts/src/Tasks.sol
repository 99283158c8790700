// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {Ballot, Ballots, ContributionStatus} from "./Ballots.sol";
import {Deals, Terms} from "./Deals.sol";
import {Settlement} from "./Settlement.sol";
import {Signatures} from "./Signatures.sol";
import {Account, Audit, Task, TaskStatus} from "./State.sol";

/// @title Tasks
/// @notice The life of a task: initialize, contribute, reveal, then finalize, reopen, claim or decline.
///
/// INVARIANTS
/// - A status only moves forward along UNSET, ACTIVE, REVEALING, COMPLETED | FAILED, but for reopen and for an audit,
///   which lead back from REVEALING to ACTIVE when nobody revealed.
/// - A worker votes at most once in a task, and only with an authorization for exactly this worker and task.
/// - Nobody can copy a result: a contribution hides it behind its hash and a seal that names the worker.
/// - No money moves before a task ends, and it ends once.
abstract contract Tasks is Settlement, Signatures {
    using Ballots for Ballot[];
    using Ballots for uint256[8];

    /// A result that its worker, the caller, has not shown yet: what he commits to.
    struct Commitment {
        bytes32 taskid;
        bytes32 resultHash;
        bytes32 resultSeal;
        address enclaveChallenge;
    }

    error UnknownDeal(bytes32 dealid);
    error IndexOutOfDeal(uint256 index, uint256 first, uint256 size);
    error WrongStatus(bytes32 taskid, TaskStatus actual);
    error TooLate(bytes32 taskid, uint256 deadline);
    error TooEarly(bytes32 taskid, uint256 from);
    error NotScheduler(address caller, address scheduler);
    error AlreadyContributed(bytes32 taskid, address worker);
    error TooManyContributors(bytes32 taskid, uint256 max);
    error HasContributors(bytes32 taskid, uint256 contributors);
    error EnclaveRequired(bytes32 taskid);
    error TrustNotOne(bytes32 taskid, uint256 trust);
    error NotAWinner(bytes32 taskid, address worker);
    error ResultHashMismatch(bytes32 taskid, bytes32 won, bytes32 revealed);
    error SealMismatch(bytes32 taskid, bytes32 contributed, bytes32 revealed);
    error RevealsMissing(bytes32 taskid, uint256 reveals, uint256 winners, uint256 deadline);
    error AlreadyRevealed(bytes32 taskid, uint256 reveals);
    error CallbackMismatch(bytes32 taskid, bytes32 digest, bytes32 actual);
    error LengthMismatch(uint256 first, uint256 second);

    event TaskInitialize(bytes32 indexed taskid, address indexed workerpool);
    event TaskContribute(bytes32 indexed taskid, address indexed worker, bytes32 hash);
    event TaskConsensus(bytes32 indexed taskid, bytes32 consensus);
    event TaskReveal(bytes32 indexed taskid, address indexed worker, bytes32 digest);
    event TaskReopen(bytes32 indexed taskid);
    event TaskFinalize(bytes32 indexed taskid, bytes results);
    event TaskClaimed(bytes32 indexed taskid);
    event TaskDeclined(bytes32 indexed taskid);

    /* ANYONE */

    /// @notice Opens a task of a deal for contributions. Its deadlines count from the deal's start, not from here.
    /// @return taskid keccak256(dealid, index).
    function initialize(bytes32 dealid, uint256 index) public returns (bytes32 taskid) {
        address deal = _deals[dealid];
        require(deal != address(0), UnknownDeal(dealid));
        Terms memory terms = Deals.read(deal);
        require(
            index >= terms.botFirst && index < terms.botFirst + terms.botSize,
            IndexOutOfDeal(index, terms.botFirst, terms.botSize)
        );
        taskid = keccak256(abi.encodePacked(dealid, index));
        Task storage task = _tasks[taskid];
        _requireStatus(taskid, task, TaskStatus.UNSET);

        (task.deal, task.index, task.status) = (deal, uint40(index), TaskStatus.ACTIVE);
        emit TaskInitialize(taskid, terms.workerpool);
    }

    /// @notice Ends a task that nobody finished in time: the sponsor gets his money back.
    /// Fails before the final deadline with TooEarly.
    function claim(bytes32 taskid) public {
        Task storage task = _tasks[taskid];
        TaskStatus status = task.status;
        require(status == TaskStatus.ACTIVE || status == TaskStatus.REVEALING, WrongStatus(taskid, status));
        Terms memory terms = Deals.read(task.deal);
        uint256 deadline = _finalDeadline(terms);
        require(block.timestamp >= deadline, TooEarly(taskid, deadline));

        task.status = TaskStatus.FAILED;
        _fail(taskid, task, terms, status);
        emit TaskClaimed(taskid);
    }

    /// @notice `initialize` for several. The caller sees to it that they fit a block.
    function initializeArray(bytes32[] calldata dealids, uint256[] calldata indexes) external returns (bool) {
        require(dealids.length == indexes.length, LengthMismatch(dealids.length, indexes.length));
        for (uint256 i = 0; i < dealids.length; ++i) {
            initialize(dealids[i], indexes[i]);
        }
        return true;
    }

    /// @notice `claim` for several.
    function claimArray(bytes32[] calldata taskids) external returns (bool) {
        for (uint256 i = 0; i < taskids.length; ++i) {
            claim(taskids[i]);
        }
        return true;
    }

    /// @notice For tasks that were never opened: opens and claims them.
    function initializeAndClaimArray(bytes32[] calldata dealids, uint256[] calldata indexes) external returns (bool) {
        require(dealids.length == indexes.length, LengthMismatch(dealids.length, indexes.length));
        for (uint256 i = 0; i < dealids.length; ++i) {
            claim(initialize(dealids[i], indexes[i]));
        }
        return true;
    }

    /* A WORKER WHO HAS THE SCHEDULER'S AUTHORIZATION */

    /// @notice Commits to a result without showing it, and puts the deal's worker stake behind it.
    /// @param resultHash keccak256(taskid, digest).
    /// @param resultSeal keccak256(worker, taskid, digest).
    /// @param enclaveChallenge The enclave's address, zero where the task needs none.
    /// @param enclaveSign The enclave's signature of keccak256(resultHash, resultSeal).
    /// @param authorizationSign The scheduler's signature of keccak256(worker, taskid, enclaveChallenge).
    function contribute(
        bytes32 taskid,
        bytes32 resultHash,
        bytes32 resultSeal,
        address enclaveChallenge,
        bytes calldata enclaveSign,
        bytes calldata authorizationSign
    ) external {
        Task storage task = _tasks[taskid];
        Terms memory terms = _open(taskid, task);
        _permitted(Commitment(taskid, resultHash, resultSeal, enclaveChallenge), terms, enclaveSign, authorizationSign);

        Ballot[] memory ballots = task.ballots.load();
        uint256 number = _numbered(msg.sender);
        require(ballots.find(number) == ballots.length, AlreadyContributed(taskid, msg.sender));
        require(ballots.length < Ballots.MAX, TooManyContributors(taskid, Ballots.MAX));

        uint256 opinion = _opinion(task, ballots, resultHash);
        Ballot ballot = Ballots.cast(number, _weight(msg.sender), opinion);
        task.ballots.put(ballots.length, ballot);
        task.seals[msg.sender] = resultSeal;
        if (enclaveChallenge != address(0)) task.enclaves[msg.sender] = enclaveChallenge;
        _lock(msg.sender, terms.workerStake);
        emit TaskContribute(taskid, msg.sender, resultHash);

        ballots = _with(ballots, ballot);
        if (ballots.decided(opinion, terms.trust)) {
            (task.status, task.leader, task.revealDeadline) =
            (TaskStatus.REVEALING, uint8(opinion), uint40(block.timestamp + terms.timeref * REVEAL_DEADLINE_RATIO));
            _won(task, terms.trust, ballots.standingFor(opinion));
            emit TaskConsensus(taskid, resultHash);
        }
    }

    /// @notice The short way of a task that one result decides (trust 1): everything in one call, without a stake.
    /// @param resultDigest What `reveal` would show.
    /// @param resultsCallback Empty without a callback; else its keccak256 is the digest.
    function contributeAndFinalize(
        bytes32 taskid,
        bytes32 resultDigest,
        bytes calldata results,
        bytes calldata resultsCallback,
        address enclaveChallenge,
        bytes calldata enclaveSign,
        bytes calldata authorizationSign
    ) external {
        Task storage task = _tasks[taskid];
        Terms memory terms = _open(taskid, task);
        _requireNoContributors(taskid, task);
        require(terms.trust == 1, TrustNotOne(taskid, terms.trust));
        _requireCallback(taskid, terms, resultDigest, resultsCallback);
        Commitment memory c = _commitment(taskid, resultDigest, enclaveChallenge);
        _permitted(c, terms, enclaveSign, authorizationSign);

        _proveAlone(task, terms, resultDigest, enclaveChallenge);
        _keep(task, results, resultsCallback);
        _payOwners(taskid, terms);
        _payAlone(taskid, terms, msg.sender);

        emit TaskContribute(taskid, msg.sender, c.resultHash);
        emit TaskConsensus(taskid, c.resultHash);
        emit TaskReveal(taskid, msg.sender, resultDigest);
        emit TaskFinalize(taskid, results);
        _deliver(taskid, terms.callback, resultsCallback);
    }

    /// @notice A winner shows the digest he had committed to.
    function reveal(bytes32 taskid, bytes32 resultDigest) external {
        Task storage task = _tasks[taskid];
        _requireStatus(taskid, task, TaskStatus.REVEALING);
        (uint256 leader, uint256 deadline) = (task.leader, task.revealDeadline);
        require(block.timestamp < deadline, TooLate(taskid, deadline));
        Ballot[] memory ballots = task.ballots.load();
        uint256 position = ballots.find(_accounts[msg.sender].number);
        require(
            position < ballots.length && ballots[position].opinion() == leader
                && ballots[position].status() == ContributionStatus.CONTRIBUTED,
            NotAWinner(taskid, msg.sender)
        );
        bytes32 kept = task.opinions[leader];
        bytes32 revealed = resultDigest;
        // Later reveals find the digest itself.
        bool first = ballots.proved() == 0;
        if (first) {
            _requireSpared(taskid, task);
            revealed = _hashOf(taskid, resultDigest);
            // From now on hash and seal can be computed from the digest.
            task.opinions[leader] = resultDigest;
        }
        if (kept != revealed) {
            revert ResultHashMismatch(taskid, first ? kept : _hashOf(taskid, kept), _hashOf(taskid, resultDigest));
        }
        bytes32 contributed = task.seals[msg.sender];
        bytes32 seal = _sealOf(msg.sender, taskid, resultDigest);
        require(contributed == seal, SealMismatch(taskid, contributed, seal));

        delete task.seals[msg.sender];
        task.ballots.put(position, ballots[position].withStatus(ContributionStatus.PROVED));
        emit TaskReveal(taskid, msg.sender, resultDigest);
    }

    /* THE DEAL'S SCHEDULER */

    /// @notice Ends a task whose result is shown: pays everyone and delivers the result.
    /// Fails with RevealsMissing while a winner may still reveal, or where none did.
    function finalize(bytes32 taskid, bytes calldata results, bytes calldata resultsCallback) external {
        Task storage task = _tasks[taskid];
        Terms memory terms = _scheduled(taskid, task, TaskStatus.REVEALING);
        uint256 deadline = _finalDeadline(terms);
        require(block.timestamp < deadline, TooLate(taskid, deadline));
        Ballot[] memory ballots = task.ballots.load();
        (uint256 leader, uint256 revealDeadline) = (task.leader, task.revealDeadline);
        uint256 reveals = ballots.proved();
        uint256 winners = ballots.standingFor(leader);
        require(
            reveals == winners || (reveals > 0 && block.timestamp >= revealDeadline),
            RevealsMissing(taskid, reveals, winners, revealDeadline)
        );
        _requireCallback(taskid, terms, task.opinions[leader], resultsCallback);

        task.status = TaskStatus.COMPLETED;
        _keep(task, results, resultsCallback);
        _payOwners(taskid, terms);
        _payWorkers(taskid, terms, ballots, task);
        emit TaskFinalize(taskid, results);
        _deliver(taskid, terms.callback, resultsCallback);
    }

    /// @notice Lets others try where a result won and nobody showed it in time. Its ballots count no more.
    function reopen(bytes32 taskid) external {
        Task storage task = _tasks[taskid];
        Terms memory terms = _scheduled(taskid, task, TaskStatus.REVEALING);
        uint256 deadline = _finalDeadline(terms);
        require(block.timestamp < deadline, TooLate(taskid, deadline));
        uint256 revealDeadline = task.revealDeadline;
        require(block.timestamp >= revealDeadline, TooEarly(taskid, revealDeadline));
        Ballot[] memory ballots = task.ballots.load();
        uint256 reveals = ballots.proved();
        require(reveals == 0, AlreadyRevealed(taskid, reveals));

        uint256 leader = task.leader;
        for (uint256 i = 0; i < ballots.length; ++i) {
            if (ballots[i].standing(leader)) {
                task.ballots.put(i, ballots[i].withStatus(ContributionStatus.REJECTED));
            }
        }
        // Who was alone and kept silent fares as if he had been audited: a lie is not hidden by silence.
        if (task.audit.drawBlock != 0) task.audit = Audit({drawBlock: 0, audited: true});
        _reactivate(task);
        emit TaskReopen(taskid);
    }

    /// @notice Gives a task back that the pool cannot run, before anyone worked on it: the sponsor and the
    /// scheduler get their money at once, instead of after the final deadline. Fails with HasContributors, and with
    /// TooLate after the contribution deadline: a scheduler who let the time pass answers for it with his stake.
    function decline(bytes32 taskid) external {
        Task storage task = _tasks[taskid];
        Terms memory terms = _scheduled(taskid, task, TaskStatus.ACTIVE);
        _requireTime(taskid, terms);
        _requireNoContributors(taskid, task);

        task.status = TaskStatus.FAILED;
        _undo(terms);
        // Clients that do not know of declining see a task that ended without a result.
        emit TaskClaimed(taskid);
        emit TaskDeclined(taskid);
    }

    /* CHECKS */

    function _requireStatus(bytes32 taskid, Task storage task, TaskStatus expected) private view {
        TaskStatus status = task.status;
        require(status == expected, WrongStatus(taskid, status));
    }

    /// The terms of a task that takes contributions now.
    function _open(bytes32 taskid, Task storage task) private view returns (Terms memory terms) {
        _requireStatus(taskid, task, TaskStatus.ACTIVE);
        terms = Deals.read(task.deal);
        _requireTime(taskid, terms);
    }

    /// It is before the contribution deadline.
    function _requireTime(bytes32 taskid, Terms memory terms) private view {
        uint256 deadline = terms.startTime + terms.timeref * CONTRIBUTION_DEADLINE_RATIO;
        require(block.timestamp < deadline, TooLate(taskid, deadline));
    }

    /// The terms of a task that is the caller's to lead.
    function _scheduled(bytes32 taskid, Task storage task, TaskStatus expected)
        private
        view
        returns (Terms memory terms)
    {
        _requireStatus(taskid, task, expected);
        terms = Deals.read(task.deal);
        require(msg.sender == terms.workerpoolOwner, NotScheduler(msg.sender, terms.workerpoolOwner));
    }

    function _requireNoContributors(bytes32 taskid, Task storage task) private view {
        uint256 contributors = task.ballots.load().length;
        require(contributors == 0, HasContributors(taskid, contributors));
    }

    /// The scheduler chooses who works; where an enclave is named, the broker does, if the deal knows one, and the
    /// enclave has to sign. A task of a TEE deal needs an enclave.
    function _permitted(
        Commitment memory c,
        Terms memory terms,
        bytes calldata enclaveSign,
        bytes calldata authorizationSign
    ) private view {
        address signer = terms.workerpoolOwner;
        if (c.enclaveChallenge == address(0)) {
            require(terms.tag & TEE == 0, EnclaveRequired(c.taskid));
        } else {
            _requireMessage(c.enclaveChallenge, keccak256(abi.encodePacked(c.resultHash, c.resultSeal)), enclaveSign);
            address broker = _teeBroker;
            if (broker != address(0) && terms.startTime > _teeBrokerSince) signer = broker;
        }
        _requireMessage(
            signer, keccak256(abi.encodePacked(msg.sender, c.taskid, c.enclaveChallenge)), authorizationSign
        );
    }

    /// With a callback, the digest is that of the bytes it gets, so that a scheduler can't deliver others.
    function _requireCallback(bytes32 taskid, Terms memory terms, bytes32 digest, bytes calldata resultsCallback)
        private
        pure
    {
        if (terms.callback == address(0) && resultsCallback.length == 0) return;
        bytes32 actual = keccak256(resultsCallback);
        require(actual == digest, CallbackMismatch(taskid, digest, actual));
    }

    /* PARTS */

    /// A result has won. Whoever checks results takes note here.
    function _won(Task storage task, uint256 trust, uint256 winners) internal virtual;

    /// Fails where the result is to be checked first.
    function _requireSpared(bytes32 taskid, Task storage task) internal view virtual;

    /// What the caller would have committed to before he shows this digest.
    function _commitment(bytes32 taskid, bytes32 resultDigest, address enclaveChallenge)
        private
        view
        returns (Commitment memory)
    {
        bytes32 resultSeal = _sealOf(msg.sender, taskid, resultDigest);
        return Commitment(taskid, _hashOf(taskid, resultDigest), resultSeal, enclaveChallenge);
    }

    /// The caller's is the only ballot, and proved.
    function _proveAlone(Task storage task, Terms memory terms, bytes32 resultDigest, address enclaveChallenge)
        private
    {
        Ballot ballot = Ballots.cast(_numbered(msg.sender), _weight(msg.sender), 0);
        task.ballots.put(0, ballot.withStatus(ContributionStatus.PROVED));
        // A revealed result stands where its hash stood.
        task.opinions[0] = resultDigest;
        if (enclaveChallenge != address(0)) task.enclaves[msg.sender] = enclaveChallenge;
        (task.status, task.revealDeadline) =
        (TaskStatus.COMPLETED, uint40(block.timestamp + terms.timeref * REVEAL_DEADLINE_RATIO));
    }

    function _reactivate(Task storage task) internal {
        (task.status, task.leader, task.revealDeadline) = (TaskStatus.ACTIVE, 0, 0);
    }

    function _finalDeadline(Terms memory terms) private pure returns (uint256) {
        return terms.startTime + terms.timeref * FINAL_DEADLINE_RATIO;
    }

    /// The worker's number, a new one where he has none yet.
    function _numbered(address worker) private returns (uint256 number) {
        Account storage account = _accounts[worker];
        number = account.number;
        if (number == 0) {
            number = ++_workerCount;
            account.number = uint32(number);
            _workers[number] = worker;
        }
    }

    /// max(score / 3, 3) - 1, rounded down: 2 for whoever is new.
    function _weight(address worker) private view returns (uint256) {
        return Math.min(Math.max(uint256(_accounts[worker].score) / 3, 3) - 1, Ballots.MAX_WEIGHT);
    }

    /// The position of a result hash among the task's, where it goes if it is new.
    function _opinion(Task storage task, Ballot[] memory ballots, bytes32 resultHash)
        private
        returns (uint256 opinion)
    {
        uint256 count = ballots.opinions();
        while (opinion < count && task.opinions[opinion] != resultHash) ++opinion;
        if (opinion == count) task.opinions[opinion] = resultHash;
    }

    function _with(Ballot[] memory ballots, Ballot ballot) private pure returns (Ballot[] memory all) {
        all = new Ballot[](ballots.length + 1);
        for (uint256 i = 0; i < ballots.length; ++i) {
            all[i] = ballots[i];
        }
        all[ballots.length] = ballot;
    }
}
