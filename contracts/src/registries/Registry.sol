// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Clones} from "@openzeppelin/contracts/proxy/Clones.sol";
import {IERC165} from "@openzeppelin/contracts/utils/introspection/IERC165.sol";
import {IERC721} from "@openzeppelin/contracts/token/ERC721/IERC721.sol";
import {IERC721Enumerable} from "@openzeppelin/contracts/token/ERC721/extensions/IERC721Enumerable.sol";
import {IERC721Metadata} from "@openzeppelin/contracts/token/ERC721/extensions/IERC721Metadata.sol";
import {IERC721Receiver} from "@openzeppelin/contracts/token/ERC721/IERC721Receiver.sol";
import {LowLevelCall} from "@openzeppelin/contracts/utils/LowLevelCall.sol";

/// @title Registry
/// @notice Who owns which asset: an enumerable ERC-721 whose tokens are the assets' own addresses, as numbers.
/// Assets are clones of one contract that carry their description in their code, which makes them cheap and fixed.
/// Written anew, and not taken from a library, to keep an entry in three storage slots instead of six.
///
/// INVARIANTS
/// - An entry is made once, is owned by somebody for ever, and never changes but for its owner.
/// - Its address follows from its owner at birth and its description, so that it is known before it is made.
/// - `_owned[a]` lists exactly the entries of `a`, each at the place that the entry says.
/// - Nobody has any power over a registry.
abstract contract Registry is IERC721Enumerable, IERC721Metadata {
    struct Entry {
        address owner;
        // Where the entry stands in its owner's list.
        uint96 place;
    }

    error UnknownEntry(uint256 id);
    error NotTheOwner(address from, address owner);
    error NotAllowed(address caller, uint256 id);
    error NoRecipient();
    error UnsafeRecipient(address to);
    error AlreadyRegistered(address entry);
    error IndexOutOfBounds(uint256 index, uint256 length);

    /// @notice What all entries are clones of.
    address public immutable master;
    string public name;
    string public symbol;

    uint256[] private _all;
    mapping(uint256 id => Entry) private _entries;
    mapping(address owner => uint256[]) private _owned;
    mapping(uint256 id => address) private _approved;
    mapping(address owner => mapping(address operator => bool)) private _operators;

    constructor(address master_, string memory name_, string memory symbol_) {
        master = master_;
        name = name_;
        symbol = symbol_;
    }

    /* WHO OWNS AN ENTRY, OR MAY ACT FOR HIM */

    function approve(address to, uint256 id) external {
        address owner = ownerOf(id);
        require(msg.sender == owner || _operators[owner][msg.sender], NotAllowed(msg.sender, id));
        _approved[id] = to;
        emit Approval(owner, to, id);
    }

    function setApprovalForAll(address operator, bool approved) external {
        _operators[msg.sender][operator] = approved;
        emit ApprovalForAll(msg.sender, operator, approved);
    }

    function transferFrom(address from, address to, uint256 id) public {
        address owner = ownerOf(id);
        require(owner == from, NotTheOwner(from, owner));
        require(
            msg.sender == owner || _operators[owner][msg.sender] || _approved[id] == msg.sender,
            NotAllowed(msg.sender, id)
        );
        require(to != address(0), NoRecipient());
        delete _approved[id];
        _leave(owner, id);
        _join(to, id);
        emit Transfer(from, to, id);
    }

    function safeTransferFrom(address from, address to, uint256 id) external {
        safeTransferFrom(from, to, id, "");
    }

    /// @notice Like `transferFrom`, but a contract has to agree to be the owner.
    function safeTransferFrom(address from, address to, uint256 id, bytes memory data) public {
        transferFrom(from, to, id);
        if (to.code.length == 0) return;
        (bool success, bytes32 answer,) = LowLevelCall.callReturn64Bytes(
            to, abi.encodeCall(IERC721Receiver.onERC721Received, (msg.sender, from, id, data))
        );
        require(
            success && LowLevelCall.returnDataSize() >= 32
                && bytes4(answer) == IERC721Receiver.onERC721Received.selector,
            UnsafeRecipient(to)
        );
    }

    /* ANYONE, TO READ */

    function isRegistered(address entry) external view returns (bool) {
        return ownerOrZero(entry) != address(0);
    }

    /// @notice The entry's owner; zero for what is no entry.
    function ownerOrZero(address entry) public view returns (address) {
        return _entries[uint256(uint160(entry))].owner;
    }

    function ownerOf(uint256 id) public view returns (address owner) {
        owner = _entries[id].owner;
        require(owner != address(0), UnknownEntry(id));
    }

    function balanceOf(address owner) external view returns (uint256) {
        return _owned[owner].length;
    }

    function totalSupply() external view returns (uint256) {
        return _all.length;
    }

    function tokenByIndex(uint256 index) external view returns (uint256) {
        return _item(_all, index);
    }

    function tokenOfOwnerByIndex(address owner, uint256 index) external view returns (uint256) {
        return _item(_owned[owner], index);
    }

    /// @notice Empty: an asset describes itself.
    function tokenURI(uint256 id) external view returns (string memory) {
        ownerOf(id);
        return "";
    }

    function getApproved(uint256 id) external view returns (address) {
        ownerOf(id);
        return _approved[id];
    }

    function isApprovedForAll(address owner, address operator) external view returns (bool) {
        return _operators[owner][operator];
    }

    function supportsInterface(bytes4 id) external pure returns (bool) {
        return id == type(IERC165).interfaceId || id == type(IERC721).interfaceId
            || id == type(IERC721Enumerable).interfaceId || id == type(IERC721Metadata).interfaceId;
    }

    /* THE REGISTRY OF A KIND OF ASSET */

    /// Makes an entry. Its description is appended to the clone's code; the owner at birth is the salt.
    function _create(address owner, bytes memory description) internal returns (address entry) {
        require(owner != address(0), NoRecipient());
        entry = _predict(owner, description);
        require(ownerOrZero(entry) == address(0), AlreadyRegistered(entry));
        entry = Clones.cloneDeterministicWithImmutableArgs(master, description, _salt(owner));
        uint256 id = uint256(uint160(entry));
        _all.push(id);
        _join(owner, id);
        emit Transfer(address(0), owner, id);
    }

    function _predict(address owner, bytes memory description) internal view returns (address) {
        return Clones.predictDeterministicAddressWithImmutableArgs(master, description, _salt(owner));
    }

    function _salt(address owner) private pure returns (bytes32) {
        return bytes32(uint256(uint160(owner)));
    }

    function _join(address owner, uint256 id) private {
        _entries[id] = Entry(owner, uint96(_owned[owner].length));
        _owned[owner].push(id);
    }

    /// The last of the list takes the place that becomes free.
    function _leave(address owner, uint256 id) private {
        uint256[] storage owned = _owned[owner];
        uint256 place = _entries[id].place;
        uint256 last = owned[owned.length - 1];
        owned[place] = last;
        _entries[last].place = uint96(place);
        owned.pop();
    }

    function _item(uint256[] storage list, uint256 index) private view returns (uint256) {
        require(index < list.length, IndexOutOfBounds(index, list.length));
        return list[index];
    }
}
