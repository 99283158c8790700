// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {Deals, Terms} from "./Deals.sol";
import {Escrow} from "./Escrow.sol";
import {AppOrder, DatasetOrder, Orders, RequestOrder, WorkerpoolOrder} from "./Orders.sol";
import {Registry} from "./registries/Registry.sol";
import {Restriction, Signatures} from "./Signatures.sol";
import {Workerpool} from "./registries/Workerpool.sol";

/// @title Matching
/// @notice Four orders that fit each other become a deal.
///
/// INVARIANTS
/// - A deal needs the consent of everyone it binds: the owners of app, dataset and pool, and the requester.
/// - No order ever serves more tasks than its volume.
/// - Whoever pays has the price of every task locked, and the scheduler his stake for it, before the deal exists.
/// - A request that names its sponsor is paid by him or not at all.
/// - A request order's tasks are numbered through, over all its deals, so no two deals and no two tasks share an id.
abstract contract Matching is Escrow, Signatures {
    using Orders for AppOrder;
    using Orders for DatasetOrder;
    using Orders for WorkerpoolOrder;
    using Orders for RequestOrder;

    error CategoryMismatch(uint256 requested, uint256 offered);
    error TrustNotOffered(uint256 requested, uint256 offered);
    error TrustTooHigh(uint256 requested, uint256 max);
    error AppPriceTooHigh(uint256 asked, uint256 accepted);
    error DatasetPriceTooHigh(uint256 asked, uint256 accepted);
    error WorkerpoolPriceTooHigh(uint256 asked, uint256 accepted);
    error AppLacksTee(bytes32 needed, bytes32 appTag);
    error AppMismatch(address requested, address offered);
    error DatasetMismatch(address requested, address offered);
    error NotRegistered(address registry, address entry);
    error NoVolumeLeft(uint256 app, uint256 dataset, uint256 workerpool, uint256 request);
    error NotTheSponsor(address payer, address sponsor);

    event SchedulerNotice(address indexed workerpool, bytes32 dealid);
    event OrdersMatched(
        bytes32 dealid,
        bytes32 appHash,
        bytes32 datasetHash,
        bytes32 workerpoolHash,
        bytes32 requestHash,
        uint256 volume
    );
    event DealSponsored(bytes32 dealId, address sponsor);

    /// The orders' EIP-712 hashes; the dataset's is zero where there is none.
    struct Hashes {
        bytes32 app;
        bytes32 dataset;
        bytes32 workerpool;
        bytes32 request;
    }

    /// A request whose salt begins with these bytes may only be paid by the account in the salt's last 20 bytes.
    bytes6 internal constant SPONSORED = bytes6(keccak256("sponsored"));

    /* ANYONE WHO HOLDS FITTING ORDERS */

    /// @notice Makes a deal that the requester pays.
    /// @return dealid keccak256(request order's hash, tasks it was served before).
    function matchOrders(
        AppOrder calldata apporder,
        DatasetOrder calldata datasetorder,
        WorkerpoolOrder calldata workerpoolorder,
        RequestOrder calldata requestorder
    ) external returns (bytes32 dealid) {
        return _match(apporder, datasetorder, workerpoolorder, requestorder, requestorder.requester);
    }

    /// @notice Makes a deal that the caller pays, and that refunds him.
    function sponsorMatchOrders(
        AppOrder calldata apporder,
        DatasetOrder calldata datasetorder,
        WorkerpoolOrder calldata workerpoolorder,
        RequestOrder calldata requestorder
    ) external returns (bytes32 dealid) {
        dealid = _match(apporder, datasetorder, workerpoolorder, requestorder, msg.sender);
        emit DealSponsored(dealid, msg.sender);
    }

    /// @notice How many tasks a deal of these orders would have now. Looks at volumes only.
    function computeDealVolume(
        AppOrder calldata apporder,
        DatasetOrder calldata datasetorder,
        WorkerpoolOrder calldata workerpoolorder,
        RequestOrder calldata requestorder
    ) external view returns (uint256 volume) {
        Hashes memory hashes = _hash(apporder, datasetorder, workerpoolorder, requestorder);
        (volume,) =
            _available(hashes, apporder.volume, datasetorder.volume, workerpoolorder.volume, requestorder.volume);
    }

    function _match(
        AppOrder calldata a,
        DatasetOrder calldata d,
        WorkerpoolOrder calldata w,
        RequestOrder calldata r,
        address sponsor
    ) private returns (bytes32) {
        // Only the terms of this deal: named where they become known.
        Terms memory t;
        _payable(r.salt, sponsor);
        t.tag = _compatible(a, d, w, r);
        _unrestricted(a, d, w, r);
        Hashes memory hashes = _hash(a, d, w, r);
        (t.appOwner, t.datasetOwner, t.workerpoolOwner) = _authentic(a, d, w, r, hashes);
        (t.botSize, t.botFirst) = _available(hashes, a.volume, d.volume, w.volume, r.volume);
        t.sponsor = sponsor;
        _state(t, a, d, w, r);
        return _record(t, hashes, r.params);
    }

    /// A requester who wants to be sponsored says by whom in his order's salt: nobody else who sees the order can
    /// then make him pay for it.
    function _payable(bytes32 salt, address payer) private pure {
        if (bytes6(salt) != SPONSORED) return;
        address sponsor = address(uint160(uint256(salt)));
        require(payer == sponsor, NotTheSponsor(payer, sponsor));
    }

    /// Do the orders offer what is requested? Returns the tag of the deal: all that any of them needs.
    function _compatible(
        AppOrder calldata a,
        DatasetOrder calldata d,
        WorkerpoolOrder calldata w,
        RequestOrder calldata r
    ) private view returns (bytes32 tag) {
        require(r.category == w.category, CategoryMismatch(r.category, w.category));
        require(r.category < _categories.length, UnknownCategory(r.category, _categories.length));
        require(r.trust <= w.trust, TrustNotOffered(r.trust, w.trust));
        require(r.trust <= Deals.MAX_TRUST, TrustTooHigh(r.trust, Deals.MAX_TRUST));
        require(a.appprice <= r.appmaxprice, AppPriceTooHigh(a.appprice, r.appmaxprice));
        require(d.datasetprice <= r.datasetmaxprice, DatasetPriceTooHigh(d.datasetprice, r.datasetmaxprice));
        require(
            w.workerpoolprice <= r.workerpoolmaxprice, WorkerpoolPriceTooHigh(w.workerpoolprice, r.workerpoolmaxprice)
        );
        tag = a.tag | (d.tag & ~TEE_FRAMEWORKS) | r.tag;
        require(tag & ~w.tag == 0, TagNotOffered(tag, w.tag));
        require(tag & TEE == a.tag & TEE, AppLacksTee(tag, a.tag));
        require(r.app == a.app, AppMismatch(r.app, a.app));
        require(r.dataset == d.dataset, DatasetMismatch(r.dataset, d.dataset));
    }

    /// Does everyone accept everyone?
    function _unrestricted(
        AppOrder calldata a,
        DatasetOrder calldata d,
        WorkerpoolOrder calldata w,
        RequestOrder calldata r
    ) private view {
        _admit(Restriction.REQUEST_WORKERPOOL, r.workerpool, w.workerpool);
        _admit(Restriction.APP_DATASET, a.datasetrestrict, d.dataset);
        _admit(Restriction.APP_WORKERPOOL, a.workerpoolrestrict, w.workerpool);
        _admit(Restriction.APP_REQUESTER, a.requesterrestrict, r.requester);
        _admit(Restriction.DATASET_APP, d.apprestrict, a.app);
        _admit(Restriction.DATASET_WORKERPOOL, d.workerpoolrestrict, w.workerpool);
        _admit(Restriction.DATASET_REQUESTER, d.requesterrestrict, r.requester);
        _admit(Restriction.WORKERPOOL_APP, w.apprestrict, a.app);
        _admit(Restriction.WORKERPOOL_DATASET, w.datasetrestrict, d.dataset);
        _admit(Restriction.WORKERPOOL_REQUESTER, w.requesterrestrict, r.requester);
    }

    function _hash(AppOrder calldata a, DatasetOrder calldata d, WorkerpoolOrder calldata w, RequestOrder calldata r)
        private
        view
        returns (Hashes memory)
    {
        return Hashes({
            app: _typed(a.hash()),
            dataset: d.dataset == address(0) ? bytes32(0) : _typed(d.hash()),
            workerpool: _typed(w.hash()),
            request: _typed(r.hash())
        });
    }

    /// Did all four agree? Returns the owners.
    function _authentic(
        AppOrder calldata a,
        DatasetOrder calldata d,
        WorkerpoolOrder calldata w,
        RequestOrder calldata r,
        Hashes memory hashes
    ) private view returns (address appOwner, address datasetOwner, address workerpoolOwner) {
        appOwner = _ownerIn(_apps, a.app);
        _agreed(appOwner, hashes.app, a.sign);
        if (d.dataset != address(0)) {
            datasetOwner = _ownerIn(_datasets, d.dataset);
            _agreed(datasetOwner, hashes.dataset, d.sign);
        }
        workerpoolOwner = _ownerIn(_workerpools, w.workerpool);
        _agreed(workerpoolOwner, hashes.workerpool, w.sign);
        _agreed(r.requester, hashes.request, r.sign);
    }

    function _ownerIn(Registry registry, address entry) private view returns (address owner) {
        owner = registry.ownerOrZero(entry);
        require(owner != address(0), NotRegistered(address(registry), entry));
    }

    function _agreed(address signer, bytes32 hash, bytes calldata signature) private view {
        require(_signed(signer, hash, signature) || _hasPresigned(signer, hash), BadSignature(signer, hash));
    }

    /// How many tasks are left in all of the orders, and the number of the first of them.
    function _available(
        Hashes memory hashes,
        uint256 appVolume,
        uint256 datasetVolume,
        uint256 workerpoolVolume,
        uint256 requestVolume
    ) private view returns (uint256 volume, uint256 first) {
        first = _consumed[hashes.request];
        uint256 app = _left(appVolume, _consumed[hashes.app]);
        uint256 dataset = hashes.dataset == 0 ? app : _left(datasetVolume, _consumed[hashes.dataset]);
        uint256 workerpool = _left(workerpoolVolume, _consumed[hashes.workerpool]);
        uint256 request = Math.min(_left(requestVolume, first), Deals.MAX_INDEX - Math.min(first, Deals.MAX_INDEX));
        volume = Math.min(Math.min(app, dataset), Math.min(workerpool, request));
        require(volume > 0, NoVolumeLeft(app, dataset, workerpool, request));
    }

    function _left(uint256 volume, uint256 consumed) private pure returns (uint256) {
        return volume > consumed ? volume - consumed : 0;
    }

    /// Fills in what the orders, the category and the pool say.
    function _state(
        Terms memory t,
        AppOrder calldata a,
        DatasetOrder calldata d,
        WorkerpoolOrder calldata w,
        RequestOrder calldata r
    ) private view {
        t.app = a.app;
        t.appPrice = a.appprice;
        t.dataset = d.dataset;
        t.datasetPrice = d.dataset == address(0) ? 0 : d.datasetprice;
        t.workerpool = w.workerpool;
        t.workerpoolPrice = w.workerpoolprice;
        t.requester = r.requester;
        t.beneficiary = r.beneficiary;
        t.callback = r.callback;
        t.trust = Math.max(r.trust, 1);
        t.category = r.category;
        t.startTime = block.timestamp;
        t.timeref = _categories[r.category].workClockTimeRef;
        uint256 stakeRatio;
        (stakeRatio, t.schedulerRewardRatio) = Workerpool(w.workerpool).policy();
        t.workerStake = uint256(Deals.amount(w.workerpoolprice)) * stakeRatio / 100;
    }

    /// Locks the money, takes the volume, writes the deal.
    function _record(Terms memory t, Hashes memory hashes, string calldata params) private returns (bytes32 dealid) {
        dealid = keccak256(abi.encodePacked(hashes.request, t.botFirst));
        t.dealid = dealid;

        _consumed[hashes.app] += t.botSize;
        if (t.dataset != address(0)) _consumed[hashes.dataset] += t.botSize;
        _consumed[hashes.workerpool] += t.botSize;
        _consumed[hashes.request] = t.botFirst + t.botSize;
        _deals[dealid] = Deals.write(t, params);

        _lock(t.sponsor, (t.appPrice + t.datasetPrice + t.workerpoolPrice) * t.botSize);
        // A stake is whole nRLC a task: divided first, so that the tasks can be settled one by one.
        _lock(t.workerpoolOwner, (t.workerpoolPrice * WORKERPOOL_STAKE_RATIO / 100) * t.botSize);

        emit SchedulerNotice(t.workerpool, dealid);
        emit OrdersMatched(dealid, hashes.app, hashes.dataset, hashes.workerpool, hashes.request, t.botSize);
    }
}
