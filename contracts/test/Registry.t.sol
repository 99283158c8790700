// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {App} from "../src/registries/App.sol";
import {AppRegistry} from "../src/registries/AppRegistry.sol";
import {Asset} from "../src/registries/Asset.sol";
import {Dataset} from "../src/registries/Dataset.sol";
import {DatasetRegistry} from "../src/registries/DatasetRegistry.sol";
import {Descriptions} from "../src/registries/Descriptions.sol";
import {IERC721} from "@openzeppelin/contracts/token/ERC721/IERC721.sol";
import {IERC721Enumerable} from "@openzeppelin/contracts/token/ERC721/extensions/IERC721Enumerable.sol";
import {Registry} from "../src/registries/Registry.sol";
import {Test} from "./support/Test.sol";
import {Workerpool} from "../src/registries/Workerpool.sol";
import {WorkerpoolRegistry} from "../src/registries/WorkerpoolRegistry.sol";

contract Taker {
    function onERC721Received(address, address, uint256, bytes calldata) external pure returns (bytes4) {
        return this.onERC721Received.selector;
    }
}

/// @notice Assets say what they were made with, live where they were predicted, and belong to whom the registry says.
contract RegistryTest is Test {
    AppRegistry private apps = AppRegistry(vm.deployCode("AppRegistry.sol:AppRegistry"));
    DatasetRegistry private datasets = DatasetRegistry(vm.deployCode("DatasetRegistry.sol:DatasetRegistry"));
    WorkerpoolRegistry private pools = WorkerpoolRegistry(vm.deployCode("WorkerpoolRegistry.sol:WorkerpoolRegistry"));

    /// Registry: an entry's address follows from its owner at birth and its description.
    function testFuzz_anAppIsWhatItWasMadeAs(
        address owner,
        string calldata name,
        string calldata kind,
        bytes calldata multiaddr,
        bytes32 checksum,
        bytes calldata mrenclave
    ) external {
        vm.assume(owner != address(0));
        App predicted = apps.predictApp(owner, name, kind, multiaddr, checksum, mrenclave);
        vm.assertFalse(apps.isRegistered(address(predicted)));

        App app = apps.createApp(owner, name, kind, multiaddr, checksum, mrenclave);

        vm.assertEq(address(app), address(predicted));
        vm.assertEq(app.owner(), owner);
        vm.assertEq(address(app.registry()), address(apps));
        vm.assertEq(app.m_appName(), name);
        vm.assertEq(app.m_appType(), kind);
        vm.assertEq(app.m_appMultiaddr(), multiaddr);
        vm.assertEq(app.m_appChecksum(), checksum);
        vm.assertEq(app.m_appMREnclave(), mrenclave);
        vm.assertTrue(apps.isRegistered(address(app)));
        vm.assertEq(apps.tokenOfOwnerByIndex(owner, 0), uint256(uint160(address(app))));
    }

    /// AppRegistry, DatasetRegistry, WorkerpoolRegistry: see Registry: an entry is made once.
    function testFuzz_theSameIsRegisteredOnce(address owner, string calldata name) external {
        vm.assume(owner != address(0));
        Workerpool pool = pools.createWorkerpool(owner, name);
        vm.expectRevert(abi.encodeWithSelector(Registry.AlreadyRegistered.selector, address(pool)));
        pools.createWorkerpool(owner, name);
    }

    function testFuzz_aDatasetIsWhatItWasMadeAs(
        address owner,
        string calldata name,
        bytes calldata multiaddr,
        bytes32 sum
    ) external {
        vm.assume(owner != address(0));
        Dataset predicted = datasets.predictDataset(owner, name, multiaddr, sum);
        Dataset dataset = datasets.createDataset(owner, name, multiaddr, sum);
        vm.assertEq(address(dataset), address(predicted));
        vm.assertEq(dataset.owner(), owner);
        vm.assertEq(dataset.m_datasetName(), name);
        vm.assertEq(dataset.m_datasetMultiaddr(), multiaddr);
        vm.assertEq(dataset.m_datasetChecksum(), sum);
    }

    function testFuzz_aPoolHasItsPolicy(address owner, string calldata description, uint256 stake, uint256 reward)
        external
    {
        vm.assume(owner != address(0));
        Workerpool pool = pools.createWorkerpool(owner, description);
        vm.assertEq(address(pool), address(pools.predictWorkerpool(owner, description)));
        vm.assertEq(pool.m_workerpoolDescription(), description);
        vm.assertEq(pool.m_workerStakeRatioPolicy(), 30);
        vm.assertEq(pool.m_schedulerRewardRatioPolicy(), 1);

        (stake, reward) = (bound(stake, 0, 1000), bound(reward, 0, 100));
        vm.prank(owner);
        pool.changePolicy(stake, reward);
        vm.assertEq(pool.m_workerStakeRatioPolicy(), stake);
        vm.assertEq(pool.m_schedulerRewardRatioPolicy(), reward);
    }

    /// Fails on PoCo, where a pool may ask its workers for any stake.
    function testFuzz_aPolicyHasBoundsAndOneMaster(address stranger, uint256 stake, uint256 reward) external {
        vm.assume(stranger != address(1));
        Workerpool pool = pools.createWorkerpool(address(1), "");
        vm.prank(stranger);
        vm.expectRevert(abi.encodeWithSelector(Asset.CallerIsNotOwner.selector, stranger, address(1)));
        pool.changePolicy(30, 1);
        vm.startPrank(address(1));
        // The first that is too much, or any.
        stake = stake % 2 == 0 ? 1001 : bound(stake, 1001, type(uint256).max);
        reward = reward % 2 == 0 ? 101 : bound(reward, 101, type(uint256).max);
        vm.expectRevert(abi.encodeWithSelector(Workerpool.RatioTooHigh.selector, stake, 1000));
        pool.changePolicy(stake, 1);
        vm.expectRevert(abi.encodeWithSelector(Workerpool.RatioTooHigh.selector, reward, 100));
        pool.changePolicy(30, reward);
        pool.changePolicy(1000, 100);
        vm.assertEq(pool.m_workerStakeRatioPolicy(), 1000);
        vm.assertEq(pool.m_schedulerRewardRatioPolicy(), 100);
    }

    /// App: it never changes, whoever owns it and whatever it is called with.
    function testFuzz_anAppNeverChanges(bytes calldata call, bytes32 checksum, address buyer) external {
        vm.assume(buyer != address(0));
        App app = apps.createApp(address(1), "name", "WASM", "where", checksum, "");
        _changeHands(apps, address(app), call, buyer);
        vm.assertEq(app.m_appChecksum(), checksum);
        vm.assertEq(app.m_appMultiaddr(), "where");
        vm.assertEq(app.owner(), buyer);
    }

    /// Dataset: it never changes, whoever owns it and whatever it is called with.
    function testFuzz_aDatasetNeverChanges(bytes calldata call, bytes32 checksum, address buyer) external {
        vm.assume(buyer != address(0));
        Dataset dataset = datasets.createDataset(address(1), "name", "where", checksum);
        _changeHands(datasets, address(dataset), call, buyer);
        vm.assertEq(dataset.m_datasetChecksum(), checksum);
        vm.assertEq(dataset.m_datasetMultiaddr(), "where");
        vm.assertEq(dataset.owner(), buyer);
    }

    function _changeHands(Registry registry, address entry, bytes calldata call, address buyer) private {
        bytes32 code = keccak256(entry.code);
        vm.record();
        vm.prank(address(1));
        (bool success,) = entry.call(call);
        success;
        vm.prank(address(1));
        registry.transferFrom(address(1), buyer, uint256(uint160(entry)));
        vm.prank(buyer);
        (success,) = entry.call(call);
        (, bytes32[] memory writes) = vm.accesses(entry);
        vm.assertEq(writes.length, 0);
        vm.assertEq(keccak256(entry.code), code);
    }

    /// Registry: nobody has any power over it: who made it moves no entry, and there is nothing he could set.
    function testFuzz_nobodyHasPowerOverARegistry(address stranger, address to) external {
        // No transaction comes from the zero address, which is what an entry without an approval has approved.
        vm.assume(stranger != address(0) && stranger != address(1) && to != address(0));
        uint256 id = uint256(uint160(address(pools.createWorkerpool(address(1), "pool"))));
        address[2] memory callers = [stranger, address(this)];
        for (uint256 i = 0; i < 2; ++i) {
            vm.prank(callers[i]);
            vm.expectRevert(abi.encodeWithSelector(Registry.NotAllowed.selector, callers[i], id));
            pools.transferFrom(address(1), to, id);
            vm.prank(callers[i]);
            vm.expectRevert(abi.encodeWithSelector(Registry.NotAllowed.selector, callers[i], id));
            pools.approve(to, id);
        }
        vm.assertEq(pools.ownerOf(id), address(1));
    }

    /// Descriptions: two lists of fields never pack to the same bytes.
    function testFuzz_otherFieldsAreAnotherAsset(bytes calldata all, uint8 cut, uint8 otherCut) external view {
        vm.assume(all.length > 0);
        // The same bytes, cut in two at different places.
        (uint256 a, uint256 b) = (cut % (all.length + 1), otherCut % (all.length + 1));
        address one = address(apps.predictApp(address(1), string(all[:a]), "", all[a:], 0, ""));
        address other = address(apps.predictApp(address(1), string(all[:b]), "", all[b:], 0, ""));
        vm.assertEq(one == other, a == b);
    }

    function test_whatIsLongerThanTwoBytesCanCountIsRefused() external {
        bytes memory long = new bytes(65_536);
        vm.expectRevert(abi.encodeWithSelector(Descriptions.FieldTooLong.selector, 65_536, 65_535));
        pools.predictWorkerpool(address(1), string(long));
    }

    function test_nobodyIsNoOwner() external {
        vm.expectRevert(Registry.NoRecipient.selector);
        pools.createWorkerpool(address(0), "pool");
    }

    /// Registry: the lists hold exactly the entries of each owner, each at its place.
    function testFuzz_listsFollowEveryTransfer(uint8[12] calldata moves) external {
        for (uint256 i = 0; i < 4; ++i) {
            pools.createWorkerpool(address(1), string(abi.encodePacked("pool ", bytes1(uint8(48 + i)))));
        }
        for (uint256 i = 0; i < moves.length; ++i) {
            uint256 id = pools.tokenByIndex(moves[i] % 4);
            address from = pools.ownerOf(id);
            address to = address(uint160(1 + (moves[i] / 4) % 3));
            vm.prank(from);
            pools.transferFrom(from, to, id);
            vm.assertEq(pools.ownerOf(id), to);
            vm.assertEq(Workerpool(address(uint160(id))).owner(), to);
        }
        uint256 listed = 0;
        for (uint160 owner = 1; owner <= 3; ++owner) {
            for (uint256 i = 0; i < pools.balanceOf(address(owner)); ++i) {
                vm.assertEq(pools.ownerOf(pools.tokenOfOwnerByIndex(address(owner), i)), address(owner));
                ++listed;
            }
        }
        vm.assertEq(listed, pools.totalSupply());
    }

    function test_onlyWhoMayMovesAnEntry() external {
        uint256 id = uint256(uint160(address(pools.createWorkerpool(address(1), "pool"))));
        vm.expectRevert(abi.encodeWithSelector(Registry.NotAllowed.selector, address(this), id));
        pools.transferFrom(address(1), address(2), id);
        vm.expectRevert(abi.encodeWithSelector(Registry.NotTheOwner.selector, address(2), address(1)));
        pools.transferFrom(address(2), address(3), id);
        vm.expectRevert(abi.encodeWithSelector(Registry.NotAllowed.selector, address(this), id));
        pools.approve(address(this), id);

        vm.prank(address(1));
        pools.approve(address(this), id);
        vm.assertEq(pools.getApproved(id), address(this));
        pools.transferFrom(address(1), address(2), id);
        vm.assertEq(pools.getApproved(id), address(0));

        vm.prank(address(2));
        pools.setApprovalForAll(address(this), true);
        vm.assertTrue(pools.isApprovedForAll(address(2), address(this)));
        address taker = address(new Taker());
        pools.safeTransferFrom(address(2), taker, id);
        vm.assertEq(pools.ownerOf(id), taker);
        vm.prank(taker);
        vm.expectRevert();
        pools.safeTransferFrom(taker, address(apps), id);
    }

    function testFuzz_tellsWhoMayActForWhom(address owner, address operator, bool approved) external {
        vm.assume(owner != address(0));
        vm.expectEmit(address(pools));
        emit IERC721.ApprovalForAll(owner, operator, approved);
        vm.prank(owner);
        pools.setApprovalForAll(operator, approved);
        vm.assertEq(pools.isApprovedForAll(owner, operator), approved);
    }

    function test_saysWhatItIs() external {
        vm.assertTrue(pools.supportsInterface(type(IERC721).interfaceId));
        vm.assertTrue(pools.supportsInterface(type(IERC721Enumerable).interfaceId));
        vm.assertFalse(pools.supportsInterface(0xffffffff));
        vm.assertEq(apps.symbol(), "APP");
        vm.assertEq(datasets.symbol(), "DATASET");
        vm.assertEq(pools.symbol(), "WORKERPOOL");
        vm.expectRevert(abi.encodeWithSelector(Registry.UnknownEntry.selector, 1));
        pools.ownerOf(1);
        vm.expectRevert(abi.encodeWithSelector(Registry.UnknownEntry.selector, 1));
        pools.getApproved(1);
        vm.expectRevert(abi.encodeWithSelector(Registry.IndexOutOfBounds.selector, 0, 0));
        pools.tokenByIndex(0);
    }
}
