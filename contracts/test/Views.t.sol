// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {App} from "../src/registries/App.sol";
import {AppView, ContributionView, DatasetView, Domain, TaskView, Views, WorkerpoolView} from "../src/Views.sol";
import {ContributionStatus} from "../src/Ballots.sol";
import {Deal} from "../src/Deals.sol";
import {MarketTest} from "./support/MarketTest.sol";
import {Category, State, TaskStatus} from "../src/State.sol";

/// @notice What can be read, and that it agrees with its older forms.
contract ViewsTest is MarketTest {
    function test_constantsAreThoseOfPoCo() external view {
        vm.assertEq(desk.contribution_deadline_ratio(), 7);
        vm.assertEq(desk.reveal_deadline_ratio(), 2);
        vm.assertEq(desk.final_deadline_ratio(), 10);
        vm.assertEq(desk.workerpool_stake_ratio(), 30);
        vm.assertEq(desk.kitty_ratio(), 10);
        vm.assertEq(desk.kitty_min(), 1e9);
        vm.assertEq(desk.kitty_address(), KITTY);
        vm.assertEq(desk.groupmember_purpose(), 4);
        vm.assertEq(desk.callbackgas(), 100_000);
        vm.assertEq(desk.decimals(), 9);
    }

    function test_namesItsParts() external view {
        vm.assertEq(address(desk.token()), address(rlc));
        vm.assertEq(address(desk.appregistry()), address(apps));
        vm.assertEq(address(desk.datasetregistry()), address(datasets));
        vm.assertEq(address(desk.workerpoolregistry()), address(pools));
        vm.assertEq(desk.owner(), address(this));
        Domain memory d = desk.domain();
        vm.assertEq(d.name, "iExecODB");
        vm.assertEq(d.version, "5.0.0");
        vm.assertEq(d.chainId, block.chainid);
        vm.assertEq(d.verifyingContract, address(hub));
    }

    function testFuzz_theDomainIsThatOfTheChain(uint64 chain) external {
        vm.chainId(bound(chain, 1, 1e9));
        bytes32 expected = keccak256(
            abi.encode(
                keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"),
                keccak256("iExecODB"),
                keccak256("5.0.0"),
                block.chainid,
                address(hub)
            )
        );
        desk.updateDomainSeparator();
        vm.assertEq(desk.eip712domain_separator(), expected);
    }

    function test_describesAssets() external view {
        AppView memory a = desk.viewApp(address(app));
        vm.assertEq(a.owner, appOwner);
        vm.assertEq(a.m_appName, "primes");
        vm.assertEq(a.m_appType, "WASM");
        vm.assertEq(a.m_appMultiaddr, "/ipfs/primes");
        vm.assertEq(a.m_appChecksum, keccak256("primes"));
        vm.assertEq(a.m_appMREnclave, "");
        DatasetView memory d = desk.viewDataset(address(dataset));
        vm.assertEq(d.owner, datasetOwner);
        vm.assertEq(d.m_datasetName, "words");
        vm.assertEq(d.m_datasetChecksum, keccak256("words"));
        WorkerpoolView memory w = desk.viewWorkerpool(address(pool));
        vm.assertEq(w.owner, scheduler);
        vm.assertEq(w.m_workerpoolDescription, "a pool");
        vm.assertEq(w.m_workerStakeRatioPolicy, 30);
        vm.assertEq(w.m_schedulerRewardRatioPolicy, 1);
    }

    /// Views: what does not exist reads as zeros.
    function testFuzz_whatIsNotThereReadsAsZeros(bytes32 id, address account) external view {
        vm.assume(account != address(this));
        vm.assertEq(desk.viewDeal(id).requester, address(0));
        vm.assertTrue(desk.viewTask(id).status == TaskStatus.UNSET);
        vm.assertTrue(desk.viewContribution(id, account).status == ContributionStatus.UNSET);
        vm.assertEq(desk.viewConsumed(id), 0);
        vm.assertEq(desk.viewApp(account).owner, address(0));
        vm.assertEq(desk.viewDataset(account).owner, address(0));
        vm.assertEq(desk.viewWorkerpool(account).owner, address(0));
        vm.assertEq(desk.viewVoting(id).weights.length, 0);
    }

    /// Views: but for a category, which fails.
    function testFuzz_aCategoryThatIsNotThereFails(uint256 id) external {
        id = bound(id, 2, type(uint256).max);
        vm.expectRevert(abi.encodeWithSelector(State.UnknownCategory.selector, id, 2));
        desk.viewCategory(id);
    }

    /// The same values in the same order, so the same bytes.
    function testFuzz_olderFormsSayTheSame(uint8 trust, uint64 price, bytes32 digest) external {
        bytes32 dealid = matched(priced(bound(trust, 10, 255), price % RLC_1, 2, price % RLC_1));
        bytes32 taskid = hub.initialize(dealid, 0);
        contribute(0, taskid, digest);
        Deal memory d = desk.viewDeal(dealid);
        vm.assertEq(
            _raw(abi.encodeCall(desk.viewDealABILegacy_pt1, (dealid))), abi.encode(d.app, d.dataset, d.workerpool)
        );
        vm.assertEq(
            _raw(abi.encodeCall(desk.viewDealABILegacy_pt2, (dealid))),
            abi.encode(d.trust, d.tag, d.requester, d.beneficiary, d.callback, d.params)
        );
        vm.assertEq(
            _raw(abi.encodeCall(desk.viewConfigABILegacy, (dealid))),
            abi.encode(d.category, d.startTime, d.botFirst, d.botSize, d.workerStake, d.schedulerRewardRatio)
        );
        _oldTask(taskid);
        ContributionView memory c = desk.viewContribution(taskid, worker(0));
        vm.assertEq(
            _raw(abi.encodeCall(desk.viewContributionABILegacy, (taskid, worker(0)))),
            abi.encode(c.status, c.resultHash, c.resultSeal, c.enclaveChallenge)
        );
        vm.assertEq(
            _raw(abi.encodeCall(desk.viewAccountABILegacy, (requester))), abi.encode(desk.viewAccount(requester))
        );
        Category memory category = desk.viewCategory(0);
        vm.assertEq(
            _raw(abi.encodeCall(desk.viewCategoryABILegacy, (0))),
            abi.encode(category.name, category.description, category.workClockTimeRef)
        );
    }

    function _oldTask(bytes32 taskid) private {
        TaskView memory v = desk.viewTask(taskid);
        (uint256[10] memory numbers, address[] memory contributors, bytes memory results) =
            abi.decode(_raw(abi.encodeCall(desk.viewTaskABILegacy, (taskid))), (uint256[10], address[], bytes));
        uint256[10] memory expected = [
            uint256(v.status),
            uint256(v.dealid),
            v.idx,
            v.timeref,
            v.contributionDeadline,
            v.revealDeadline,
            v.finalDeadline,
            uint256(v.consensusValue),
            v.revealCounter,
            v.winnerCounter
        ];
        vm.assertEq(abi.encode(numbers), abi.encode(expected));
        vm.assertEq(abi.encode(contributors), abi.encode(v.contributors));
        vm.assertEq(results, v.results);
    }

    function _raw(bytes memory call) private returns (bytes memory answer) {
        bool success;
        (success, answer) = address(desk).call(call);
        vm.assertTrue(success);
    }

    /// Views: nothing here writes.
    function testFuzz_readingChangesNothing(bytes32 digest) external {
        bytes32 dealid = matched(priced(1, 1, 1, RLC_1));
        bytes32 taskid = hub.initialize(dealid, 0);
        contribute(0, taskid, digest);
        reveal(0, taskid, digest);
        finalize(taskid);
        vm.record();
        desk.viewDeal(dealid);
        desk.viewTask(taskid);
        desk.viewContribution(taskid, worker(0));
        desk.viewVoting(taskid);
        desk.resultFor(taskid);
        desk.viewAccount(requester);
        desk.viewScore(worker(0));
        desk.viewCategory(0);
        desk.viewApp(address(app));
        desk.viewDataset(address(dataset));
        desk.viewWorkerpool(address(pool));
        desk.viewConsumed(dealid);
        desk.viewPresigned(dealid);
        desk.updateDomainSeparator();
        (bytes32[] memory reads, bytes32[] memory writes) = vm.accesses(address(hub));
        vm.assertTrue(reads.length > 0);
        vm.assertEq(writes.length, 0);
    }

    function test_anUnfinishedTaskHasNoResult() external {
        bytes32 taskid = task(orders());
        vm.expectRevert(abi.encodeWithSelector(Views.NoResult.selector, taskid, TaskStatus.ACTIVE));
        desk.resultFor(taskid);
    }
}
