// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {App} from "../../src/registries/App.sol";
import {AppOrder, DatasetOrder, RequestOrder, WorkerpoolOrder} from "../../src/Orders.sol";
import {AppRegistry} from "../../src/registries/AppRegistry.sol";
import {Dataset} from "../../src/registries/Dataset.sol";
import {DatasetRegistry} from "../../src/registries/DatasetRegistry.sol";
import {RLC} from "../../src/RLC.sol";
import {Restriction} from "../../src/Signatures.sol";
import {ScoredHub} from "./ScoredHub.sol";
import {TaskStatus} from "../../src/State.sol";
import {Test} from "./Test.sol";
import {TokenDesk} from "../../src/TokenDesk.sol";
import {Workerpool} from "../../src/registries/Workerpool.sol";
import {WorkerpoolRegistry} from "../../src/registries/WorkerpoolRegistry.sol";

/// @notice The hashes of orders, asked of a copy of the library's formulas in the tests' own words.
library OrderHashes {
    function hash(AppOrder memory o) internal pure returns (bytes32) {
        return keccak256(
            abi.encode(
                bytes32(0x60815a0eeec47dddf1615fe53b31d016c31444e01b9d796db365443a6445d008),
                o.app,
                o.appprice,
                o.volume,
                o.tag,
                o.datasetrestrict,
                o.workerpoolrestrict,
                o.requesterrestrict,
                o.salt
            )
        );
    }

    function hash(DatasetOrder memory o) internal pure returns (bytes32) {
        return keccak256(
            abi.encode(
                bytes32(0x6cfc932a5a3d22c4359295b9f433edff52b60703fa47690a04a83e40933dd47c),
                o.dataset,
                o.datasetprice,
                o.volume,
                o.tag,
                o.apprestrict,
                o.workerpoolrestrict,
                o.requesterrestrict,
                o.salt
            )
        );
    }

    function hash(WorkerpoolOrder memory o) internal pure returns (bytes32) {
        return keccak256(
            abi.encode(
                bytes32(0xaa3429fb281b34691803133d3d978a75bb77c617ed6bc9aa162b9b30920022bb),
                o.workerpool,
                o.workerpoolprice,
                o.volume,
                o.tag,
                o.category,
                o.trust,
                o.apprestrict,
                o.datasetrestrict,
                o.requesterrestrict,
                o.salt
            )
        );
    }

    function hash(RequestOrder memory o) internal pure returns (bytes32) {
        return keccak256(
            bytes.concat(
                abi.encode(
                    bytes32(0xf24e853034a3a450aba845a82914fbb564ad85accca6cf62be112a154520fae0),
                    o.app,
                    o.appmaxprice,
                    o.dataset,
                    o.datasetmaxprice,
                    o.workerpool,
                    o.workerpoolmaxprice,
                    o.requester
                ),
                abi.encode(
                    o.volume, o.tag, o.category, o.trust, o.beneficiary, o.callback, keccak256(bytes(o.params)), o.salt
                )
            )
        );
    }
}

/// @title MarketTest
/// @notice A market with an app, a dataset, a pool and people with money, and words for what they do.
abstract contract MarketTest is Test {
    using OrderHashes for AppOrder;
    using OrderHashes for DatasetOrder;
    using OrderHashes for WorkerpoolOrder;
    using OrderHashes for RequestOrder;

    struct Orders4 {
        AppOrder a;
        DatasetOrder d;
        WorkerpoolOrder w;
        RequestOrder r;
    }

    uint256 internal constant APP_KEY = 0xa1;
    uint256 internal constant DATASET_KEY = 0xa2;
    uint256 internal constant SCHEDULER_KEY = 0xa3;
    uint256 internal constant REQUESTER_KEY = 0xa4;
    uint256 internal constant WORKER_KEY = 0xb000;
    address internal constant KITTY = 0x99c2268479b93fDe36232351229815DF80837e23;
    uint256 internal constant RLC_1 = 1e9;
    uint256 internal constant START = 1_700_000_000;
    // Of the tasks in these tests, which are of category 0.
    uint256 internal constant CONTRIBUTION_DEADLINE = START + 7 * 300;
    uint256 internal constant REVEAL_TIME = 2 * 300;
    uint256 internal constant FINAL_DEADLINE = START + 10 * 300;
    bytes32 internal constant RIGHT = keccak256("right");
    bytes32 internal constant WRONG = keccak256("wrong");

    address internal appOwner = vm.addr(APP_KEY);
    address internal datasetOwner = vm.addr(DATASET_KEY);
    address internal scheduler = vm.addr(SCHEDULER_KEY);
    address internal requester = vm.addr(REQUESTER_KEY);
    address internal beneficiary = address(0xbe);

    RLC internal rlc;
    AppRegistry internal apps;
    DatasetRegistry internal datasets;
    WorkerpoolRegistry internal pools;
    ScoredHub internal hub;
    /// The hub under its other name: what the desk answers.
    TokenDesk internal desk;
    App internal app;
    Dataset internal dataset;
    Workerpool internal pool;

    function setUp() public virtual {
        vm.warp(START);
        vm.roll(1000);
        rlc = RLC(vm.deployCode("RLC.sol:RLC", abi.encode(this)));
        apps = AppRegistry(vm.deployCode("AppRegistry.sol:AppRegistry"));
        datasets = DatasetRegistry(vm.deployCode("DatasetRegistry.sol:DatasetRegistry"));
        pools = WorkerpoolRegistry(vm.deployCode("WorkerpoolRegistry.sol:WorkerpoolRegistry"));
        hub = ScoredHub(payable(vm.deployCode("ScoredHub.sol:ScoredHub", abi.encode(door(), auditRatio()))));
        desk = TokenDesk(payable(address(hub)));
        desk.createCategory("XS", "", 300);
        desk.createCategory("S", "", 1200);
        app = apps.createApp(appOwner, "primes", "WASM", "/ipfs/primes", keccak256("primes"), "");
        dataset = datasets.createDataset(datasetOwner, "words", "/ipfs/words", keccak256("words"));
        pool = pools.createWorkerpool(scheduler, "a pool");
        fund(requester, 1000 * RLC_1);
        fund(scheduler, 1000 * RLC_1);
        for (uint256 i = 0; i < 6; ++i) {
            fund(worker(i), 1000 * RLC_1);
        }
    }

    /// The desk at which money enters and leaves.
    function door() internal virtual returns (address) {
        return vm.deployCode("TokenDesk.sol:TokenDesk", abi.encode(rlc, apps, datasets, pools));
    }

    /// Percent. Without audits, unless a test is about them.
    function auditRatio() internal pure virtual returns (uint256) {
        return 0;
    }

    function worker(uint256 i) internal pure returns (address) {
        return vm.addr(WORKER_KEY + i);
    }

    function fund(address account, uint256 amount) internal virtual {
        rlc.approve(address(hub), amount);
        desk.depositFor(amount, account);
    }

    function free(address account) internal view returns (uint256) {
        return desk.viewAccount(account).stake;
    }

    function locked(address account) internal view returns (uint256) {
        return desk.viewAccount(account).locked;
    }

    /// A time at which it matters whether a deadline is kept: the second before, the deadline itself, or any other.
    function around(uint256 deadline, uint256 seed) internal pure returns (uint256) {
        if (seed % 3 == 0) return deadline - 1;
        if (seed % 3 == 1) return deadline;
        return bound(seed, START, START + 10_000);
    }

    /* ORDERS */

    /// Free of charge, trust 1, one task, category 0, without a dataset; the tests change what matters to them.
    function orders() internal view returns (Orders4 memory o) {
        o.a.app = address(app);
        o.a.volume = 1;
        o.w.workerpool = address(pool);
        o.w.volume = 1;
        o.w.trust = 1_000_000;
        o.r.app = address(app);
        o.r.requester = requester;
        o.r.beneficiary = beneficiary;
        o.r.volume = 1;
        o.r.trust = 1;
        o.r.params = '{"iexec_args":"2000000"}';
    }

    function priced(uint256 trust, uint256 appPrice, uint256 datasetPrice, uint256 poolPrice)
        internal
        view
        returns (Orders4 memory o)
    {
        o = orders();
        o.a.appprice = o.r.appmaxprice = appPrice;
        o.w.workerpoolprice = o.r.workerpoolmaxprice = poolPrice;
        o.r.trust = trust;
        if (datasetPrice > 0) {
            o.d.dataset = o.r.dataset = address(dataset);
            o.d.datasetprice = o.r.datasetmaxprice = datasetPrice;
            o.d.volume = 1;
        }
    }

    function times(Orders4 memory o, uint256 volume) internal pure returns (Orders4 memory) {
        o.a.volume = o.w.volume = o.r.volume = volume;
        if (o.d.dataset != address(0)) o.d.volume = volume;
        return o;
    }

    function salted(Orders4 memory o, uint256 salt) internal pure returns (Orders4 memory) {
        o.a.salt = o.d.salt = o.w.salt = o.r.salt = bytes32(salt);
        return o;
    }

    /// Any salt but those that name a sponsor.
    function plain(bytes32 salt) internal pure returns (bytes32) {
        return salt >> 8;
    }

    /// The salt of a request that only this account may pay.
    function sponsoredBy(address sponsor, uint48 nonce) internal pure returns (bytes32) {
        return
            bytes32(bytes6(keccak256("sponsored"))) | bytes32(uint256(nonce) << 160)
                | bytes32(uint256(uint160(sponsor)));
    }

    /// Orders of which one lets in only `to`, and whom it asks about.
    function restricted(uint256 which, address to) internal view returns (Orders4 memory o, address subject) {
        o = priced(1, 0, 1, 0);
        address[4] memory subjects = [address(app), address(dataset), address(pool), requester];
        if (which == uint256(Restriction.REQUEST_WORKERPOOL)) (o.r.workerpool, subject) = (to, subjects[2]);
        if (which == uint256(Restriction.APP_DATASET)) (o.a.datasetrestrict, subject) = (to, subjects[1]);
        if (which == uint256(Restriction.APP_WORKERPOOL)) (o.a.workerpoolrestrict, subject) = (to, subjects[2]);
        if (which == uint256(Restriction.APP_REQUESTER)) (o.a.requesterrestrict, subject) = (to, subjects[3]);
        if (which == uint256(Restriction.DATASET_APP)) (o.d.apprestrict, subject) = (to, subjects[0]);
        if (which == uint256(Restriction.DATASET_WORKERPOOL)) (o.d.workerpoolrestrict, subject) = (to, subjects[2]);
        if (which == uint256(Restriction.DATASET_REQUESTER)) (o.d.requesterrestrict, subject) = (to, subjects[3]);
        if (which == uint256(Restriction.WORKERPOOL_APP)) (o.w.apprestrict, subject) = (to, subjects[0]);
        if (which == uint256(Restriction.WORKERPOOL_DATASET)) (o.w.datasetrestrict, subject) = (to, subjects[1]);
        if (which == uint256(Restriction.WORKERPOOL_REQUESTER)) (o.w.requesterrestrict, subject) = (to, subjects[3]);
    }

    function signed(Orders4 memory o) internal view returns (Orders4 memory) {
        o.a.sign = sign(APP_KEY, typed(o.a.hash()));
        o.d.sign = o.d.dataset == address(0) ? bytes("") : sign(DATASET_KEY, typed(o.d.hash()));
        o.w.sign = sign(SCHEDULER_KEY, typed(o.w.hash()));
        o.r.sign = sign(REQUESTER_KEY, typed(o.r.hash()));
        return o;
    }

    function matched(Orders4 memory o) internal returns (bytes32 dealid) {
        o = signed(o);
        return hub.matchOrders(o.a, o.d, o.w, o.r);
    }

    function typed(bytes32 structHash) internal view returns (bytes32) {
        bytes32 domain = keccak256(
            abi.encode(
                keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"),
                keccak256("iExecODB"),
                keccak256("5.0.0"),
                block.chainid,
                address(hub)
            )
        );
        return keccak256(abi.encodePacked(hex"1901", domain, structHash));
    }

    function sign(uint256 key, bytes32 hash) internal pure returns (bytes memory) {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, hash);
        return abi.encodePacked(r, s, v);
    }

    /// The same signature in 64 bytes (EIP-2098).
    function compact(bytes memory signature) internal pure returns (bytes memory) {
        (uint8 v, bytes32 r, bytes32 s) = parts(signature);
        return abi.encodePacked(r, uint256(s) | (uint256(v - 27) << 255));
    }

    /// The other signature of the same key for the same hash, with the higher value of s.
    function mirrored(bytes memory signature) internal pure returns (bytes memory) {
        (uint8 v, bytes32 r, bytes32 s) = parts(signature);
        uint256 n = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141;
        return abi.encodePacked(r, bytes32(n - uint256(s)), v == 27 ? uint8(28) : uint8(27));
    }

    function parts(bytes memory signature) internal pure returns (uint8 v, bytes32 r, bytes32 s) {
        assembly ("memory-safe") {
            r := mload(add(signature, 32))
            s := mload(add(signature, 64))
            v := byte(0, mload(add(signature, 96)))
        }
    }

    function signText(uint256 key, bytes32 message) internal pure returns (bytes memory) {
        return sign(key, keccak256(abi.encodePacked("\x19Ethereum Signed Message:\n32", message)));
    }

    /* TASKS */

    /// A task at this trust, initialized.
    function task(Orders4 memory o) internal returns (bytes32 taskid) {
        return hub.initialize(matched(o), 0);
    }

    function authorization(address who, bytes32 taskid) internal pure returns (bytes memory) {
        return signText(SCHEDULER_KEY, keccak256(abi.encodePacked(who, taskid, address(0))));
    }

    function hashOf(bytes32 taskid, bytes32 digest) internal pure returns (bytes32) {
        return keccak256(abi.encodePacked(taskid, digest));
    }

    function sealOf(address who, bytes32 taskid, bytes32 digest) internal pure returns (bytes32) {
        return keccak256(abi.encodePacked(who, taskid, digest));
    }

    function contribute(uint256 i, bytes32 taskid, bytes32 digest) internal {
        address who = worker(i);
        bytes memory permission = authorization(who, taskid);
        vm.prank(who);
        hub.contribute(taskid, hashOf(taskid, digest), sealOf(who, taskid, digest), address(0), "", permission);
    }

    /// Workers `from` to `to`, both of them, say the same.
    function contributeAll(uint256 from, uint256 to, bytes32 taskid, bytes32 digest) internal {
        for (uint256 i = from; i <= to; ++i) {
            contribute(i, taskid, digest);
        }
    }

    function revealAll(uint256 from, uint256 to, bytes32 taskid, bytes32 digest) internal {
        for (uint256 i = from; i <= to; ++i) {
            reveal(i, taskid, digest);
        }
    }

    /// The short way: everything in one call.
    function contributeAndFinalize(uint256 i, bytes32 taskid, bytes32 digest, bytes memory resultsCallback) internal {
        bytes memory permission = authorization(worker(i), taskid);
        vm.prank(worker(i));
        hub.contributeAndFinalize(taskid, digest, "results", resultsCallback, address(0), "", permission);
    }

    function reveal(uint256 i, bytes32 taskid, bytes32 digest) internal {
        vm.prank(worker(i));
        hub.reveal(taskid, digest);
    }

    function finalize(bytes32 taskid) internal {
        vm.prank(scheduler);
        hub.finalize(taskid, "results", "");
    }

    function reopen(bytes32 taskid) internal {
        vm.prank(scheduler);
        hub.reopen(taskid);
    }

    function decline(bytes32 taskid) internal {
        vm.prank(scheduler);
        hub.decline(taskid);
    }

    function status(bytes32 taskid) internal view returns (TaskStatus) {
        return desk.viewTask(taskid).status;
    }

    function checkStatus(bytes32 taskid, TaskStatus expected) internal view {
        vm.assertEq(uint256(status(taskid)), uint256(expected));
    }

    /* WHAT MUST ALWAYS HOLD */

    /// The accounts of everyone who takes part, and the kitty's, are the whole supply, and the tokens are there.
    function checkBooks() internal view {
        uint256 sum = free(appOwner) + free(datasetOwner) + free(scheduler) + free(requester) + locked(appOwner)
            + locked(datasetOwner) + locked(scheduler) + locked(requester) + free(KITTY) + locked(KITTY);
        for (uint256 i = 0; i < 40; ++i) {
            sum += free(worker(i)) + locked(worker(i));
        }
        vm.assertEq(sum, desk.totalSupply());
        vm.assertGe(rlc.balanceOf(address(hub)), desk.totalSupply());
    }

    function checkNothingLocked() internal view {
        vm.assertEq(locked(requester) + locked(scheduler), 0);
        for (uint256 i = 0; i < 40; ++i) {
            vm.assertEq(locked(worker(i)), 0);
        }
    }
}
