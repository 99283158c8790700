// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Blob} from "./Blob.sol";

/// @notice A party's asset in a deal: where it is, who owned it at the match, what it costs a task (nRLC).
struct Resource {
    address pointer;
    address owner;
    uint256 price;
}

/// @notice A deal as clients read it.
struct Deal {
    Resource app;
    Resource dataset;
    Resource workerpool;
    uint256 trust;
    uint256 category;
    bytes32 tag;
    address requester;
    address beneficiary;
    address callback;
    string params;
    uint256 startTime;
    uint256 botFirst;
    uint256 botSize;
    uint256 workerStake;
    uint256 schedulerRewardRatio;
    address sponsor;
}

/// @notice A deal as the contracts read it: without `params`, which only people and workers need.
struct Terms {
    bytes32 dealid;
    address app;
    address appOwner;
    uint256 appPrice;
    address dataset;
    address datasetOwner;
    uint256 datasetPrice;
    address workerpool;
    address workerpoolOwner;
    uint256 workerpoolPrice;
    address requester;
    address beneficiary;
    address callback;
    address sponsor;
    bytes32 tag;
    uint256 trust;
    uint256 category;
    uint256 startTime;
    // How long a task of the category may compute, in seconds. All deadlines are multiples of it.
    uint256 timeref;
    uint256 botFirst;
    uint256 botSize;
    uint256 workerStake;
    uint256 schedulerRewardRatio;
}

/// @title Deals
/// @notice Writes a deal once, as a blob of packed fields, and reads it.
///
/// INVARIANTS
/// - A deal never changes: it is code.
/// - Reading gives back every field as it was written; a field that does not fit its width is refused before.
library Deals {
    /// @notice The width of an amount of nRLC, here and in the accounts.
    uint256 internal constant MAX_AMOUNT = type(uint96).max;
    /// @notice The most tasks that one request order can ever be served: indexes are 40 bits wide.
    uint256 internal constant MAX_INDEX = type(uint40).max;
    uint256 internal constant MAX_TRUST = type(uint64).max;

    /// The packed fields' length; `params` follows.
    uint256 private constant FIXED = 344;

    error AmountTooLarge(uint256 amount, uint256 max);

    /// @notice Writes the deal. Fails with AmountTooLarge or Blob's errors; the other widths are the matcher's duty.
    function write(Terms memory t, string calldata params_) internal returns (address deal) {
        bytes memory assets = abi.encodePacked(
            t.app,
            t.appOwner,
            amount(t.appPrice),
            t.dataset,
            t.datasetOwner,
            amount(t.datasetPrice),
            t.workerpool,
            t.workerpoolOwner,
            amount(t.workerpoolPrice)
        );
        bytes memory people = abi.encodePacked(t.requester, t.beneficiary, t.callback, t.sponsor);
        bytes memory rules = abi.encodePacked(
            uint64(t.trust),
            uint32(t.category),
            uint40(t.startTime),
            uint32(t.timeref),
            uint40(t.botFirst),
            uint40(t.botSize),
            amount(t.workerStake),
            uint8(t.schedulerRewardRatio)
        );
        return Blob.write(abi.encodePacked(t.dealid, t.tag, assets, people, rules, params_));
    }

    /// @notice Everything but `params`.
    function read(address deal) internal view returns (Terms memory t) {
        bytes memory packed = Blob.read(deal, 0, FIXED);
        t.dealid = bytes32(_at(packed, 0, 32));
        t.tag = bytes32(_at(packed, 32, 32));
        (t.app, t.appOwner, t.appPrice) = _resource(packed, 64);
        (t.dataset, t.datasetOwner, t.datasetPrice) = _resource(packed, 116);
        (t.workerpool, t.workerpoolOwner, t.workerpoolPrice) = _resource(packed, 168);
        t.requester = _address(packed, 220);
        t.beneficiary = _address(packed, 240);
        t.callback = _address(packed, 260);
        t.sponsor = _address(packed, 280);
        t.trust = _at(packed, 300, 8);
        t.category = _at(packed, 308, 4);
        t.startTime = _at(packed, 312, 5);
        t.timeref = _at(packed, 317, 4);
        t.botFirst = _at(packed, 321, 5);
        t.botSize = _at(packed, 326, 5);
        t.workerStake = _at(packed, 331, 12);
        t.schedulerRewardRatio = _at(packed, 343, 1);
    }

    function params(address deal) internal view returns (string memory) {
        return string(Blob.read(deal, FIXED, Blob.size(deal) - FIXED));
    }

    /// @notice `value` as an amount of nRLC, or AmountTooLarge.
    function amount(uint256 value) internal pure returns (uint96) {
        require(value <= MAX_AMOUNT, AmountTooLarge(value, MAX_AMOUNT));
        return uint96(value);
    }

    function _resource(bytes memory packed, uint256 offset)
        private
        pure
        returns (address pointer, address owner, uint256 price)
    {
        return (_address(packed, offset), _address(packed, offset + 20), _at(packed, offset + 40, 12));
    }

    function _address(bytes memory packed, uint256 offset) private pure returns (address) {
        return address(uint160(_at(packed, offset, 20)));
    }

    /// The big-endian number in `width` bytes from `offset`. The caller stays inside `packed`.
    function _at(bytes memory packed, uint256 offset, uint256 width) private pure returns (uint256 value) {
        assembly ("memory-safe") {
            value := shr(sub(256, shl(3, width)), mload(add(add(packed, 32), offset)))
        }
    }
}
