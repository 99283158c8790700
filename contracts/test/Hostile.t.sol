// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

import {Escrow} from "../src/Escrow.sol";
import {Hub} from "../src/Hub.sol";
import {MarketTest, OrderHashes} from "./support/MarketTest.sol";
import {Matching} from "../src/Matching.sol";
import {NativeDesk} from "../src/NativeDesk.sol";
import {AppOrder, DatasetOrder, RequestOrder, WorkerpoolOrder} from "../src/Orders.sol";
import {Signatures} from "../src/Signatures.sol";
import {Settlement} from "../src/Settlement.sol";
import {TaskStatus} from "../src/State.sol";
import {Tasks} from "../src/Tasks.sol";
import {TokenDesk} from "../src/TokenDesk.sol";

/// @notice A token that does what it is told to do wrong.
contract BadToken {
    enum Vice {
        NONE,
        KEEPS_A_FEE,
        LIES,
        ANSWERS_FALSE,
        REENTERS
    }

    mapping(address account => uint256) public balanceOf;
    Vice public vice;
    TokenDesk public desk;
    uint256 private depth;

    function set(Vice vice_, TokenDesk desk_) external {
        (vice, desk) = (vice_, desk_);
    }

    function mint(address to, uint256 amount) external {
        balanceOf[to] += amount;
    }

    function transferFrom(address from, address to, uint256 amount) external returns (bool) {
        return _move(from, to, amount);
    }

    function transfer(address to, uint256 amount) external returns (bool) {
        if (vice == Vice.REENTERS && depth++ == 0) desk.withdraw(amount);
        return _move(msg.sender, to, amount);
    }

    function _move(address from, address to, uint256 amount) private returns (bool) {
        if (vice == Vice.ANSWERS_FALSE) return false;
        if (vice == Vice.LIES) return true;
        if (vice == Vice.REENTERS && depth == 0) {
            ++depth;
            desk.deposit(amount);
        }
        balanceOf[from] -= amount;
        balanceOf[to] += vice == Vice.KEEPS_A_FEE ? amount * 99 / 100 : amount;
        return true;
    }

    function deposit(uint256 amount) external {
        desk.deposit(amount);
    }

    function withdraw(uint256 amount) external {
        desk.withdraw(amount);
    }
}

/// @notice Tries to end or claim a second time from inside the callback, and to draw out money.
contract Reenterer {
    Hub private immutable hub;
    address private immutable scheduler;
    bool public tried;
    bool public gained;

    constructor(Hub hub_) {
        hub = hub_;
        scheduler = msg.sender;
    }

    function receiveResult(bytes32 id, bytes calldata) external {
        tried = true;
        (bool a,) = address(hub).call(abi.encodeCall(hub.claim, (id)));
        (bool b,) = address(hub).call(abi.encodeCall(hub.finalize, (id, "", "")));
        (bool c,) = address(hub).call(abi.encodeCall(TokenDesk.withdraw, (1)));
        gained = a || b || c;
    }
}

contract Burner {
    uint256 private sink;

    function receiveResult(bytes32, bytes calldata) external {
        while (true) ++sink;
    }

    function isValidSignature(bytes32, bytes calldata) external view returns (bytes4) {
        while (gasleft() > 0) {}
        return this.isValidSignature.selector;
    }
}

contract Reverter {
    function receiveResult(bytes32, bytes calldata) external pure {
        revert("no");
    }

    function isValidSignature(bytes32, bytes calldata) external pure returns (bytes4) {
        revert("no");
    }

    function keyHasPurpose(bytes32, uint256) external pure returns (bool) {
        revert("no");
    }
}

/// @notice Answers everything with half a megabyte.
contract Bomb {
    fallback() external {
        assembly {
            mstore(0, 1)
            return(0, 500000)
        }
    }
}

/// @notice Answers everything with a word that is neither true nor false nor a selector.
contract Mumbler {
    fallback() external {
        assembly {
            mstore(0, 2)
            return(0, 32)
        }
    }
}

/// @notice A native account that takes its money back in on the way out.
contract NativeReenterer {
    NativeDesk private immutable desk;
    bool private again;

    constructor(NativeDesk desk_) payable {
        desk = desk_;
        desk_.deposit{value: msg.value}();
    }

    function run(uint256 amount) external {
        desk.withdraw(amount);
    }

    receive() external payable {
        if (again) return;
        again = true;
        desk.withdraw(desk.balanceOf(address(this)) + 1);
    }
}

/// @notice Everyone whom the market has to call may be an enemy. Each tries, and gains nothing.
contract HostileTest is MarketTest {
    using OrderHashes for RequestOrder;
    using OrderHashes for AppOrder;
    using OrderHashes for DatasetOrder;
    using OrderHashes for WorkerpoolOrder;

    bytes32 private constant RIGHT = keccak256("right");

    /* THE TOKEN */

    function _marketOf(BadToken token) private returns (TokenDesk) {
        address door = vm.deployCode("TokenDesk.sol:TokenDesk", abi.encode(token, apps, datasets, pools));
        return TokenDesk(payable(vm.deployCode("Hub.sol:Hub", abi.encode(door, 0))));
    }

    function testFuzz_aTokenThatKeepsPartOrLies(uint64 amount, bool lies) external {
        amount = uint64(bound(amount, 100, 1e18));
        BadToken token = new BadToken();
        TokenDesk market = _marketOf(token);
        token.mint(address(token), amount);
        token.set(lies ? BadToken.Vice.LIES : BadToken.Vice.KEEPS_A_FEE, market);
        uint256 arrives = lies ? 0 : uint256(amount) * 99 / 100;
        vm.expectRevert(abi.encodeWithSelector(TokenDesk.TokenFellShort.selector, arrives, amount));
        token.deposit(amount);
    }

    function test_aTokenThatAnswersFalse() external {
        BadToken token = new BadToken();
        TokenDesk market = _marketOf(token);
        token.mint(address(token), 100);
        token.set(BadToken.Vice.NONE, market);
        token.deposit(50);
        token.set(BadToken.Vice.ANSWERS_FALSE, market);
        vm.expectPartialRevert(TokenDesk.TransferFailed.selector);
        token.deposit(50);
        vm.expectPartialRevert(TokenDesk.TransferFailed.selector);
        token.withdraw(50);
        vm.assertEq(market.balanceOf(address(token)), 50);
    }

    /// The DAO's attack: take out once more before the first withdrawal is booked.
    function test_aTokenThatReenters() external {
        BadToken token = new BadToken();
        TokenDesk market = _marketOf(token);
        token.mint(address(token), 300);
        token.mint(address(this), 1000);
        token.set(BadToken.Vice.NONE, market);
        market.deposit(1000);
        token.deposit(100);
        token.set(BadToken.Vice.REENTERS, market);
        vm.expectRevert(abi.encodeWithSelector(Escrow.InsufficientFree.selector, address(token), 0, 100));
        token.withdraw(100);
        // Inside a deposit the books run ahead of the tokens, and that is not allowed to stand.
        vm.expectPartialRevert(TokenDesk.TokenFellShort.selector);
        token.deposit(100);
        vm.assertGe(token.balanceOf(address(market)), market.totalSupply());
    }

    /* COINS */

    function test_anAccountThatTakesItsCoinsTwice() external {
        address door = vm.deployCode("NativeDesk.sol:NativeDesk", abi.encode(apps, datasets, pools));
        NativeDesk native = NativeDesk(payable(vm.deployCode("Hub.sol:Hub", abi.encode(door, 0))));
        vm.deal(address(this), 10 ether);
        native.depositFor{value: 5 ether}(requester);
        NativeReenterer thief = new NativeReenterer{value: 1 ether}(native);
        vm.expectPartialRevert(NativeDesk.SendFailed.selector);
        thief.run(1e9);
        vm.assertEq(native.balanceOf(requester), 5e9);
        vm.assertEq(address(native).balance, 6 ether);
    }

    /* THE CALLBACK */

    function _finishWith(address callback) private returns (bytes32 taskid) {
        bytes memory answer = abi.encode(uint256(42));
        Orders4 memory o = priced(1, 0, 0, 100 * RLC_1);
        o.r.callback = callback;
        taskid = task(o);
        contribute(0, taskid, keccak256(answer));
        reveal(0, taskid, keccak256(answer));
        vm.prank(scheduler);
        hub.finalize{gas: 1_000_000}(taskid, "", answer);
        vm.assertTrue(desk.viewTask(taskid).status == TaskStatus.COMPLETED);
        vm.assertEq(free(worker(0)), 1099 * RLC_1);
        checkBooks();
        checkNothingLocked();
    }

    function test_aCallbackThatReverts() external {
        _finishWith(address(new Reverter()));
    }

    function test_aCallbackThatBurnsAllItsGas() external {
        _finishWith(address(new Burner()));
    }

    function test_aCallbackThatAnswersTooMuch() external {
        _finishWith(address(new Bomb()));
    }

    function test_aCallbackThatComesBack() external {
        Reenterer enemy = new Reenterer(hub);
        desk.setCallbackGas(500_000);
        _finishWith(address(enemy));
        vm.assertTrue(enemy.tried());
        vm.assertFalse(enemy.gained());
    }

    function test_tooLittleGasForTheCallbackFailsTheWhole() external {
        bytes memory answer = abi.encode(uint256(42));
        Orders4 memory o = priced(1, 0, 0, 0);
        o.r.callback = address(new Reverter());
        desk.setCallbackGas(1_000_000);
        bytes32 taskid = task(o);
        contribute(0, taskid, keccak256(answer));
        reveal(0, taskid, keccak256(answer));
        vm.prank(scheduler);
        vm.expectPartialRevert(Settlement.CallbackNeedsGas.selector);
        hub.finalize{gas: 900_000}(taskid, "", answer);
    }

    /* WALLETS AND GROUPS */

    function test_walletsThatDoNotAgreeInOneWordAgreeToNothing() external {
        address[3] memory wallets = [address(new Reverter()), address(new Mumbler()), address(apps)];
        for (uint256 i = 0; i < 3; ++i) {
            Orders4 memory o = signed(orders());
            o.r.requester = wallets[i];
            vm.expectRevert(abi.encodeWithSelector(Signatures.BadSignature.selector, wallets[i], typed(o.r.hash())));
            hub.matchOrders(o.a, o.d, o.w, o.r);
        }
        vm.assertFalse(desk.verifySignature(address(new Bomb()), RIGHT, ""));
        (bool success,) =
            address(desk).call{gas: 1_000_000}(abi.encodeCall(desk.verifySignature, (address(new Burner()), RIGHT, "")));
        vm.assertTrue(success);
    }

    function test_groupsThatDoNotSayYesInOneWordLetNobodyIn() external {
        address[3] memory groups = [address(new Reverter()), address(new Mumbler()), address(apps)];
        for (uint256 i = 0; i < 3; ++i) {
            Orders4 memory o = orders();
            o.a.requesterrestrict = groups[i];
            o = signed(o);
            vm.expectRevert(abi.encodeWithSelector(Signatures.Restricted.selector, 3, groups[i], requester));
            hub.matchOrders(o.a, o.d, o.w, o.r);
        }
    }

    function test_nobodyIsNoSigner() external {
        Orders4 memory o = signed(orders());
        o.r.requester = address(0);
        vm.expectRevert(abi.encodeWithSelector(Signatures.BadSignature.selector, address(0), typed(o.r.hash())));
        hub.matchOrders(o.a, o.d, o.w, o.r);
    }

    /* OTHERS */

    /// An entry that only looks like one: the registry is asked, and not the entry.
    function test_anAppThatSaysItIsRegistered() external {
        Orders4 memory o = orders();
        o.a.app = o.r.app = address(new Mumbler());
        o = signed(o);
        vm.expectRevert(abi.encodeWithSelector(Matching.NotRegistered.selector, address(apps), o.a.app));
        hub.matchOrders(o.a, o.d, o.w, o.r);
    }

    /// A pool that changes its policy after the match does not change the deal.
    function test_aPoolThatRaisesTheStakeAfterwards() external {
        bytes32 taskid = task(priced(100, 0, 0, 100 * RLC_1));
        vm.prank(scheduler);
        pool.changePolicy(1000, 100);
        contribute(0, taskid, RIGHT);
        vm.assertEq(locked(worker(0)), 30 * RLC_1);
    }

    /// Whoever sells an app after the match is still paid for it, and the buyer is not.
    function test_aDealKeepsItsOwners() external {
        bytes32 taskid = task(priced(1, 7 * RLC_1, 0, 0));
        vm.prank(appOwner);
        apps.transferFrom(appOwner, address(0xb0b), uint256(uint160(address(app))));
        contribute(0, taskid, RIGHT);
        reveal(0, taskid, RIGHT);
        finalize(taskid);
        vm.assertEq(free(appOwner), 7 * RLC_1);
        vm.assertEq(free(address(0xb0b)), 0);
    }

    /// An authorization is for one worker, one task, one enclave.
    function testFuzz_authorizationsAreNotPassedOn(uint256 other) external {
        bytes32 taskid = task(priced(100, 0, 0, 0));
        bytes memory permission = authorization(worker(0), taskid);
        address thief = worker(bound(other, 1, 1000));
        vm.prank(thief);
        vm.expectPartialRevert(Signatures.BadSignature.selector);
        hub.contribute(taskid, RIGHT, RIGHT, address(0), "", permission);
    }

    /// Who sponsors can be overtaken by a plain match of the same orders: the requester's signature allows to charge
    /// him. He who has nothing here can't be charged.
    function test_overtakingASponsorTakesNothingFromWhoHasNothing() external {
        Orders4 memory o = signed(priced(1, 0, 0, 100 * RLC_1));
        vm.prank(requester);
        desk.withdraw(1000 * RLC_1);
        vm.expectRevert(abi.encodeWithSelector(Escrow.InsufficientFree.selector, requester, 0, 100 * RLC_1));
        hub.matchOrders(o.a, o.d, o.w, o.r);
        vm.prank(worker(5));
        hub.sponsorMatchOrders(o.a, o.d, o.w, o.r);
    }

    /// The desk's own address is an empty market: what is done there touches nobody's money here.
    function test_theDeskIsOnlyRunByTheHub() external {
        TokenDesk door =
            TokenDesk(payable(vm.deployCode("TokenDesk.sol:TokenDesk", abi.encode(rlc, apps, datasets, pools))));
        vm.assertEq(door.owner(), address(0));
        vm.expectPartialRevert(Escrow.InsufficientFree.selector);
        vm.prank(requester);
        door.withdraw(1);
    }

    /// Block after block is full until just before the deadline: what was in time counts, and the rest is refunded.
    function test_stuffedBlocksCostWhoIsLateOnlyTheTask() external {
        bytes32 taskid = task(priced(1, 0, 0, 100 * RLC_1));
        vm.warp(START + 2099);
        contribute(0, taskid, RIGHT);
        vm.warp(START + 2699 + 1);
        vm.expectPartialRevert(Tasks.TooLate.selector);
        reveal(0, taskid, RIGHT);
        vm.warp(START + 3000);
        hub.claim(taskid);
        vm.assertEq(free(requester), 1000 * RLC_1);
        checkBooks();
        checkNothingLocked();
    }
}
