// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {App} from "../src/registries/App.sol";
import {AppView, ContributionView, DatasetView, Domain, TaskView, Views, WorkerpoolView} from "../src/Views.sol";
import {ContributionStatus} from "../src/Ballots.sol";
import {Deal} from "../src/Deals.sol";
import {MarketTest} from "./support/MarketTest.sol";
import {TaskStatus} from "../src/State.sol";

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

    function testFuzz_whatIsNotThereReadsAsZeros(bytes32 id, address account) external view {
        vm.assume(account != address(this));
        vm.assertEq(desk.viewDeal(id).requester, address(0));
        vm.assertTrue(desk.viewTask(id).status == TaskStatus.UNSET);
        vm.assertTrue(desk.viewContribution(id, account).status == ContributionStatus.UNSET);
        vm.assertEq(desk.viewConsumed(id), 0);
    }

    function test_olderFormsSayTheSame() external {
        bytes32 dealid = matched(priced(10, 1, 2, 3));
        bytes32 taskid = hub.initialize(dealid, 0);
        contribute(0, taskid, keccak256("result"));
        Deal memory deal = desk.viewDeal(dealid);
        {
            (address a, address ao, uint256 ap, address d,,, address w,, uint256 wp) =
                desk.viewDealABILegacy_pt1(dealid);
            vm.assertEq(a, deal.app.pointer);
            vm.assertEq(ao, deal.app.owner);
            vm.assertEq(ap, deal.app.price);
            vm.assertEq(d, deal.dataset.pointer);
            vm.assertEq(w, deal.workerpool.pointer);
            vm.assertEq(wp, deal.workerpool.price);
        }
        {
            (uint256 trust, bytes32 tag, address r, address b, address c, string memory params) =
                desk.viewDealABILegacy_pt2(dealid);
            vm.assertEq(
                abi.encode(trust, tag, r, b, c, params),
                abi.encode(deal.trust, deal.tag, deal.requester, deal.beneficiary, deal.callback, deal.params)
            );
        }
        {
            (uint256 category, uint256 start, uint256 first, uint256 size, uint256 stake, uint256 ratio) =
                desk.viewConfigABILegacy(dealid);
            vm.assertEq(
                abi.encode(category, start, first, size, stake, ratio),
                abi.encode(
                    deal.category,
                    deal.startTime,
                    deal.botFirst,
                    deal.botSize,
                    deal.workerStake,
                    deal.schedulerRewardRatio
                )
            );
        }
        {
            TaskView memory v = desk.viewTask(taskid);
            (TaskStatus status, bytes32 id,, uint256 timeref,,,,,,, address[] memory contributors,) =
                desk.viewTaskABILegacy(taskid);
            vm.assertTrue(status == v.status);
            vm.assertEq(id, v.dealid);
            vm.assertEq(timeref, v.timeref);
            vm.assertEq(contributors[0], worker(0));
        }
        {
            ContributionView memory v = desk.viewContribution(taskid, worker(0));
            (ContributionStatus status, bytes32 hash, bytes32 seal, address enclave) =
                desk.viewContributionABILegacy(taskid, worker(0));
            vm.assertEq(
                abi.encode(status, hash, seal, enclave),
                abi.encode(v.status, v.resultHash, v.resultSeal, v.enclaveChallenge)
            );
        }
        (uint256 stake_, uint256 locked_) = desk.viewAccountABILegacy(requester);
        vm.assertEq(stake_, free(requester));
        vm.assertEq(locked_, locked(requester));
        (string memory name,, uint256 duration) = desk.viewCategoryABILegacy(0);
        vm.assertEq(name, "XS");
        vm.assertEq(duration, 300);
    }

    function test_anUnfinishedTaskHasNoResult() external {
        bytes32 taskid = task(orders());
        vm.expectRevert(abi.encodeWithSelector(Views.NoResult.selector, taskid, TaskStatus.ACTIVE));
        desk.resultFor(taskid);
    }
}
