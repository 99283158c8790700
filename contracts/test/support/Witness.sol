// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Audits} from "../../src/Audits.sol";
import {Deal} from "../../src/Deals.sol";
import {Escrow} from "../../src/Escrow.sol";
import {Log} from "./Test.sol";
import {MarketTest} from "./MarketTest.sol";
import {Matching} from "../../src/Matching.sol";
import {OrderBook} from "../../src/OrderBook.sol";
import {Settlement} from "../../src/Settlement.sol";
import {TaskStatus} from "../../src/State.sol";
import {Tasks} from "../../src/Tasks.sol";
import {VotingView} from "../../src/Views.sol";

/// @notice What a market can be caught at: the contracts' invariants, as far as they are about what happened and not
/// about how things stand.
enum Law {
    BALANCES_MOVE_BY_EVENTS_ONLY,
    LOCKS_END_ONCE,
    ENDS_SETTLE_ALL,
    POT_IS_PRICE_AND_LOST_STAKES,
    KITTY_IS_NEVER_LOST,
    NOTHING_MOVES_BEFORE_THE_END,
    TASKS_END_ONCE,
    STATUSES_MOVE_FORWARD,
    INITIALIZE_NEVER_OVERWRITES,
    DEALS_ARE_PAID_FIRST,
    DEALS_NEED_CONSENT,
    SPONSORS_PAY_WHAT_NAMES_THEM,
    ORDERS_SERVE_THEIR_VOLUME,
    CLOSED_ORDERS_SERVE_NOBODY,
    ONLY_OWNERS_MANAGE_ORDERS,
    TASKS_ARE_NUMBERED_THROUGH,
    ONE_AUTHORIZED_VOTE_EACH,
    NOBODY_COPIES,
    NOTHING_REVEALED_THAT_IS_TO_BE_CHECKED,
    ONE_DRAW_A_TASK,
    SCORES_RISE_BY_ONE_A_TASK,
    MONEY_LEAVES_TO_ITS_OWNER_ONLY,
    TRANSFERS_NEED_LEAVE,
    THE_OWNER_HAS_NO_POWER,
    BROADCASTS_CHANGE_NOTHING,
    REMAINDERS_GO_BACK
}

/// @title Witness
/// @notice Reads what the market logs, keeps the books a second time from that alone, in its own words, and notes each
/// law that it sees broken.
abstract contract Witness is MarketTest {
    /// A deal as it was made.
    struct Bargain {
        bytes32 view_;
        uint256 price;
        uint256 poolPrice;
        uint256 poolStake;
        uint256 workerStake;
        uint256 trust;
        uint256 first;
        uint256 size;
        // When its tasks take no more votes.
        uint256 closes;
        address sponsor;
        address scheduler;
    }

    struct Vote {
        bytes32 hash;
        uint256 weight;
        bool revealed;
        bool rejected;
        bool praised;
        bool blamed;
    }

    /// A task as far as it went.
    struct Play {
        bytes32 deal;
        TaskStatus status;
        address[] voters;
        mapping(address => Vote) votes;
        bytes32 leader;
        uint256 reveals;
        uint256 drawBlock;
        bool audited;
        uint256 ends;
    }

    /// What moved in this transaction and has not been explained yet by a match, a vote or an end.
    struct Moved {
        uint256 locked;
        uint256 unlocked;
        uint256 seized;
        uint256 rewarded;
        uint256 toKitty;
        uint256 fromKitty;
        uint256 stakes;
    }

    /// What became of the tasks, to see that the campaign goes deep.
    struct Tally {
        uint256 completed;
        uint256 failed;
        uint256 declined;
        uint256 reopened;
        uint256 audited;
        uint256 deals;
        uint256 short;
    }

    mapping(Law => uint256) public broken;
    Tally public tally;

    address[] internal accounts;
    mapping(address => bool) private known;
    mapping(address => uint256) internal freeOf;
    mapping(address => uint256) internal lockedOf;
    mapping(address => uint256) internal scoreOf;
    /// What came in and went out, as the player paid it, in nRLC; and what he sent past the desk.
    uint256 internal paidIn;
    uint256 internal paidOut;
    uint256 internal astray;

    bytes32[] public deals;
    mapping(bytes32 => Bargain) internal bargains;
    bytes32[] public tasks;
    mapping(bytes32 => Play) internal plays;
    mapping(bytes32 orderHash => uint256) internal volumeOf;
    mapping(bytes32 orderHash => uint256) internal served;
    mapping(bytes32 orderHash => bool) internal closed;
    bytes32[] internal orderHashes;

    Moved private moved;
    uint256 private epoch;
    mapping(uint256 epoch => mapping(address => uint256)) private earned;

    function note(Law law, bool kept) internal {
        if (!kept) ++broken[law];
    }

    function know(address account) internal {
        if (known[account]) return;
        known[account] = true;
        accounts.push(account);
    }

    /// Everything that the market said in one transaction.
    function replay(Log[] memory logs) internal {
        for (uint256 i = 0; i < logs.length; ++i) {
            if (logs[i].emitter != address(hub)) continue;
            _money(logs, i);
            _orders(logs[i]);
            _tasks(logs, i);
        }
        // Of all that moves money, a vote alone is explained by nothing that follows it.
        note(Law.NOTHING_MOVES_BEFORE_THE_END, moved.locked == moved.stakes);
        note(
            Law.NOTHING_MOVES_BEFORE_THE_END,
            moved.unlocked + moved.seized + moved.rewarded + moved.toKitty + moved.fromKitty == 0
        );
        _explained();
        for (uint256 i = 0; i < accounts.length; ++i) {
            address account = accounts[i];
            bool same = free(account) == freeOf[account] && locked(account) == lockedOf[account];
            note(Law.BALANCES_MOVE_BY_EVENTS_ONLY, same);
            if (!same) (freeOf[account], lockedOf[account]) = (free(account), locked(account));
        }
    }

    function _explained() private {
        delete moved;
        ++epoch;
    }

    /* MONEY */

    function _money(Log[] memory logs, uint256 i) private {
        bytes32 topic = logs[i].topics[0];
        if (topic == Escrow.Transfer.selector) {
            if (!_doubled(logs, i)) _transferred(logs[i]);
        } else if (topic == Escrow.Lock.selector) {
            (address owner, uint256 amount) = abi.decode(logs[i].data, (address, uint256));
            _locked(owner, amount);
        } else if (topic == Escrow.Unlock.selector) {
            (address owner, uint256 amount) = abi.decode(logs[i].data, (address, uint256));
            _unlocked(owner, amount);
        } else if (topic == Escrow.Seize.selector) {
            (address owner, uint256 amount,) = abi.decode(logs[i].data, (address, uint256, bytes32));
            _seized(owner, amount);
        } else if (topic == Escrow.Reward.selector) {
            (address owner, uint256 amount,) = abi.decode(logs[i].data, (address, uint256, bytes32));
            _rewarded(owner, amount);
        }
    }

    /// Locks, unlocks and rewards are logged as transfers from and to the market, too, right before.
    function _doubled(Log[] memory logs, uint256 i) private view returns (bool) {
        if (i + 1 == logs.length || logs[i + 1].emitter != address(hub)) return false;
        bytes32 next = logs[i + 1].topics[0];
        address from = address(uint160(uint256(logs[i].topics[1])));
        address to = address(uint160(uint256(logs[i].topics[2])));
        if (to == address(hub) && next == Escrow.Lock.selector) return true;
        return from == address(hub) && (next == Escrow.Unlock.selector || next == Escrow.Reward.selector);
    }

    function _transferred(Log memory log) private {
        address from = address(uint160(uint256(log.topics[1])));
        address to = address(uint160(uint256(log.topics[2])));
        uint256 amount = abi.decode(log.data, (uint256));
        if (from != address(0)) _take(from, amount);
        if (to != address(0)) {
            know(to);
            freeOf[to] += amount;
        }
    }

    function _take(address from, uint256 amount) private {
        know(from);
        bool enough = freeOf[from] >= amount;
        note(Law.BALANCES_MOVE_BY_EVENTS_ONLY, enough);
        freeOf[from] = enough ? freeOf[from] - amount : 0;
    }

    function _locked(address owner, uint256 amount) private {
        know(owner);
        // What the kitty gets was nobody's free money.
        if (owner != KITTY) {
            _take(owner, amount);
            moved.locked += amount;
        }
        lockedOf[owner] += amount;
    }

    function _release(address owner, uint256 amount) private {
        know(owner);
        bool enough = lockedOf[owner] >= amount;
        note(Law.LOCKS_END_ONCE, enough);
        lockedOf[owner] = enough ? lockedOf[owner] - amount : 0;
    }

    function _unlocked(address owner, uint256 amount) private {
        _release(owner, amount);
        freeOf[owner] += amount;
        moved.unlocked += amount;
    }

    function _seized(address owner, uint256 amount) private {
        _release(owner, amount);
        if (owner == KITTY) moved.fromKitty += amount;
        else moved.seized += amount;
    }

    function _rewarded(address owner, uint256 amount) private {
        know(owner);
        if (owner == KITTY) {
            moved.toKitty += amount;
        } else {
            freeOf[owner] += amount;
            moved.rewarded += amount;
            earned[epoch][owner] += amount;
        }
    }

    /* ORDERS */

    function _orders(Log memory log) private {
        bytes32 topic = log.topics[0];
        if (topic == Matching.OrdersMatched.selector) {
            (bytes32 dealid, bytes32[4] memory hashes, uint256 volume) =
                abi.decode(log.data, (bytes32, bytes32[4], uint256));
            _struck(dealid, hashes, volume);
        } else if (
            topic == OrderBook.ClosedAppOrder.selector || topic == OrderBook.ClosedDatasetOrder.selector
                || topic == OrderBook.ClosedWorkerpoolOrder.selector || topic == OrderBook.ClosedRequestOrder.selector
        ) {
            closed[abi.decode(log.data, (bytes32))] = true;
        }
    }

    function _struck(bytes32 dealid, bytes32[4] memory hashes, uint256 volume) private {
        Deal memory deal = desk.viewDeal(dealid);
        Bargain storage b = bargains[dealid];
        uint256 before = served[hashes[3]];
        note(Law.TASKS_ARE_NUMBERED_THROUGH, b.size == 0 && deal.botFirst == before && deal.botSize == volume);
        note(Law.TASKS_ARE_NUMBERED_THROUGH, dealid == keccak256(abi.encodePacked(hashes[3], before)));
        for (uint256 i = 0; i < 4; ++i) {
            if (hashes[i] == 0) continue;
            served[hashes[i]] += volume;
            note(Law.ORDERS_SERVE_THEIR_VOLUME, volume > 0 && served[hashes[i]] <= volumeOf[hashes[i]]);
            note(Law.CLOSED_ORDERS_SERVE_NOBODY, !closed[hashes[i]]);
        }
        b.view_ = keccak256(abi.encode(deal));
        b.price = deal.app.price + deal.dataset.price + deal.workerpool.price;
        (b.poolPrice, b.poolStake) = (deal.workerpool.price, deal.workerpool.price * 30 / 100);
        (b.workerStake, b.trust) = (deal.workerStake, deal.trust);
        (b.first, b.size) = (deal.botFirst, deal.botSize);
        b.closes = deal.startTime + 7 * desk.viewCategory(deal.category).workClockTimeRef;
        (b.sponsor, b.scheduler) = (deal.sponsor, deal.workerpool.owner);
        note(Law.DEALS_ARE_PAID_FIRST, moved.locked == (b.price + b.poolStake) * volume);
        deals.push(dealid);
        ++tally.deals;
        _explained();
    }

    /* TASKS */

    function _tasks(Log[] memory logs, uint256 i) private {
        bytes32 topic = logs[i].topics[0];
        if (logs[i].topics.length < 2) return;
        bytes32 id = logs[i].topics[1];
        if (topic == Tasks.TaskInitialize.selector) _opened(id);
        else if (topic == Tasks.TaskContribute.selector) _voted(id, _second(logs[i]), bytes32(logs[i].data));
        else if (topic == Tasks.TaskConsensus.selector) _won(id, bytes32(logs[i].data));
        else if (topic == Tasks.TaskReveal.selector) _shown(id, _second(logs[i]), bytes32(logs[i].data));
        else if (topic == Tasks.TaskReopen.selector) _openedAgain(id, _follows(logs, i, Audits.TaskAudit.selector));
        else if (topic == Tasks.TaskFinalize.selector) _completed(id);
        else if (topic == Tasks.TaskClaimed.selector) _failed(id, _follows(logs, i, Tasks.TaskDeclined.selector));
        else if (topic == Settlement.AccurateContribution.selector) _praised(logs[i].topics[2], logs[i].topics[1]);
        else if (topic == Settlement.FaultyContribution.selector) _blamed(logs[i].topics[2], logs[i].topics[1]);
    }

    function _second(Log memory log) private pure returns (address) {
        return address(uint160(uint256(log.topics[2])));
    }

    function _follows(Log[] memory logs, uint256 i, bytes32 topic) private pure returns (bool) {
        return i + 1 < logs.length && logs[i + 1].topics[0] == topic;
    }

    function _opened(bytes32 id) private {
        Play storage p = plays[id];
        note(Law.INITIALIZE_NEVER_OVERWRITES, p.status == TaskStatus.UNSET);
        p.status = TaskStatus.ACTIVE;
        p.deal = desk.viewTask(id).dealid;
        uint256 index = desk.viewTask(id).idx;
        Bargain storage b = bargains[p.deal];
        note(Law.TASKS_ARE_NUMBERED_THROUGH, id == keccak256(abi.encodePacked(p.deal, index)));
        note(Law.TASKS_ARE_NUMBERED_THROUGH, index >= b.first && index < b.first + b.size);
        tasks.push(id);
    }

    function _voted(bytes32 id, address who, bytes32 hash) private {
        Play storage p = plays[id];
        note(Law.STATUSES_MOVE_FORWARD, p.status == TaskStatus.ACTIVE);
        note(Law.ONE_AUTHORIZED_VOTE_EACH, p.votes[who].hash == 0);
        uint256 weight = scoreOf[who] / 3;
        p.voters.push(who);
        p.votes[who].hash = hash;
        p.votes[who].weight = (weight < 3 ? 3 : weight) - 1;
        moved.stakes += bargains[p.deal].workerStake;
    }

    function _won(bytes32 id, bytes32 hash) private {
        Play storage p = plays[id];
        note(Law.STATUSES_MOVE_FORWARD, p.status == TaskStatus.ACTIVE);
        (p.status, p.leader) = (TaskStatus.REVEALING, hash);
        uint256 winners = 0;
        for (uint256 i = 0; i < p.voters.length; ++i) {
            Vote storage v = p.votes[p.voters[i]];
            if (v.hash == hash && !v.rejected) ++winners;
        }
        p.drawBlock = winners == 1 && bargains[p.deal].trust > 1 && auditRatio() > 0 ? vm.getBlockNumber() : 0;
    }

    function _shown(bytes32 id, address who, bytes32 digest) private {
        Play storage p = plays[id];
        Vote storage v = p.votes[who];
        note(Law.STATUSES_MOVE_FORWARD, p.status == TaskStatus.REVEALING);
        note(Law.NOBODY_COPIES, v.hash == hashOf(id, digest) && v.hash == p.leader && !v.revealed && !v.rejected);
        if (p.drawBlock > 0) note(Law.NOTHING_REVEALED_THAT_IS_TO_BE_CHECKED, !_isDrawn(id, p.drawBlock));
        v.revealed = true;
        ++p.reveals;
    }

    /// In the block of the vote nobody can know, so that it counts as drawn.
    function _isDrawn(bytes32 id, uint256 drawBlock) private view returns (bool) {
        uint256 number = vm.getBlockNumber();
        if (number <= drawBlock || number > drawBlock + 256) return true;
        return uint256(keccak256(abi.encodePacked(blockhash(drawBlock), id))) % 100 < auditRatio();
    }

    function _openedAgain(bytes32 id, bool audited) private {
        Play storage p = plays[id];
        note(Law.STATUSES_MOVE_FORWARD, p.status == TaskStatus.REVEALING && p.reveals == 0);
        if (audited) {
            ++tally.audited;
            p.audited = true;
        } else {
            ++tally.reopened;
            if (p.drawBlock > 0) p.audited = true;
            for (uint256 i = 0; i < p.voters.length; ++i) {
                Vote storage v = p.votes[p.voters[i]];
                if (v.hash == p.leader) v.rejected = true;
            }
        }
        (p.status, p.leader, p.drawBlock) = (TaskStatus.ACTIVE, 0, 0);
    }

    function _completed(bytes32 id) private {
        Play storage p = plays[id];
        Bargain storage b = bargains[p.deal];
        note(Law.STATUSES_MOVE_FORWARD, p.status == TaskStatus.REVEALING && p.reveals > 0);
        note(Law.TASKS_END_ONCE, ++p.ends == 1);
        p.status = TaskStatus.COMPLETED;
        // The short way has a vote, and no stake, in the same transaction.
        bool short = moved.stakes > 0 && moved.locked == 0;
        uint256 workerStake = short ? 0 : b.workerStake;
        uint256 lost = workerStake * (p.voters.length - p.reveals);
        note(
            Law.ENDS_SETTLE_ALL,
            moved.unlocked + moved.seized == b.price + b.poolStake + workerStake * p.voters.length
                && moved.rewarded == moved.seized + moved.fromKitty && moved.toKitty == 0
        );
        note(Law.POT_IS_PRICE_AND_LOST_STAKES, _workforceEarned(p) == b.poolPrice + lost + moved.fromKitty);
        uint256 kitty = lockedOf[KITTY] + moved.fromKitty;
        uint256 part = kitty / 10 > 1e9 ? kitty / 10 : 1e9;
        note(Law.KITTY_IS_NEVER_LOST, moved.fromKitty == (part < kitty ? part : kitty));
        for (uint256 i = 0; i < p.voters.length; ++i) {
            Vote storage v = p.votes[p.voters[i]];
            note(Law.SCORES_RISE_BY_ONE_A_TASK, v.praised == (v.revealed && p.voters.length > 1));
        }
        ++tally.completed;
        if (short) ++tally.short;
        _explained();
    }

    function _workforceEarned(Play storage p) private view returns (uint256 sum) {
        sum = earned[epoch][bargains[p.deal].scheduler];
        for (uint256 i = 0; i < p.voters.length; ++i) {
            sum += earned[epoch][p.voters[i]];
        }
    }

    function _failed(bytes32 id, bool declined) private {
        Play storage p = plays[id];
        Bargain storage b = bargains[p.deal];
        note(Law.STATUSES_MOVE_FORWARD, p.status == TaskStatus.ACTIVE || p.status == TaskStatus.REVEALING);
        note(Law.TASKS_END_ONCE, ++p.ends == 1);
        uint256 forfeited = declined ? 0 : b.poolStake;
        for (uint256 i = 0; i < p.voters.length; ++i) {
            if (_isToBlame(p, p.votes[p.voters[i]])) forfeited += b.workerStake;
            note(Law.SCORES_RISE_BY_ONE_A_TASK, !p.votes[p.voters[i]].praised);
        }
        note(
            Law.ENDS_SETTLE_ALL,
            moved.unlocked + moved.seized == b.price + b.poolStake + b.workerStake * p.voters.length
                && moved.rewarded == 0 && moved.fromKitty == 0 && moved.seized == moved.toKitty
        );
        note(Law.KITTY_IS_NEVER_LOST, moved.toKitty == forfeited);
        p.status = TaskStatus.FAILED;
        if (declined) ++tally.declined;
        else ++tally.failed;
        _explained();
    }

    function _isToBlame(Play storage p, Vote storage v) private view returns (bool) {
        if (v.revealed) return false;
        if (v.rejected) return true;
        return p.status == TaskStatus.REVEALING && (p.reveals > 0 || v.hash == p.leader);
    }

    function _praised(bytes32 id, bytes32 who) private {
        address worker_ = address(uint160(uint256(who)));
        Vote storage v = plays[id].votes[worker_];
        note(Law.SCORES_RISE_BY_ONE_A_TASK, !v.praised && !v.blamed);
        v.praised = true;
        ++scoreOf[worker_];
    }

    function _blamed(bytes32 id, bytes32 who) private {
        address worker_ = address(uint160(uint256(who)));
        Play storage p = plays[id];
        Vote storage v = p.votes[worker_];
        note(Law.SCORES_RISE_BY_ONE_A_TASK, !v.praised && !v.blamed);
        v.blamed = true;
        bool outvoted = p.reveals > 0 && v.hash != p.leader;
        scoreOf[worker_] = p.audited && outvoted ? 0 : scoreOf[worker_] - (scoreOf[worker_] + 2) / 3;
    }
}
