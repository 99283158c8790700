// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Law, Witness} from "./support/Witness.sol";
import {NativePlayer, Player, TokenPlayer} from "./support/Player.sol";
import {Test} from "./support/Test.sol";

/// @title Campaign
/// @notice A player at random, and what must hold after any sequence of what he does.
///
/// Every invariant on top of a contract has a test: here where it is about what may happen over time, beside the
/// contract's other tests where one call can break it. The comment above the test says whose it is.
abstract contract Campaign is Test {
    Player internal player;

    struct Selectors {
        address addr;
        bytes4[] selectors;
    }

    function targetContracts() external view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(player);
    }

    /// `setUp` is no part of the game.
    function targetSelectors() external view returns (Selectors[] memory targets) {
        targets = new Selectors[](1);
        bytes4[] memory selectors = new bytes4[](8);
        selectors[0] = Player.deal.selector;
        selectors[1] = Player.carryOn.selector;
        selectors[2] = Player.carryOnElsewhere.selector;
        selectors[3] = Player.disturb.selector;
        selectors[4] = Player.moveMoney.selector;
        selectors[5] = Player.own.selector;
        selectors[6] = Player.pass.selector;
        selectors[7] = Player.sweep.selector;
        targets[0] = Selectors(address(player), selectors);
    }

    /* WHATEVER THE MONEY IS */

    /// Escrow: the supply is the sum of every account's free and locked amounts.
    function invariant_supplyIsTheSumOfAllAccounts() external view {
        player.accountsAreTheSupply();
    }

    /// Escrow: tokens move only where money enters or leaves.
    function invariant_tokensMoveOnlyWhereMoneyEntersOrLeaves() external view {
        player.moneyHeldIsWhatCameInAndStayed();
    }

    /// Escrow: what is locked comes back exactly once.
    function invariant_whatIsLockedComesBackExactlyOnce() external view {
        player.locksAreWhatRunningTasksNeed();
        player.lawIsKept(Law.LOCKS_END_ONCE);
    }

    /// Escrow: only deposit, reward, unlock and an incoming transfer raise a free balance, only withdraw, lock and an
    /// outgoing transfer lower it.
    function invariant_balancesMoveByTheirEventsOnly() external view {
        player.lawIsKept(Law.BALANCES_MOVE_BY_EVENTS_ONLY);
    }

    /// Settlement: an end moves exactly what was locked for the task, and all of it.
    function invariant_endsSettleAllThatWasLocked() external view {
        player.lawIsKept(Law.ENDS_SETTLE_ALL);
    }

    /// Settlement: the kitty gets every stake that a failed task forfeits, and gives its part to who succeeds.
    function invariant_kittyIsNeverLost() external view {
        player.lawIsKept(Law.KITTY_IS_NEVER_LOST);
    }
}

/// forge-config: default.invariant.runs = 8
contract InvariantsTest is Campaign {
    function setUp() external {
        player = new TokenPlayer();
        player.setUp();
    }

    /// Accounts: a transfer moves free amounts only, and at most what the owner has and has allowed.
    function invariant_transfersMoveWhatIsFreeAndAllowed() external view {
        player.lawIsKept(Law.TRANSFERS_NEED_LEAVE);
    }

    /// Accounts: the supply is what was deposited and not yet withdrawn.
    function invariant_supplyIsWhatWasDepositedAndNotWithdrawn() external view {
        player.supplyIsWhatCameInAndStayed();
    }

    /// TokenDesk: the market holds at least what all accounts together have.
    function invariant_tokensHeldCoverAllAccounts() external view {
        player.moneyHeldCoversAllAccounts();
    }

    /// TokenDesk: tokens leave only for an account's owner, out of what he has free.
    function invariant_tokensLeaveForTheirOwnerOnly() external view {
        player.lawIsKept(Law.MONEY_LEAVES_TO_ITS_OWNER_ONLY);
    }

    /// State: token and registries never change.
    function invariant_partsNeverChange() external view {
        player.partsAreFixed();
    }

    /// Hub: the Desk is fixed for ever.
    function invariant_rulesNeverChange() external view {
        player.rulesAreFixed();
    }

    /// Hub: the owner has no power over anyone's account, deal or task.
    function invariant_ownerHasNoPower() external view {
        player.lawIsKept(Law.THE_OWNER_HAS_NO_POWER);
    }

    /// OrderBook: only an order's owner, or who has his signature for exactly that, signs or closes it.
    function invariant_onlyOwnersManageOrders() external view {
        player.lawIsKept(Law.ONLY_OWNERS_MANAGE_ORDERS);
    }

    /// OrderBook: a closed order never serves another task.
    function invariant_closedOrdersServeNobody() external view {
        player.lawIsKept(Law.CLOSED_ORDERS_SERVE_NOBODY);
    }

    /// OrderBook: broadcasting changes nothing.
    function invariant_broadcastsChangeNothing() external view {
        player.lawIsKept(Law.BROADCASTS_CHANGE_NOTHING);
    }

    /// Matching: a deal needs the consent of everyone it binds.
    function invariant_dealsNeedTheConsentOfAll() external view {
        player.lawIsKept(Law.DEALS_NEED_CONSENT);
    }

    /// Matching: no order ever serves more tasks than its volume.
    function invariant_ordersServeTheirVolumeAndNoMore() external view {
        player.volumesAreCounted();
        player.lawIsKept(Law.ORDERS_SERVE_THEIR_VOLUME);
    }

    /// Matching: whoever pays has the price of every task locked, and the scheduler his stake, before the deal exists.
    function invariant_dealsArePaidFirst() external view {
        player.lawIsKept(Law.DEALS_ARE_PAID_FIRST);
    }

    /// Matching: a request that names its sponsor is paid by him or not at all.
    function invariant_sponsorsPayWhatNamesThem() external view {
        player.lawIsKept(Law.SPONSORS_PAY_WHAT_NAMES_THEM);
    }

    /// Matching: a request's tasks are numbered through, so that no two deals and no two tasks share an id.
    function invariant_tasksAreNumberedThrough() external view {
        player.lawIsKept(Law.TASKS_ARE_NUMBERED_THROUGH);
    }

    /// Deals: a deal never changes.
    function invariant_dealsNeverChange() external view {
        player.dealsAreWhatTheyWere();
    }

    /// Tasks: a status only moves forward, but for reopen and audit, when nobody revealed.
    function invariant_statusesMoveForward() external view {
        player.tasksStandWhereTheyWereSeenToGo();
        player.lawIsKept(Law.STATUSES_MOVE_FORWARD);
    }

    /// Tasks: a status only moves forward: initialize never overwrites.
    function invariant_initializeNeverOverwrites() external view {
        player.lawIsKept(Law.INITIALIZE_NEVER_OVERWRITES);
    }

    /// Tasks: a worker votes at most once, and only with an authorization for exactly this worker and task.
    function invariant_workersVoteOnceAndWithLeave() external view {
        player.lawIsKept(Law.ONE_AUTHORIZED_VOTE_EACH);
    }

    /// Tasks: nobody can copy a result.
    function invariant_nobodyCopiesAResult() external view {
        player.lawIsKept(Law.NOBODY_COPIES);
    }

    /// Tasks: no money moves before a task ends, and it ends once.
    function invariant_noMoneyMovesBeforeATaskEnds() external view {
        player.lawIsKept(Law.NOTHING_MOVES_BEFORE_THE_END);
        player.lawIsKept(Law.TASKS_END_ONCE);
    }

    /// Ballots: a task has at most MAX ballots, in the order in which they were cast, and none is ever taken out.
    function invariant_votesAreKept() external view {
        player.votesAreKept();
    }

    /// Audits: nothing is revealed that is to be checked.
    function invariant_nothingIsRevealedThatIsToBeChecked() external view {
        player.lawIsKept(Law.NOTHING_REVEALED_THAT_IS_TO_BE_CHECKED);
    }

    /// Audits: the draw of a task is one number.
    function invariant_aTaskHasOneDraw() external view {
        player.lawIsKept(Law.ONE_DRAW_A_TASK);
    }

    /// Settlement: workers and scheduler get the pool's price plus the stakes of those who were wrong or silent.
    function invariant_potIsPriceAndLostStakes() external view {
        player.lawIsKept(Law.POT_IS_PRICE_AND_LOST_STAKES);
    }

    /// Settlement: a score rises by at most one a task, and only for a result that others could have refuted.
    function invariant_scoresRiseByOneATask() external view {
        player.scoresFollowTheirEvents();
        player.lawIsKept(Law.SCORES_RISE_BY_ONE_A_TASK);
    }

    /// Results: the slot of an opinion holds its hash; of the leader, from the first reveal on, the digest.
    function invariant_opinionsAreHashesOrTheDigest() external view {
        player.opinionsAreHashesOrTheDigest();
    }

    /// Asset: the description never changes.
    function invariant_assetsNeverChange() external view {
        player.assetsAreWhatTheyWere();
    }

    /// Registry: an entry is made once, is owned by somebody for ever, and never changes but for its owner.
    function invariant_assetsAreOwnedForEver() external view {
        player.assetsAreOwnedForEver();
    }

    /// Workerpool: a policy stays inside its bounds.
    function invariant_policiesStayInBounds() external view {
        player.policiesAreInBounds();
    }
}

/// @notice The same where the money is the chain's own coin.
/// forge-config: default.invariant.runs = 8
contract NativeInvariantsTest is Campaign {
    function setUp() external {
        player = new NativePlayer();
        player.setUp();
    }

    /// NativeDesk: the market holds at least 1e9 wei for every nRLC in its accounts.
    function invariant_coinsHeldCoverAllAccounts() external view {
        player.moneyHeldCoversAllAccounts();
    }

    /// NativeDesk: what is not a whole nRLC goes back to the sender.
    function invariant_remaindersGoBack() external view {
        player.lawIsKept(Law.REMAINDERS_GO_BACK);
    }

    /// NativeDesk: coins leave only for an account's owner, out of what he has free.
    function invariant_coinsLeaveForTheirOwnerOnly() external view {
        player.lawIsKept(Law.MONEY_LEAVES_TO_ITS_OWNER_ONLY);
    }
}

/// @notice A campaign that never ends a task would prove nothing: this one does all there is to do.
contract CampaignTest is Test {
    function test_theCampaignGoesDeep() external {
        Player player = new TokenPlayer();
        player.setUp();
        for (uint256 i = 0; i < 500; ++i) {
            uint256 next = uint256(keccak256(abi.encode(i)));
            uint256 what = uint256(keccak256(abi.encode(next))) % 8;
            if (what == 0) player.deal(next);
            else if (what < 3) player.carryOn(next);
            else if (what == 3) player.disturb(next);
            else if (what == 4) player.moveMoney(next);
            else if (what == 5) player.own(next);
            else if (what == 6) player.pass(next);
            else player.sweep(next);
        }
        for (uint256 law = 0; law <= uint256(type(Law).max); ++law) {
            player.lawIsKept(Law(law));
        }
        Witness.Tally memory t = player.depths();
        vm.assertGe(t.deals, 10);
        vm.assertGe(t.completed, 10);
        vm.assertGe(t.short, 1);
        vm.assertGe(t.failed, 3);
        vm.assertGe(t.reopened, 1);
        vm.assertGe(t.audited, 1);
    }
}
