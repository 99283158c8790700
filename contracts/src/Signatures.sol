// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {LowLevelCall} from "@openzeppelin/contracts/utils/LowLevelCall.sol";
import {MessageHashUtils} from "@openzeppelin/contracts/utils/cryptography/MessageHashUtils.sol";
import {SignatureChecker} from "@openzeppelin/contracts/utils/cryptography/SignatureChecker.sol";

import {IERC734} from "./interfaces/IERC734.sol";
import {State} from "./State.sol";

/// @notice Which order's restriction shut out whom.
enum Restriction {
    REQUEST_WORKERPOOL,
    APP_DATASET,
    APP_WORKERPOOL,
    APP_REQUESTER,
    DATASET_APP,
    DATASET_WORKERPOOL,
    DATASET_REQUESTER,
    WORKERPOOL_APP,
    WORKERPOOL_DATASET,
    WORKERPOOL_REQUESTER
}

/// @title Signatures
/// @notice Did this account agree to this hash? Is that account meant by this restriction? What do tags say?
///
/// INVARIANTS
/// - An account agrees by ECDSA, 65 bytes or 64 (EIP-2098), the lower of the two values of s only, or, if it has code,
///   by ERC-1271. Nobody agrees for the zero address.
/// - Every outside contract is asked by a static call that copies a bounded answer: it can fail the transaction that
///   names it, and nothing else.
abstract contract Signatures is State {
    /// Bit 0 of a tag: the machine must be a trusted execution environment.
    bytes32 internal constant TEE = bytes32(uint256(1));
    /// Bits 1 to 3: which kind. A dataset's order does not bind the kind, since the app brings it.
    bytes32 internal constant TEE_FRAMEWORKS = bytes32(uint256(0x0e));

    error TagNotOffered(bytes32 needed, bytes32 offered);
    error Restricted(Restriction which, address restriction, address account);
    error BadSignature(address signer, bytes32 hash);

    function _signed(address signer, bytes32 hash, bytes calldata signature) internal view returns (bool) {
        (address recovered, ECDSA.RecoverError problem,) = signature.length == 64
            ? ECDSA.tryRecover(hash, bytes32(signature[:32]), bytes32(signature[32:]))
            : ECDSA.tryRecoverCalldata(hash, signature);
        // First, since an account with a key may have code too (EIP-7702).
        if (problem == ECDSA.RecoverError.NoError && recovered == signer) return true;
        return signer.code.length > 0 && SignatureChecker.isValidERC1271SignatureNowCalldata(signer, hash, signature);
    }

    function _hasPresigned(address signer, bytes32 hash) internal view returns (bool) {
        return signer != address(0) && _presigned[hash] == signer;
    }

    /// Fails with BadSignature where `signer` signed the message neither as text (EIP-191) nor by ERC-1271.
    function _requireMessage(address signer, bytes32 message, bytes calldata signature) internal view {
        bytes32 hash = MessageHashUtils.toEthSignedMessageHash(message);
        require(_signed(signer, hash, signature), BadSignature(signer, hash));
    }

    /// Fails with Restricted where the account is not allowed.
    function _admit(Restriction which, address restriction, address account) internal view {
        if (restriction == address(0)) return;
        require(_allowed(restriction, account), Restricted(which, restriction, account));
    }

    /// Zero means everyone, an address itself, and an ERC-734 contract every member of its group.
    function _allowed(address restriction, address account) internal view returns (bool) {
        if (restriction == address(0) || restriction == account) return true;
        if (restriction.code.length == 0) return false;
        (bool success, bytes32 member,) = LowLevelCall.staticcallReturn64Bytes(
            restriction,
            abi.encodeCall(IERC734.keyHasPurpose, (bytes32(uint256(uint160(account))), GROUPMEMBER_PURPOSE))
        );
        return success && LowLevelCall.returnDataSize() >= 32 && uint256(member) == 1;
    }
}
