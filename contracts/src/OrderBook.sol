// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {
    AppOrder,
    AppOrderOperation,
    DatasetOrder,
    DatasetOrderOperation,
    OrderOperation,
    Orders,
    RequestOrder,
    RequestOrderOperation,
    WorkerpoolOrder,
    WorkerpoolOrderOperation
} from "./Orders.sol";
import {Deals, Terms} from "./Deals.sol";
import {Registry} from "./registries/Registry.sol";
import {Restriction, Signatures} from "./Signatures.sol";
import {Tasks} from "./Tasks.sol";

/// @title OrderBook
/// @notice Orders on chain: signed by a transaction, closed for good, or only shown to everyone.
///
/// INVARIANTS
/// - Only an order's owner, or who has his signature for exactly that, signs or closes it here.
/// - A closed order never serves another task.
/// - Broadcasting changes nothing: what is broadcast may be false, and its reader has to check it.
abstract contract OrderBook is Signatures {
    using Orders for AppOrder;
    using Orders for DatasetOrder;
    using Orders for WorkerpoolOrder;
    using Orders for RequestOrder;
    using Orders for AppOrderOperation;
    using Orders for DatasetOrderOperation;
    using Orders for WorkerpoolOrderOperation;
    using Orders for RequestOrderOperation;

    error DatasetOrderSpent(bytes32 orderHash, uint256 consumed, uint256 volume);
    error DealHasDataset(bytes32 dealid, address dataset);

    event SignedAppOrder(bytes32 appHash);
    event SignedDatasetOrder(bytes32 datasetHash);
    event SignedWorkerpoolOrder(bytes32 workerpoolHash);
    event SignedRequestOrder(bytes32 requestHash);
    event ClosedAppOrder(bytes32 appHash);
    event ClosedDatasetOrder(bytes32 datasetHash);
    event ClosedWorkerpoolOrder(bytes32 workerpoolHash);
    event ClosedRequestOrder(bytes32 requestHash);
    event BroadcastAppOrder(AppOrder apporder);
    event BroadcastDatasetOrder(DatasetOrder datasetorder);
    event BroadcastWorkerpoolOrder(WorkerpoolOrder workerpoolorder);
    event BroadcastRequestOrder(RequestOrder requestorder);

    /* AN ORDER'S OWNER, OR WHO HAS HIS SIGNATURE */

    function manageAppOrder(AppOrderOperation calldata o) external {
        bytes32 hash = _typed(o.order.hash());
        if (_manage(_ownerOf(_apps, o.order.app), hash, o.order.volume, o.operation, o.hash(), o.sign)) {
            emit SignedAppOrder(hash);
        } else {
            emit ClosedAppOrder(hash);
        }
    }

    function manageDatasetOrder(DatasetOrderOperation calldata o) external {
        bytes32 hash = _typed(o.order.hash());
        if (_manage(_ownerOf(_datasets, o.order.dataset), hash, o.order.volume, o.operation, o.hash(), o.sign)) {
            emit SignedDatasetOrder(hash);
        } else {
            emit ClosedDatasetOrder(hash);
        }
    }

    function manageWorkerpoolOrder(WorkerpoolOrderOperation calldata o) external {
        bytes32 hash = _typed(o.order.hash());
        address owner_ = _ownerOf(_workerpools, o.order.workerpool);
        if (_manage(owner_, hash, o.order.volume, o.operation, o.hash(), o.sign)) {
            emit SignedWorkerpoolOrder(hash);
        } else {
            emit ClosedWorkerpoolOrder(hash);
        }
    }

    function manageRequestOrder(RequestOrderOperation calldata o) external {
        bytes32 hash = _typed(o.order.hash());
        if (_manage(o.order.requester, hash, o.order.volume, o.operation, o.hash(), o.sign)) {
            emit SignedRequestOrder(hash);
        } else {
            emit ClosedRequestOrder(hash);
        }
    }

    /* ANYONE */

    function broadcastAppOrder(AppOrder calldata apporder) external {
        emit BroadcastAppOrder(apporder);
    }

    function broadcastDatasetOrder(DatasetOrder calldata datasetorder) external {
        emit BroadcastDatasetOrder(datasetorder);
    }

    function broadcastWorkerpoolOrder(WorkerpoolOrder calldata workerpoolorder) external {
        emit BroadcastWorkerpoolOrder(workerpoolorder);
    }

    function broadcastRequestOrder(RequestOrder calldata requestorder) external {
        emit BroadcastRequestOrder(requestorder);
    }

    function verifySignature(address identity, bytes32 hash, bytes calldata signature) external view returns (bool) {
        return _signed(identity, hash, signature);
    }

    function verifyPresignature(address identity, bytes32 hash) external view returns (bool) {
        return _hasPresigned(identity, hash);
    }

    function verifyPresignatureOrSignature(address identity, bytes32 hash, bytes calldata signature)
        external
        view
        returns (bool)
    {
        return _hasPresigned(identity, hash) || _signed(identity, hash, signature);
    }

    /// @notice How many tasks the order with this hash was served; its volume, if it was closed.
    function viewConsumed(bytes32 id) external view returns (uint256 consumed) {
        return _consumed[id];
    }

    function viewPresigned(bytes32 id) external view returns (address signer) {
        return _presigned[id];
    }

    /// @notice May this dataset be used in tasks of this deal, which has none of its own? Fails with the reason if not;
    /// the order's price is not looked at, and nothing is consumed.
    function assertDatasetDealCompatibility(DatasetOrder calldata datasetOrder, bytes32 dealId) external view {
        bytes32 hash = _typed(datasetOrder.hash());
        require(_consumed[hash] < datasetOrder.volume, DatasetOrderSpent(hash, _consumed[hash], datasetOrder.volume));
        address owner_ = _ownerOf(_datasets, datasetOrder.dataset);
        require(_hasPresigned(owner_, hash) || _signed(owner_, hash, datasetOrder.sign), BadSignature(owner_, hash));
        address deal = _deals[dealId];
        require(deal != address(0), Tasks.UnknownDeal(dealId));
        Terms memory t = Deals.read(deal);
        require(t.dataset == address(0), DealHasDataset(dealId, t.dataset));
        _admit(Restriction.DATASET_APP, datasetOrder.apprestrict, t.app);
        _admit(Restriction.DATASET_WORKERPOOL, datasetOrder.workerpoolrestrict, t.workerpool);
        _admit(Restriction.DATASET_REQUESTER, datasetOrder.requesterrestrict, t.requester);
        bytes32 needed = datasetOrder.tag & ~TEE_FRAMEWORKS;
        require(needed & ~t.tag == 0, TagNotOffered(needed, t.tag));
    }

    /// Signs (true) or closes (false) an order. Fails with BadSignature where the caller is not the owner and has
    /// no signature of the operation.
    function _manage(
        address owner_,
        bytes32 hash,
        uint256 volume,
        OrderOperation operation,
        bytes32 operationHash,
        bytes calldata signature
    ) private returns (bool signs) {
        if (msg.sender != owner_) {
            bytes32 typed = _typed(operationHash);
            require(_signed(owner_, typed, signature), BadSignature(owner_, typed));
        }
        signs = operation == OrderOperation.SIGN;
        if (signs) _presigned[hash] = owner_;
        else _consumed[hash] = volume;
    }

    function _ownerOf(Registry registry, address entry) private view returns (address) {
        return registry.ownerOf(uint256(uint160(entry)));
    }
}
