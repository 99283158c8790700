// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {
    AppOrder,
    AppOrderOperation,
    DatasetOrder,
    DatasetOrderOperation,
    OrderOperation,
    RequestOrder,
    RequestOrderOperation,
    WorkerpoolOrder,
    WorkerpoolOrderOperation
} from "../../src/Orders.sol";
import {Audits} from "../../src/Audits.sol";
import {Ballots} from "../../src/Ballots.sol";
import {ContributionView, TaskView, VotingView} from "../../src/Views.sol";
import {Deal} from "../../src/Deals.sol";
import {Law, Witness} from "./Witness.sol";
import {Log} from "./Test.sol";
import {MarketTest, OrderHashes} from "./MarketTest.sol";
import {NativeDesk} from "../../src/NativeDesk.sol";
import {Registry} from "../../src/registries/Registry.sol";
import {TaskStatus} from "../../src/State.sol";

/// @notice Some callbacks of the campaign take what they get, some fail.
contract Moody {
    function receiveResult(bytes32 id, bytes calldata) external pure {
        require(uint256(id) % 2 == 0);
    }
}

/// @title Player
/// @notice Plays the market at random: the functions that the fuzzer calls, in any order, with any numbers. About half
/// of what it does is what honest people do, so that many tasks come to an end; the rest is what they should not do.
abstract contract Player is Witness {
    using OrderHashes for AppOrder;
    using OrderHashes for DatasetOrder;
    using OrderHashes for WorkerpoolOrder;
    using OrderHashes for RequestOrder;

    uint256 private constant CREW = 6;
    uint256 private constant SPONSOR_KEY = 0xa5;
    /// Of who buys the app; whoever buys dataset or pool has the next ones.
    uint256 private constant BUYER_KEY = 0xa6;
    uint256 private constant BROKER_KEY = 0xb;
    uint256 private constant ENCLAVE_KEY = 0xe;
    bytes32 private constant TEE_TAG = bytes32(uint256(9));

    address[] internal crew;
    address private sponsor;
    mapping(address => uint256) private keyOf;
    bytes[] private offers;
    uint256 private counter;
    /// Who agreed to what, by whichever way.
    mapping(bytes32 orderHash => mapping(address => bool)) private agreed;
    mapping(address => mapping(address => uint256)) private allowed;
    /// Whose seal is a copy.
    mapping(bytes32 taskid => mapping(address => bool)) private copies;
    mapping(bytes32 taskid => mapping(uint256 drawBlock => uint256)) private verdicts;
    bool private hasBroker;
    uint256 private brokerSince;
    address private moody;
    bytes32 private codes;
    bytes32 private assets;

    function setUp() public override {
        super.setUp();
        sponsor = vm.addr(SPONSOR_KEY);
        uint256[8] memory keys =
            [APP_KEY, DATASET_KEY, SCHEDULER_KEY, REQUESTER_KEY, SPONSOR_KEY, BUYER_KEY, BUYER_KEY + 1, BUYER_KEY + 2];
        for (uint256 i = 0; i < keys.length; ++i) {
            keyOf[vm.addr(keys[i])] = keys[i];
            know(vm.addr(keys[i]));
        }
        fund(sponsor, 1000 * RLC_1);
        fund(vm.addr(BUYER_KEY + 2), 1000 * RLC_1);
        for (uint256 i = 0; i < CREW; ++i) {
            crew.push(worker(i));
            know(crew[i]);
        }
        know(KITTY);
        know(address(hub));
        know(address(this));
        // Two are believed alone at trust 100, two carry some weight, two are new.
        uint16[6] memory scores = [330, 600, 90, 30, 0, 0];
        for (uint256 i = 0; i < CREW; ++i) {
            hub.setScore(crew[i], scores[i]);
            scoreOf[crew[i]] = scores[i];
        }
        for (uint256 i = 0; i < accounts.length; ++i) {
            freeOf[accounts[i]] = free(accounts[i]);
        }
        paidIn = desk.totalSupply();
        moody = address(new Moody());
        codes = _codes();
        assets = _assets();
    }

    function auditRatio() internal pure override returns (uint256) {
        return 30;
    }

    /* WHAT THE FUZZER CALLS */

    /// New orders, matched; or old ones, once more.
    function deal(uint256 seed) external {
        _deal(seed);
    }

    /// What honest people do next in one of the tasks.
    function carryOn(uint256 seed) external {
        _carryOn(seed);
    }

    function carryOnElsewhere(uint256 seed) external {
        _carryOn(~seed);
    }

    /// What they don't.
    function disturb(uint256 seed) external {
        if (tasks.length == 0) return;
        bytes32 id = tasks[_pick(seed, 1) % tasks.length];
        address who = crew[_pick(seed, 2) % CREW];
        uint256 how = _pick(seed, 3) % 12;
        if (how < 3) _voteUnasked(id, who, how, seed);
        else if (how == 3) _copy(id, who, seed);
        else if (how == 4) _act(who, 0, abi.encodeCall(hub.reveal, (id, _digest(id, seed % 2 == 0))));
        else if (how == 5) _voteOfOne(id, who, seed % 4 > 0);
        else if (how == 6) _finishUnasked(id, seed);
        else if (how == 7) _claim(id, seed);
        else if (how == 8) _act(who, 0, abi.encodeCall(hub.initialize, (plays[id].deal, desk.viewTask(id).idx)));
        else if (how == 9) _act(bargains[plays[id].deal].scheduler, 0, abi.encodeCall(hub.decline, (id)));
        else if (how == 10) _act(bargains[plays[id].deal].scheduler, 0, abi.encodeCall(hub.reopen, (id)));
        else _quickly(id, who);
        _remember(id);
    }

    function moveMoney(uint256 seed) external {
        address who = accounts[_pick(seed, 1) % accounts.length];
        address to = accounts[_pick(seed, 2) % accounts.length];
        if (keyOf[who] == 0) who = crew[seed % CREW];
        if (keyOf[to] == 0) to = crew[_pick(seed, 3) % CREW];
        uint256 amount = _pick(seed, 4) % (30 * RLC_1);
        uint256 how = _pick(seed, 5) % 8;
        if (how < 2) _deposit(who, to, amount);
        else if (how == 2) _withdraw(who, to, amount * 50);
        else if (how == 3) _transfer(who, to, amount * 20);
        else if (how == 4) _allow(who, to, amount, seed);
        else if (how == 5) _transferFrom(who, to, amount);
        else if (how == 6) _depositForTwo(who, to, amount);
        else _stray(who, amount);
    }

    /// Owners do what is theirs to do: policies, sales, orders on chain, the market's own settings.
    function own(uint256 seed) external {
        uint256 how = _pick(seed, 1) % 8;
        if (how < 2) _manage(seed);
        else if (how == 2) _changePolicy(seed);
        else if (how == 3) _sell(seed);
        else if (how == 4) _broadcast(seed);
        else _govern(seed);
    }

    function pass(uint256 seed) external {
        uint256 time = seed % 16 == 0 ? _pick(seed, 1) % 3000 : _pick(seed, 1) % 100;
        vm.warp(vm.getBlockTimestamp() + time);
        vm.roll(vm.getBlockNumber() + (seed % 32 == 1 ? 257 : 1));
        if (tasks.length > 0) _remember(tasks[_pick(seed, 2) % tasks.length]);
    }

    /// Now and then the time of everything that is open is over, and whoever waits for his money gets it.
    function sweep(uint256 seed) external {
        if (seed % 16 > 0 || deals.length == 0) return _carryOn(seed);
        vm.warp(vm.getBlockTimestamp() + 12_000);
        vm.roll(vm.getBlockNumber() + 100);
        for (uint256 i = 0; i < tasks.length; ++i) {
            if (plays[tasks[i]].status < TaskStatus.COMPLETED) _claim(tasks[i], _pick(seed, i));
        }
        bytes32 dealid = deals[_pick(seed, 7) % deals.length];
        (bytes32[] memory ids, uint256[] memory indexes) = (new bytes32[](2), new uint256[](2));
        for (uint256 i = 0; i < 2; ++i) {
            (ids[i], indexes[i]) = (dealid, bargains[dealid].first + i);
        }
        _act(sponsor, 0, abi.encodeCall(hub.initializeAndClaimArray, (ids, indexes)));
    }

    /* ORDERS AND DEALS */

    function _deal(uint256 seed) private {
        Orders4 memory o;
        if (offers.length > 0 && seed % 3 == 0) {
            o = abi.decode(offers[_pick(seed, 1) % offers.length], (Orders4));
        } else {
            o = _offer(seed);
            _agree(o, _pick(seed, 2) % 6);
            offers.push(abi.encode(o));
        }
        bool named = bytes6(o.r.salt) == bytes6(keccak256("sponsored"));
        bool sponsors = _pick(seed, 3) % 8 < (named ? 7 : 2);
        address payer = sponsors ? (_pick(seed, 4) % 8 == 0 ? crew[0] : sponsor) : requester;
        bytes memory call = sponsors
            ? abi.encodeCall(hub.sponsorMatchOrders, (o.a, o.d, o.w, o.r))
            : abi.encodeCall(hub.matchOrders, (o.a, o.d, o.w, o.r));
        uint256 before = locked(payer);
        (bool ok, bytes memory answer) = _act(sponsors ? payer : crew[1], 0, call);
        if (!ok) return;
        bytes32 dealid = abi.decode(answer, (bytes32));
        Bargain storage b = bargains[dealid];
        note(Law.DEALS_ARE_PAID_FIRST, b.sponsor == payer && locked(payer) == before + b.price * b.size);
        if (named) note(Law.SPONSORS_PAY_WHAT_NAMES_THEM, payer == sponsor);
        _checkConsent(o);
        _act(crew[2], 0, abi.encodeCall(hub.initialize, (dealid, b.first)));
    }

    function _offer(uint256 seed) private returns (Orders4 memory o) {
        uint256 price = _pick(seed, 10) % 4 == 0 ? 0 : _pick(seed, 11) % (10 * RLC_1);
        o = priced(
            [uint256(1), 1, 2, 5, 100, 100][_pick(seed, 12) % 6],
            price / 10,
            _pick(seed, 13) % 2 == 0 ? 1 + price / 20 : 0,
            price
        );
        (o.a.volume, o.w.volume, o.r.volume) = (1 + _pick(seed, 14) % 5, 1 + _pick(seed, 15) % 3, 1 + seed % 4);
        if (o.d.dataset != address(0)) o.d.volume = 1 + _pick(seed, 16) % 5;
        o.r.category = o.w.category = seed % 2;
        o = salted(o, ++counter);
        if (_pick(seed, 17) % 5 == 0) o.r.salt = sponsoredBy(sponsor, uint48(counter));
        if (_pick(seed, 18) % 5 == 0) o.r.callback = seed % 2 == 0 ? moody : address(0xca11);
        if (_pick(seed, 19) % 5 == 0) o.a.tag = o.w.tag = TEE_TAG;
        bytes32[4] memory hashes = _hashes(o);
        uint256[4] memory volumes = [o.a.volume, o.d.volume, o.w.volume, o.r.volume];
        for (uint256 i = 0; i < 4; ++i) {
            if (hashes[i] != 0 && volumeOf[hashes[i]] == 0) orderHashes.push(hashes[i]);
            volumeOf[hashes[i]] = volumes[i];
        }
    }

    function _hashes(Orders4 memory o) private view returns (bytes32[4] memory) {
        return [
            typed(o.a.hash()),
            o.d.dataset == address(0) ? bytes32(0) : typed(o.d.hash()),
            typed(o.w.hash()),
            typed(o.r.hash())
        ];
    }

    function _owners(Orders4 memory o) private view returns (address[4] memory owners) {
        owners[0] = apps.ownerOrZero(o.a.app);
        owners[1] = datasets.ownerOrZero(o.d.dataset);
        owners[2] = pools.ownerOrZero(o.w.workerpool);
        owners[3] = o.r.requester;
    }

    /// All sign; or (1) all sign on chain; or (2) one of them does not, and somebody tries his own signature.
    function _agree(Orders4 memory o, uint256 how) private {
        (bytes32[4] memory hashes, address[4] memory owners) = (_hashes(o), _owners(o));
        uint256 missing = how == 2 ? counter % 4 : 4;
        for (uint256 i = 0; i < 4; ++i) {
            if (hashes[i] == 0) continue;
            if (how == 1) {
                _manageOne(o, i, OrderOperation.SIGN, owners[i], "");
                agreed[hashes[i]][owners[i]] = true;
                continue;
            }
            bool signs = i != missing;
            bytes memory signature = sign(signs ? keyOf[owners[i]] : SPONSOR_KEY, hashes[i]);
            if (signs) agreed[hashes[i]][owners[i]] = true;
            if (counter % 3 == 0) signature = compact(signature);
            if (i == 0) o.a.sign = signature;
            else if (i == 1) o.d.sign = signature;
            else if (i == 2) o.w.sign = signature;
            else o.r.sign = signature;
        }
    }

    function _checkConsent(Orders4 memory o) private {
        (bytes32[4] memory hashes, address[4] memory owners) = (_hashes(o), _owners(o));
        for (uint256 i = 0; i < 4; ++i) {
            if (hashes[i] != 0) note(Law.DEALS_NEED_CONSENT, agreed[hashes[i]][owners[i]]);
        }
    }

    /// Signs or closes one order of an old offer: its owner, his signature in another's hand, or a thief.
    function _manage(uint256 seed) private {
        if (offers.length == 0) return;
        Orders4 memory o = abi.decode(offers[_pick(seed, 2) % offers.length], (Orders4));
        uint256 part = _pick(seed, 3) % 4;
        bytes32 hash = _hashes(o)[part];
        address owner = _owners(o)[part];
        if (hash == 0) return;
        OrderOperation operation = _pick(seed, 4) % 3 == 0 ? OrderOperation.CLOSE : OrderOperation.SIGN;
        bool ok;
        uint256 how = _pick(seed, 5) % 4;
        if (how < 2) {
            ok = _manageOne(o, part, operation, owner, "");
            note(Law.ONLY_OWNERS_MANAGE_ORDERS, ok);
        } else {
            // A signature of the other operation allows nothing.
            OrderOperation permitted =
                how == 2 ? operation : (operation == OrderOperation.SIGN ? OrderOperation.CLOSE : OrderOperation.SIGN);
            bytes memory signature = sign(keyOf[owner], _operationHash(o, part, permitted));
            ok = _manageOne(o, part, operation, crew[3], signature);
            note(Law.ONLY_OWNERS_MANAGE_ORDERS, ok == (how == 2));
        }
        if (!ok) return;
        if (operation == OrderOperation.SIGN) {
            agreed[hash][owner] = true;
            note(Law.ONLY_OWNERS_MANAGE_ORDERS, desk.viewPresigned(hash) == owner);
        } else {
            note(Law.CLOSED_ORDERS_SERVE_NOBODY, desk.viewConsumed(hash) == volumeOf[hash] && closed[hash]);
        }
    }

    function _operationHash(Orders4 memory o, uint256 part, OrderOperation operation) private view returns (bytes32) {
        bytes32[4] memory types = [
            bytes32(0x0638bb0702457e2b4b01be8a202579b8bf97e587fb4f2cc4d4aad01f21a06ee0),
            0x075eb6f7578ff4292c241bd2484cd5c1d5e6ecc2ddd3317e1d8176b5a45865ec,
            0x322d980b7d7a6a1f7c39ff0c5445da6ae1d8e0393ff0dd468c8be3e2c8644388,
            0x0ded7b52c2d77595a40d242eca751df172b18e686326dbbed3f4748828af77c7
        ];
        bytes32[4] memory structs = [o.a.hash(), o.d.hash(), o.w.hash(), o.r.hash()];
        return typed(keccak256(abi.encode(types[part], structs[part], uint256(operation))));
    }

    function _manageOne(Orders4 memory o, uint256 part, OrderOperation operation, address who, bytes memory signature)
        private
        returns (bool ok)
    {
        bytes memory call;
        if (part == 0) {
            call = abi.encodeCall(desk.manageAppOrder, (AppOrderOperation(o.a, operation, signature)));
        } else if (part == 1) {
            call = abi.encodeCall(desk.manageDatasetOrder, (DatasetOrderOperation(o.d, operation, signature)));
        } else if (part == 2) {
            call = abi.encodeCall(desk.manageWorkerpoolOrder, (WorkerpoolOrderOperation(o.w, operation, signature)));
        } else {
            call = abi.encodeCall(desk.manageRequestOrder, (RequestOrderOperation(o.r, operation, signature)));
        }
        (ok,) = _act(who, 0, call);
    }

    function _broadcast(uint256 seed) private {
        if (offers.length == 0) return;
        Orders4 memory o = abi.decode(offers[_pick(seed, 2) % offers.length], (Orders4));
        vm.record();
        _act(crew[4], 0, abi.encodeCall(desk.broadcastAppOrder, (o.a)));
        _act(crew[4], 0, abi.encodeCall(desk.broadcastDatasetOrder, (o.d)));
        _act(crew[4], 0, abi.encodeCall(desk.broadcastWorkerpoolOrder, (o.w)));
        _act(crew[4], 0, abi.encodeCall(desk.broadcastRequestOrder, (o.r)));
        (, bytes32[] memory writes) = vm.accesses(address(hub));
        note(Law.BROADCASTS_CHANGE_NOTHING, writes.length == 0);
    }

    /* TASKS */

    function _carryOn(uint256 seed) private {
        if (deals.length == 0) _deal(seed);
        if (deals.length == 0) return;
        bytes32 id = _unfinished(seed);
        if (id == 0) {
            bytes32 dealid = deals[_pick(seed, 1) % deals.length];
            Bargain storage b = bargains[dealid];
            (bool ok, bytes memory answer) = _act(
                crew[seed % CREW], 0, abi.encodeCall(hub.initialize, (dealid, b.first + _pick(seed, 2) % (b.size + 1)))
            );
            if (!ok) return _deal(seed);
            id = abi.decode(answer, (bytes32));
        }
        Play storage p = plays[id];
        if (_pick(seed, 7) % 32 == 0) _act(bargains[p.deal].scheduler, 0, abi.encodeCall(hub.decline, (id)));
        if (bargains[p.deal].trust == 1 && _pick(seed, 8) % 2 == 0) _quickly(id, crew[seed % CREW]);
        // Not all at once each time, so that others come between.
        uint256 most = 1 + _pick(seed, 3) % (2 * CREW);
        for (uint256 i = 0; i < most && p.status == TaskStatus.ACTIVE; ++i) {
            _voteOfOne(id, crew[(seed % CREW + i) % CREW], _pick(seed, 20 + i) % 8 > 0);
        }
        _remember(id);
        if (_pick(seed, 4) % 4 == 0 || p.status != TaskStatus.REVEALING) return;
        vm.roll(vm.getBlockNumber() + 1);
        _remember(id);
        if (p.drawBlock > 0) _act(crew[5], 0, abi.encodeCall(hub.audit, (id)));
        if (p.status == TaskStatus.REVEALING) _conclude(id, seed);
        _remember(id);
    }

    function _unfinished(uint256 seed) private view returns (bytes32 id) {
        for (uint256 i = 0; i < 4 && tasks.length > 0; ++i) {
            id = tasks[_pick(seed, 30 + i) % tasks.length];
            TaskStatus s = plays[id].status;
            bool open = s == TaskStatus.ACTIVE && vm.getBlockTimestamp() < bargains[plays[id].deal].closes;
            if (open || s == TaskStatus.REVEALING) return id;
        }
        return 0;
    }

    function _conclude(bytes32 id, uint256 seed) private {
        Play storage p = plays[id];
        bool right = p.leader == hashOf(id, _digest(id, true));
        bool silent = _pick(seed, 5) % 6 == 0;
        for (uint256 i = 0; i < p.voters.length && !silent; ++i) {
            if (_pick(seed, 40 + i) % 8 > 0) _reveal(id, p.voters[i], _digest(id, right));
        }
        address leader = bargains[p.deal].scheduler;
        _finalize(id, leader, right);
        if (p.status != TaskStatus.REVEALING || _pick(seed, 6) % 2 == 0) return;
        uint256 deadline = desk.viewTask(id).revealDeadline;
        if (vm.getBlockTimestamp() < deadline) vm.warp(deadline);
        _finalize(id, leader, right);
        if (p.status == TaskStatus.REVEALING) _act(leader, 0, abi.encodeCall(hub.reopen, (id)));
    }

    /// What a worker who is right, or wrong, finds.
    function _digest(bytes32 id, bool right) private view returns (bytes32) {
        bool calls = desk.viewDeal(plays[id].deal).callback != address(0);
        return calls ? keccak256(abi.encode(id, right)) : keccak256(abi.encode(right));
    }

    function _finalize(bytes32 id, address who, bool right) private {
        bool calls = desk.viewDeal(plays[id].deal).callback != address(0);
        _act(who, 0, abi.encodeCall(hub.finalize, (id, "result", calls ? abi.encode(id, right) : bytes(""))));
    }

    function _reveal(bytes32 id, address who, bytes32 digest) private {
        (bool ok,) = _act(who, 0, abi.encodeCall(hub.reveal, (id, digest)));
        if (copies[id][who]) note(Law.NOBODY_COPIES, !ok);
    }

    function _voteOfOne(bytes32 id, address who, bool right) private {
        bytes32 digest = _digest(id, right);
        _vote(id, who, hashOf(id, digest), sealOf(who, id, digest), who, id);
    }

    /// What lets a worker vote.
    struct Permit {
        address enclave;
        bytes attestation;
        bytes authorization;
    }

    /// With an authorization that was made out for `forWhom` in the task `forTask`.
    function _vote(bytes32 id, address who, bytes32 hash, bytes32 seal, address forWhom, bytes32 forTask)
        private
        returns (bool ok)
    {
        Permit memory p = _permit(id, keccak256(abi.encodePacked(hash, seal)), forWhom, forTask);
        (ok,) =
            _act(who, 0, abi.encodeCall(hub.contribute, (id, hash, seal, p.enclave, p.attestation, p.authorization)));
    }

    function _permit(bytes32 id, bytes32 attested, address forWhom, bytes32 forTask)
        private
        view
        returns (Permit memory p)
    {
        Deal memory d = desk.viewDeal(plays[id].deal);
        uint256 key = keyOf[d.workerpool.owner];
        if (d.tag == TEE_TAG) {
            p.enclave = vm.addr(ENCLAVE_KEY);
            p.attestation = signText(ENCLAVE_KEY, attested);
            if (hasBroker && d.startTime > brokerSince) key = BROKER_KEY;
        }
        p.authorization = signText(key, keccak256(abi.encodePacked(forWhom, forTask, p.enclave)));
    }

    /// With another's authorization, one for another task, or twice.
    function _voteUnasked(bytes32 id, address who, uint256 how, uint256 seed) private {
        bytes32 digest = _digest(id, true);
        address other = crew[_pick(seed, 4) % CREW];
        bytes32 another = tasks[_pick(seed, 5) % tasks.length];
        bool voted = plays[id].votes[who].hash != 0;
        bool ok = _vote(
            id, who, hashOf(id, digest), sealOf(who, id, digest), how == 0 ? other : who, how == 1 ? another : id
        );
        bool asked = (how != 0 || other == who) && (how != 1 || another == id);
        note(Law.ONE_AUTHORIZED_VOTE_EACH, !ok || (asked && !voted));
    }

    /// Says what another said, with his seal.
    function _copy(bytes32 id, address who, uint256 seed) private {
        Play storage p = plays[id];
        if (p.voters.length == 0) return;
        address other = p.voters[_pick(seed, 4) % p.voters.length];
        ContributionView memory c = desk.viewContribution(id, other);
        if (other != who && _vote(id, who, c.resultHash, c.resultSeal, who, id)) copies[id][who] = true;
    }

    function _quickly(bytes32 id, address who) private {
        Deal memory d = desk.viewDeal(plays[id].deal);
        bytes memory permission = signText(keyOf[d.workerpool.owner], keccak256(abi.encodePacked(who, id, address(0))));
        bytes memory answer = d.callback == address(0) ? bytes("") : abi.encode(id, true);
        bytes32 digest = _digest(id, true);
        _act(
            who,
            0,
            abi.encodeCall(hub.contributeAndFinalize, (id, digest, "result", answer, address(0), "", permission))
        );
    }

    /// Whoever is not the scheduler.
    function _finishUnasked(bytes32 id, uint256 seed) private {
        address who = seed % 2 == 0 ? crew[0] : sponsor;
        _finalize(id, who, true);
        _act(who, 0, abi.encodeCall(hub.reopen, (id)));
        _act(who, 0, abi.encodeCall(hub.decline, (id)));
    }

    function _claim(bytes32 id, uint256 seed) private {
        if (seed % 3 > 0) {
            _act(crew[0], 0, abi.encodeCall(hub.claim, (id)));
            return;
        }
        bytes32[] memory ids = new bytes32[](1 + seed % 2);
        ids[0] = id;
        if (ids.length == 2) ids[1] = tasks[_pick(seed, 6) % tasks.length];
        _act(crew[0], 0, abi.encodeCall(hub.claimArray, (ids)));
    }

    /// Would it be audited now? Nobody may get another answer to that by waiting.
    function _remember(bytes32 id) private {
        Play storage p = plays[id];
        if (p.status != TaskStatus.REVEALING || p.drawBlock == 0 || p.reveals > 0) return;
        if (vm.getBlockNumber() <= p.drawBlock) return;
        uint256 verdict = 1;
        try this.tryAudit(id) {}
        catch (bytes memory reason) {
            if (bytes4(reason) == Audits.NothingToAudit.selector) verdict = 2;
        }
        uint256 before = verdicts[id][p.drawBlock];
        bool lapsed = vm.getBlockNumber() > p.drawBlock + 256;
        note(Law.ONE_DRAW_A_TASK, before == 0 || before == verdict || (lapsed && verdict == 1));
        if (lapsed) note(Law.ONE_DRAW_A_TASK, verdict == 1);
        verdicts[id][p.drawBlock] = verdict;
    }

    /// Fails always, so that nothing comes of it.
    function tryAudit(bytes32 id) external {
        hub.audit(id);
        revert("it would");
    }

    /* MONEY */

    function _act(address who, uint256 value, bytes memory call) internal returns (bool ok, bytes memory answer) {
        vm.recordLogs();
        vm.prank(who);
        (ok, answer) = address(hub).call{value: value}(call);
        Log[] memory logs = vm.getRecordedLogs();
        // What was logged before a call failed counts for nothing.
        replay(ok ? logs : new Log[](0));
    }

    function _withdraw(address who, address to, uint256 amount) private {
        (uint256 had, uint256 outside) = (free(who), _outside(to));
        (bool ok,) = _act(who, 0, abi.encodeCall(desk.withdrawTo, (amount, to)));
        note(Law.MONEY_LEAVES_TO_ITS_OWNER_ONLY, ok == (amount <= had));
        if (!ok) return;
        paidOut += amount;
        note(Law.MONEY_LEAVES_TO_ITS_OWNER_ONLY, free(who) == had - amount && _outside(to) == outside + amount);
    }

    function _transfer(address who, address to, uint256 amount) private {
        uint256 had = free(who);
        (bool ok,) = _act(who, 0, abi.encodeCall(desk.transfer, (to, amount)));
        note(Law.TRANSFERS_NEED_LEAVE, ok == (amount <= had));
    }

    function _allow(address who, address to, uint256 amount, uint256 seed) private {
        uint256 how = _pick(seed, 6) % 3;
        uint256 had = allowed[who][to];
        if (how == 0) {
            _act(who, 0, abi.encodeCall(desk.approve, (to, amount)));
            allowed[who][to] = amount;
        } else if (how == 1) {
            _act(who, 0, abi.encodeCall(desk.increaseAllowance, (to, amount)));
            allowed[who][to] = had + amount;
        } else {
            (bool ok,) = _act(who, 0, abi.encodeCall(desk.decreaseAllowance, (to, amount)));
            note(Law.TRANSFERS_NEED_LEAVE, ok == (amount <= had));
            if (ok) allowed[who][to] = had - amount;
        }
        note(Law.TRANSFERS_NEED_LEAVE, desk.allowance(who, to) == allowed[who][to]);
    }

    function _transferFrom(address who, address spender, uint256 amount) private {
        // Mostly what is allowed, or a little more.
        if (amount % 4 > 0) amount = allowed[who][spender] + amount % 4 - 1;
        uint256 had = free(who);
        (bool ok,) = _act(spender, 0, abi.encodeCall(desk.transferFrom, (who, sponsor, amount)));
        note(Law.TRANSFERS_NEED_LEAVE, ok == (amount <= had && amount <= allowed[who][spender]));
        if (ok) allowed[who][spender] -= amount;
    }

    /* OWNERS */

    function _changePolicy(uint256 seed) private {
        vm.prank(pools.ownerOrZero(address(pool)));
        // Often more than is allowed.
        try pool.changePolicy(_pick(seed, 2) % 1500, _pick(seed, 3) % 120) {} catch {}
    }

    /// An asset goes from one who can sign to another.
    function _sell(uint256 seed) private {
        Registry[3] memory registries = [Registry(apps), Registry(datasets), Registry(pools)];
        address[3] memory assets_ = [address(app), address(dataset), address(pool)];
        uint256[3] memory keys = [APP_KEY, DATASET_KEY, SCHEDULER_KEY];
        uint256 which = _pick(seed, 2) % 3;
        uint256 id = uint256(uint160(assets_[which]));
        address from = registries[which].ownerOf(id);
        address to = vm.addr(keyOf[from] == keys[which] ? BUYER_KEY + which : keys[which]);
        if (seed % 4 == 0) {
            vm.prank(crew[0]);
            try registries[which].transferFrom(from, crew[0], id) {
                note(Law.THE_OWNER_HAS_NO_POWER, false);
            } catch {}
            return;
        }
        vm.prank(from);
        registries[which].transferFrom(from, to, id);
    }

    function _govern(uint256 seed) private {
        uint256 how = _pick(seed, 2) % 5;
        bytes32 before = _world();
        if (how == 0) {
            _recover();
            return;
        }
        bytes memory call;
        if (how == 1) call = abi.encodeCall(desk.createCategory, ("more", "", 1 + _pick(seed, 3) % 1e6));
        if (how == 2) call = abi.encodeCall(desk.setCallbackGas, (100_000 + _pick(seed, 3) % 400_000));
        if (how == 3) call = abi.encodeCall(desk.setTeeBroker, (seed % 2 == 0 ? vm.addr(BROKER_KEY) : address(0)));
        if (how == 4) call = abi.encodeCall(desk.transferOwnership, (address(this)));
        (bool stranger,) = _act(crew[0], 0, call);
        (bool owner,) = _act(address(this), 0, call);
        note(Law.THE_OWNER_HAS_NO_POWER, owner && !stranger && _world() == before);
        if (how == 3) (hasBroker, brokerSince) = (seed % 2 == 0, vm.getBlockTimestamp());
    }

    /// The owner finds what went astray, and not a unit more.
    function _recover() private {
        uint256 had = free(address(this));
        (bool ok,) = _act(address(this), 0, abi.encodeCall(desk.recover, ()));
        note(Law.THE_OWNER_HAS_NO_POWER, ok && free(address(this)) == had + astray);
        paidIn += astray;
        astray = 0;
    }

    /* THE DOOR */

    function _deposit(address from, address to, uint256 amount) internal virtual;
    function _depositForTwo(address from, address to, uint256 amount) internal virtual;
    function _stray(address from, uint256 amount) internal virtual;
    /// What the account has outside of the market, in nRLC.
    function _outside(address account) internal view virtual returns (uint256);

    /* FOR THE INVARIANTS */

    function lawIsKept(Law law) external view {
        vm.assertEq(broken[law], 0);
    }

    function accountsAreTheSupply() external view {
        uint256 sum = 0;
        for (uint256 i = 0; i < accounts.length; ++i) {
            sum += free(accounts[i]) + locked(accounts[i]);
        }
        vm.assertEq(sum, desk.totalSupply());
    }

    function supplyIsWhatCameInAndStayed() external view {
        vm.assertEq(desk.totalSupply(), paidIn - paidOut);
    }

    function moneyHeldIsWhatCameInAndStayed() external view {
        vm.assertEq(_outside(address(hub)), paidIn - paidOut + astray);
    }

    function moneyHeldCoversAllAccounts() external view {
        vm.assertGe(_outside(address(hub)), desk.totalSupply());
    }

    /// What each has locked is what the tasks that have not ended need of him, and no more.
    function locksAreWhatRunningTasksNeed() external view {
        for (uint256 i = 0; i < accounts.length; ++i) {
            if (accounts[i] != KITTY) vm.assertEq(locked(accounts[i]), _needed(accounts[i]));
        }
    }

    function _needed(address account) private view returns (uint256 sum) {
        for (uint256 i = 0; i < deals.length; ++i) {
            Bargain storage b = bargains[deals[i]];
            for (uint256 index = b.first; index < b.first + b.size; ++index) {
                Play storage p = plays[keccak256(abi.encodePacked(deals[i], index))];
                if (p.status >= TaskStatus.COMPLETED) continue;
                if (account == b.sponsor) sum += b.price;
                if (account == b.scheduler) sum += b.poolStake;
                if (p.votes[account].hash != 0) sum += b.workerStake;
            }
        }
    }

    function dealsAreWhatTheyWere() external view {
        for (uint256 i = 0; i < deals.length; ++i) {
            vm.assertEq(keccak256(abi.encode(desk.viewDeal(deals[i]))), bargains[deals[i]].view_);
        }
    }

    function tasksStandWhereTheyWereSeenToGo() external view {
        for (uint256 i = 0; i < tasks.length; ++i) {
            TaskView memory v = desk.viewTask(tasks[i]);
            Play storage p = plays[tasks[i]];
            vm.assertEq(uint256(v.status), uint256(p.status));
            vm.assertEq(v.dealid, p.deal);
            vm.assertEq(v.consensusValue, p.leader);
            vm.assertEq(v.revealCounter, p.reveals);
            vm.assertEq(hub.wasAudited(tasks[i]), p.audited);
        }
    }

    /// All votes, in the order in which they were cast, with the weight they had then.
    function votesAreKept() external view {
        for (uint256 i = 0; i < tasks.length; ++i) {
            Play storage p = plays[tasks[i]];
            address[] memory voters = desk.viewTask(tasks[i]).contributors;
            VotingView memory voting = desk.viewVoting(tasks[i]);
            vm.assertLe(voters.length, Ballots.MAX);
            vm.assertEq(abi.encode(voters), abi.encode(p.voters));
            for (uint256 k = 0; k < voters.length; ++k) {
                vm.assertEq(voting.weights[k], p.votes[voters[k]].weight);
            }
        }
    }

    /// Each opinion's slot holds its hash, and the leader's, from the first reveal on, the digest.
    function opinionsAreHashesOrTheDigest() external view {
        for (uint256 i = 0; i < tasks.length; ++i) {
            bytes32 id = tasks[i];
            Play storage p = plays[id];
            bytes32[] memory opinions = new bytes32[](p.voters.length);
            uint256 count = 0;
            for (uint256 k = 0; k < p.voters.length; ++k) {
                bytes32 hash = p.votes[p.voters[k]].hash;
                uint256 o = 0;
                while (o < count && opinions[o] != hash) ++o;
                if (o == count) opinions[count++] = hash;
                bytes32 kept = hub.opinionOf(id, o);
                vm.assertEq(hash == p.leader && p.reveals > 0 ? hashOf(id, kept) : kept, hash);
                vm.assertEq(desk.viewContribution(id, p.voters[k]).resultHash, hash);
            }
            bytes32 digest = desk.viewTask(id).resultDigest;
            vm.assertEq(
                p.reveals > 0 ? hashOf(id, digest) : digest, p.leader == 0 || p.reveals == 0 ? bytes32(0) : p.leader
            );
        }
    }

    function volumesAreCounted() external view {
        for (uint256 i = 0; i < orderHashes.length; ++i) {
            bytes32 hash = orderHashes[i];
            vm.assertEq(desk.viewConsumed(hash), closed[hash] ? volumeOf[hash] : served[hash]);
            vm.assertLe(served[hash], volumeOf[hash]);
        }
    }

    function scoresFollowTheirEvents() external view {
        for (uint256 i = 0; i < CREW; ++i) {
            vm.assertEq(desk.viewScore(crew[i]), scoreOf[crew[i]]);
        }
    }

    function rulesAreFixed() external view {
        vm.assertEq(_codes(), codes);
    }

    function partsAreFixed() external view {
        vm.assertEq(address(desk.token()), desk.decimals() == 9 && _hasToken() ? address(rlc) : address(0));
        vm.assertEq(address(desk.appregistry()), address(apps));
        vm.assertEq(address(desk.datasetregistry()), address(datasets));
        vm.assertEq(address(desk.workerpoolregistry()), address(pools));
    }

    function _hasToken() internal pure virtual returns (bool) {
        return true;
    }

    function assetsAreWhatTheyWere() external view {
        vm.assertEq(_assets(), assets);
    }

    function policiesAreInBounds() external view {
        (uint256 stake, uint256 reward) = pool.policy();
        vm.assertLe(stake, 1000);
        vm.assertLe(reward, 100);
    }

    function assetsAreOwnedForEver() external view {
        vm.assertEq(apps.totalSupply() + datasets.totalSupply() + pools.totalSupply(), 3);
        vm.assertTrue(keyOf[apps.ownerOrZero(address(app))] != 0);
        vm.assertTrue(keyOf[datasets.ownerOrZero(address(dataset))] != 0);
        vm.assertTrue(keyOf[pools.ownerOrZero(address(pool))] != 0);
    }

    /// How deep the campaign went.
    function depths() external view returns (Tally memory) {
        return tally;
    }

    function _codes() private view returns (bytes32) {
        return keccak256(abi.encode(address(hub).codehash, hub.audit_ratio(), desk.eip712domain_separator()));
    }

    function _assets() private view returns (bytes32) {
        return keccak256(
            abi.encode(
                address(app).code,
                address(dataset).code,
                address(pool).code,
                app.m_appName(),
                app.m_appChecksum(),
                dataset.m_datasetName(),
                dataset.m_datasetChecksum(),
                pool.m_workerpoolDescription()
            )
        );
    }

    /// All accounts, deals and tasks.
    function _world() private view returns (bytes32 hash) {
        for (uint256 i = 0; i < accounts.length; ++i) {
            hash = keccak256(abi.encode(hash, desk.viewAccount(accounts[i])));
        }
        for (uint256 i = 0; i < deals.length; ++i) {
            hash = keccak256(abi.encode(hash, desk.viewDeal(deals[i])));
        }
        for (uint256 i = 0; i < tasks.length; ++i) {
            hash = keccak256(abi.encode(hash, desk.viewTask(tasks[i])));
        }
    }

    /// A number that follows from the fuzzer's one.
    function _pick(uint256 seed, uint256 nth) internal pure returns (uint256) {
        return uint256(keccak256(abi.encode(seed, nth)));
    }
}

/// @notice Where the money is a token.
contract TokenPlayer is Player {
    function _deposit(address from, address to, uint256 amount) internal override {
        rlc.transfer(from, amount);
        if (amount % 3 == 0) {
            // In one transaction, by way of the token.
            vm.recordLogs();
            vm.prank(from);
            rlc.approveAndCall(address(hub), amount, "");
            paidIn += amount;
            replay(vm.getRecordedLogs());
            return;
        }
        vm.prank(from);
        rlc.approve(address(hub), amount);
        (bool ok,) = _act(from, 0, abi.encodeCall(desk.depositFor, (amount, to)));
        if (ok) paidIn += amount;
    }

    function _depositForTwo(address from, address to, uint256 amount) internal override {
        rlc.transfer(from, amount);
        vm.prank(from);
        rlc.approve(address(hub), amount);
        (uint256[] memory amounts, address[] memory targets) = (new uint256[](2), new address[](2));
        (amounts[0], amounts[1], targets[0], targets[1]) = (amount / 3, amount - amount / 3, from, to);
        (bool ok,) = _act(from, 0, abi.encodeCall(desk.depositForArray, (amounts, targets)));
        if (ok) paidIn += amount;
    }

    function _stray(address from, uint256 amount) internal override {
        rlc.transfer(from, amount);
        vm.prank(from);
        rlc.transfer(address(hub), amount);
        astray += amount;
    }

    function _outside(address account) internal view override returns (uint256) {
        return rlc.balanceOf(account);
    }
}

/// @notice Where it is the chain's own coin, of which 1e9 wei are one nRLC.
contract NativePlayer is Player {
    uint256 private constant WEI = 1e9;

    function door() internal override returns (address) {
        return vm.deployCode("NativeDesk.sol:NativeDesk", abi.encode(apps, datasets, pools));
    }

    function fund(address account, uint256 amount) internal override {
        vm.deal(address(this), amount * WEI);
        _native().depositFor{value: amount * WEI}(account);
    }

    function _native() private view returns (NativeDesk) {
        return NativeDesk(payable(address(hub)));
    }

    function _deposit(address from, address to, uint256 amount) internal override {
        uint256 dust = amount % WEI;
        vm.deal(from, from.balance + amount * WEI + dust);
        uint256 had = from.balance;
        bool plain = amount % 2 == 0;
        (bool ok,) = _act(from, amount * WEI + dust, plain ? bytes("") : abi.encodeCall(NativeDesk.depositFor, (to)));
        note(Law.REMAINDERS_GO_BACK, ok && from.balance == had - amount * WEI);
        paidIn += amount;
    }

    function _depositForTwo(address from, address to, uint256 amount) internal override {
        (uint256[] memory amounts, address[] memory targets) = (new uint256[](2), new address[](2));
        (amounts[0], amounts[1], targets[0], targets[1]) = (amount / 3, amount - amount / 3, from, to);
        vm.deal(from, from.balance + amount * WEI + 77);
        uint256 had = from.balance;
        (bool ok,) = _act(from, amount * WEI + 77, abi.encodeCall(NativeDesk.depositForArray, (amounts, targets)));
        note(Law.REMAINDERS_GO_BACK, ok && from.balance == had - amount * WEI);
        paidIn += amount;
    }

    /// Coins that no call brought: a block's reward, for instance.
    function _stray(address, uint256 amount) internal override {
        vm.deal(address(hub), address(hub).balance + amount * WEI);
        astray += amount;
    }

    function _outside(address account) internal view override returns (uint256) {
        return account.balance / WEI;
    }

    function _hasToken() internal pure override returns (bool) {
        return false;
    }
}
