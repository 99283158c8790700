// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {App} from "../../src/registries/App.sol";
import {AppOrder, DatasetOrder, RequestOrder, WorkerpoolOrder} from "../../src/Orders.sol";
import {AppRegistry} from "../../src/registries/AppRegistry.sol";
import {Dataset} from "../../src/registries/Dataset.sol";
import {DatasetRegistry} from "../../src/registries/DatasetRegistry.sol";
import {RLC} from "../../src/RLC.sol";
import {ScoredHub} from "./ScoredHub.sol";
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
        address door = vm.deployCode("TokenDesk.sol:TokenDesk", abi.encode(rlc, apps, datasets, pools));
        hub = ScoredHub(payable(vm.deployCode("ScoredHub.sol:ScoredHub", abi.encode(door, auditRatio()))));
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

    /// Percent. Without audits, unless a test is about them.
    function auditRatio() internal pure virtual returns (uint256) {
        return 0;
    }

    function worker(uint256 i) internal pure returns (address) {
        return vm.addr(WORKER_KEY + i);
    }

    function fund(address account, uint256 amount) internal {
        rlc.approve(address(hub), amount);
        desk.depositFor(amount, account);
    }

    function free(address account) internal view returns (uint256) {
        return desk.viewAccount(account).stake;
    }

    function locked(address account) internal view returns (uint256) {
        return desk.viewAccount(account).locked;
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

    function reveal(uint256 i, bytes32 taskid, bytes32 digest) internal {
        vm.prank(worker(i));
        hub.reveal(taskid, digest);
    }

    function finalize(bytes32 taskid) internal {
        vm.prank(scheduler);
        hub.finalize(taskid, "results", "");
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
