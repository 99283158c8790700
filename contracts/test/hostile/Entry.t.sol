// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Deal} from "../../src/Deals.sol";
import {Enemies} from "../support/Enemies.sol";
import {Escrow} from "../../src/Escrow.sol";
import {MarketTest} from "../support/MarketTest.sol";
import {Matching} from "../../src/Matching.sol";
import {TokenDesk} from "../../src/TokenDesk.sol";

/// @notice Says of itself whatever suits it.
contract Liar {
    address public owner;

    constructor(address owner_) {
        owner = owner_;
    }

    function policy() external pure returns (uint256, uint256) {
        return (0, 100);
    }

    function isRegistered(address) external pure returns (bool) {
        return true;
    }

    function ownerOf(uint256) external view returns (address) {
        return owner;
    }
}

/// @notice An entry that only looks like one, or changes after the match, gains nothing: the registry is asked and not
/// the entry, and a deal keeps its terms.
contract EntryTest is MarketTest {
    function testFuzz_whatSaysItIsRegisteredIsAskedNothing(uint256 kind, uint256 part) external {
        address entry = kind % 6 == 5 ? address(new Liar(scheduler)) : Enemies.make(kind);
        part = bound(part, 0, 2);
        Orders4 memory o = priced(1, 0, 1, 0);
        if (part == 0) o.a.app = o.r.app = entry;
        if (part == 1) o.d.dataset = o.r.dataset = entry;
        if (part == 2) o.w.workerpool = entry;
        o = signed(o);
        address[3] memory registries = [address(apps), address(datasets), address(pools)];
        vm.expectRevert(abi.encodeWithSelector(Matching.NotRegistered.selector, registries[part], entry));
        hub.matchOrders{gas: 1_000_000}(o.a, o.d, o.w, o.r);
    }

    /// Workerpool: a new policy is for deals to come; each deal keeps the one of its match.
    /// Fails on PoCo, where a pool's stake has no bound.
    function testFuzz_aPoolThatChangesItsPolicyAfterTheMatch(uint256 before, uint256 later, uint64 price) external {
        (before, later) = (bound(before, 0, 1000), bound(later, 0, 1000));
        price = uint64(bound(price, 0, 90 * RLC_1));
        vm.prank(scheduler);
        pool.changePolicy(before, before % 101);
        bytes32 taskid = task(priced(100, 0, 0, price));
        vm.prank(scheduler);
        pool.changePolicy(later, later % 101);

        contribute(0, taskid, RIGHT);

        vm.assertEq(locked(worker(0)), uint256(price) * before / 100);
        Deal memory d = desk.viewDeal(desk.viewTask(taskid).dealid);
        vm.assertEq(d.workerStake, uint256(price) * before / 100);
        vm.assertEq(d.schedulerRewardRatio, before % 101);
    }

    /// Whoever sells an asset after the match is still paid for it, and the buyer is not.
    function testFuzz_aDealKeepsItsOwners(uint64 price, address buyer) external {
        price = uint64(bound(price, 1, 100 * RLC_1));
        vm.assume(buyer != address(0) && free(buyer) == 0 && buyer != appOwner && buyer != datasetOwner);
        bytes32 taskid = task(priced(1, price, price, price));
        vm.prank(appOwner);
        apps.transferFrom(appOwner, buyer, uint256(uint160(address(app))));
        vm.prank(datasetOwner);
        datasets.transferFrom(datasetOwner, buyer, uint256(uint160(address(dataset))));
        vm.prank(scheduler);
        pools.transferFrom(scheduler, buyer, uint256(uint160(address(pool))));
        contribute(0, taskid, RIGHT);
        reveal(0, taskid, RIGHT);
        finalize(taskid);
        vm.assertEq(free(appOwner), price);
        vm.assertEq(free(datasetOwner), price);
        vm.assertEq(free(scheduler), 1000 * RLC_1 + price - uint256(price) * 99 / 100);
        vm.assertEq(free(buyer), 0);
    }

    /// The desk's own address is an empty market: what is done there touches nobody's money here.
    function testFuzz_theDeskIsOnlyRunByTheHub(uint96 amount) external {
        TokenDesk alone = TokenDesk(payable(super.door()));
        vm.assertEq(alone.owner(), address(0));
        vm.assertEq(alone.totalSupply(), 0);
        vm.assume(amount > 0);
        vm.prank(requester);
        vm.expectRevert(abi.encodeWithSelector(Escrow.InsufficientFree.selector, requester, 0, amount));
        alone.withdraw(amount);
    }
}
