// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @notice An app's owner offers runs of it. Prices are in nRLC a task; a `restrict` of zero lets everyone in.
struct AppOrder {
    address app;
    uint256 appprice;
    uint256 volume;
    bytes32 tag;
    address datasetrestrict;
    address workerpoolrestrict;
    address requesterrestrict;
    bytes32 salt;
    bytes sign;
}

/// @notice A dataset's owner offers uses of it.
struct DatasetOrder {
    address dataset;
    uint256 datasetprice;
    uint256 volume;
    bytes32 tag;
    address apprestrict;
    address workerpoolrestrict;
    address requesterrestrict;
    bytes32 salt;
    bytes sign;
}

/// @notice A scheduler offers its pool's work: in one category, up to a trust.
struct WorkerpoolOrder {
    address workerpool;
    uint256 workerpoolprice;
    uint256 volume;
    bytes32 tag;
    uint256 category;
    uint256 trust;
    address apprestrict;
    address datasetrestrict;
    address requesterrestrict;
    bytes32 salt;
    bytes sign;
}

/// @notice A requester asks for tasks and says the most he pays for each part. A `salt` that begins with the first six
/// bytes of keccak256("sponsored") names, in its last 20, who alone may pay.
struct RequestOrder {
    address app;
    uint256 appmaxprice;
    address dataset;
    uint256 datasetmaxprice;
    address workerpool;
    uint256 workerpoolmaxprice;
    address requester;
    uint256 volume;
    bytes32 tag;
    uint256 category;
    uint256 trust;
    address beneficiary;
    address callback;
    string params;
    bytes32 salt;
    bytes sign;
}

/// @notice What `manage*Order` does to an order: put its signature on chain, or end it.
enum OrderOperation {
    SIGN,
    CLOSE
}

struct AppOrderOperation {
    AppOrder order;
    OrderOperation operation;
    bytes sign;
}

struct DatasetOrderOperation {
    DatasetOrder order;
    OrderOperation operation;
    bytes sign;
}

struct WorkerpoolOrderOperation {
    WorkerpoolOrder order;
    OrderOperation operation;
    bytes sign;
}

struct RequestOrderOperation {
    RequestOrder order;
    OrderOperation operation;
    bytes sign;
}

/// @title Orders
/// @notice EIP-712 struct hashes of everything that is signed in the market.
///
/// INVARIANTS
/// - Every field but the signature is part of the hash, so two orders that differ anywhere else have two hashes.
library Orders {
    string private constant APP = "AppOrder(address app,uint256 appprice,uint256 volume,bytes32 tag,"
        "address datasetrestrict,address workerpoolrestrict,address requesterrestrict,bytes32 salt)";
    string private constant DATASET = "DatasetOrder(address dataset,uint256 datasetprice,uint256 volume,bytes32 tag,"
        "address apprestrict,address workerpoolrestrict,address requesterrestrict,bytes32 salt)";
    string private constant WORKERPOOL = "WorkerpoolOrder(address workerpool,uint256 workerpoolprice,uint256 volume,"
        "bytes32 tag,uint256 category,uint256 trust,address apprestrict,address datasetrestrict,"
        "address requesterrestrict,bytes32 salt)";
    string private constant REQUEST = "RequestOrder(address app,uint256 appmaxprice,address dataset,"
        "uint256 datasetmaxprice,address workerpool,uint256 workerpoolmaxprice,address requester,uint256 volume,"
        "bytes32 tag,uint256 category,uint256 trust,address beneficiary,address callback,string params,bytes32 salt)";

    bytes32 internal constant APP_TYPEHASH = keccak256(bytes(APP));
    bytes32 internal constant DATASET_TYPEHASH = keccak256(bytes(DATASET));
    bytes32 internal constant WORKERPOOL_TYPEHASH = keccak256(bytes(WORKERPOOL));
    bytes32 internal constant REQUEST_TYPEHASH = keccak256(bytes(REQUEST));
    bytes32 internal constant APP_OPERATION_TYPEHASH =
        keccak256(bytes(string.concat("AppOrderOperation(AppOrder order,uint256 operation)", APP)));
    bytes32 internal constant DATASET_OPERATION_TYPEHASH =
        keccak256(bytes(string.concat("DatasetOrderOperation(DatasetOrder order,uint256 operation)", DATASET)));
    bytes32 internal constant WORKERPOOL_OPERATION_TYPEHASH = keccak256(
        bytes(string.concat("WorkerpoolOrderOperation(WorkerpoolOrder order,uint256 operation)", WORKERPOOL))
    );
    bytes32 internal constant REQUEST_OPERATION_TYPEHASH =
        keccak256(bytes(string.concat("RequestOrderOperation(RequestOrder order,uint256 operation)", REQUEST)));

    function hash(AppOrder calldata o) internal pure returns (bytes32) {
        return keccak256(
            abi.encode(
                APP_TYPEHASH,
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

    function hash(DatasetOrder calldata o) internal pure returns (bytes32) {
        return keccak256(
            abi.encode(
                DATASET_TYPEHASH,
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

    function hash(WorkerpoolOrder calldata o) internal pure returns (bytes32) {
        return keccak256(
            abi.encode(
                WORKERPOOL_TYPEHASH,
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

    function hash(RequestOrder calldata o) internal pure returns (bytes32) {
        // In two parts, for a compiler that keeps its variables on a stack.
        return keccak256(
            bytes.concat(
                abi.encode(
                    REQUEST_TYPEHASH,
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

    function hash(AppOrderOperation calldata o) internal pure returns (bytes32) {
        return keccak256(abi.encode(APP_OPERATION_TYPEHASH, hash(o.order), o.operation));
    }

    function hash(DatasetOrderOperation calldata o) internal pure returns (bytes32) {
        return keccak256(abi.encode(DATASET_OPERATION_TYPEHASH, hash(o.order), o.operation));
    }

    function hash(WorkerpoolOrderOperation calldata o) internal pure returns (bytes32) {
        return keccak256(abi.encode(WORKERPOOL_OPERATION_TYPEHASH, hash(o.order), o.operation));
    }

    function hash(RequestOrderOperation calldata o) internal pure returns (bytes32) {
        return keccak256(abi.encode(REQUEST_OPERATION_TYPEHASH, hash(o.order), o.operation));
    }
}
