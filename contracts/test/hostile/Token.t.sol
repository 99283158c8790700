// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Escrow} from "../../src/Escrow.sol";
import {MarketTest} from "../support/MarketTest.sol";
import {TokenDesk} from "../../src/TokenDesk.sol";

/// @notice A token that does what it is told to do wrong.
contract BadToken {
    enum Vice {
        NONE,
        KEEPS_A_FEE,
        LIES,
        ANSWERS_FALSE,
        REVERTS,
        REENTERS,
        RECOVERS
    }

    error Broken();

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
        if (vice == Vice.RECOVERS) desk.recover();
        return _move(msg.sender, to, amount);
    }

    function _move(address from, address to, uint256 amount) private returns (bool) {
        require(vice != Vice.REVERTS, Broken());
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

/// @notice A token that keeps a fee, lies, reverts, answers false or reenters gains nothing: what it did not bring is in
/// nobody's account, and what others brought is all there.
contract TokenTest is MarketTest {
    BadToken private token;
    TokenDesk private market;

    function setUp() public override {
        super.setUp();
        token = new BadToken();
        address door_ = vm.deployCode("TokenDesk.sol:TokenDesk", abi.encode(token, apps, datasets, pools));
        market = TokenDesk(payable(vm.deployCode("Hub.sol:Hub", abi.encode(door_, 0))));
    }

    /// The token has an account here, and so has somebody honest.
    function _accounts(uint64 honest, uint64 own, uint64 rest) private {
        token.set(BadToken.Vice.NONE, market);
        token.mint(address(this), honest);
        market.deposit(honest);
        token.mint(address(token), uint256(own) + rest);
        token.deposit(own);
    }

    function _nothingWasGained(uint256 honest, uint256 own) private {
        token.set(BadToken.Vice.NONE, market);
        vm.assertEq(market.balanceOf(address(this)), honest);
        vm.assertEq(market.balanceOf(address(token)), own);
        vm.assertEq(market.totalSupply(), honest + own);
        vm.assertGe(token.balanceOf(address(market)), market.totalSupply());
        market.withdraw(honest);
        token.withdraw(own);
    }

    function testFuzz_whatKeepsAFeeOrLiesIsNotCredited(uint64 amount, uint64 honest, bool lies) external {
        amount = uint64(bound(amount, 100, 1e18));
        _accounts(honest, 0, amount);
        token.set(lies ? BadToken.Vice.LIES : BadToken.Vice.KEEPS_A_FEE, market);
        uint256 arrives = lies ? 0 : uint256(amount) * 99 / 100;
        vm.expectRevert(
            abi.encodeWithSelector(TokenDesk.TokenFellShort.selector, honest + arrives, uint256(honest) + amount)
        );
        token.deposit(amount);
        _nothingWasGained(honest, 0);
    }

    function testFuzz_whatAnswersFalseMovesNothing(uint64 own, uint64 more, uint64 honest) external {
        _accounts(honest, own, more);
        token.set(BadToken.Vice.ANSWERS_FALSE, market);
        vm.expectRevert(
            abi.encodeWithSelector(TokenDesk.TransferFailed.selector, address(token), address(market), more)
        );
        token.deposit(more);
        vm.expectRevert(abi.encodeWithSelector(TokenDesk.TransferFailed.selector, address(market), address(token), own));
        token.withdraw(own);
        _nothingWasGained(honest, own);
    }

    function testFuzz_whatRevertsMovesNothing(uint64 own, uint64 more, uint64 honest) external {
        _accounts(honest, own, more);
        token.set(BadToken.Vice.REVERTS, market);
        vm.expectRevert(BadToken.Broken.selector);
        token.deposit(more);
        vm.expectRevert(BadToken.Broken.selector);
        token.withdraw(own);
        _nothingWasGained(honest, own);
    }

    /// The DAO's attack: take out once more before the first withdrawal is booked.
    function testFuzz_whatReentersAWithdrawalIsBookedFirst(uint64 own, uint64 honest) external {
        own = uint64(bound(own, 1, 1e18));
        _accounts(honest, own, 0);
        token.set(BadToken.Vice.REENTERS, market);
        vm.expectRevert(abi.encodeWithSelector(Escrow.InsufficientFree.selector, address(token), 0, own));
        token.withdraw(own);
        _nothingWasGained(honest, own);
    }

    /// Inside a withdrawal the tokens run ahead of the books: the market's owner is not credited with what is about to
    /// leave, should the token let him in before it moves.
    function testFuzz_whatIsLeavingIsNotThereToRecover(uint64 own, uint64 honest) external {
        own = uint64(bound(own, 1, 1e18));
        _accounts(honest, own, 0);
        market.transferOwnership(address(token));
        token.set(BadToken.Vice.RECOVERS, market);
        vm.expectRevert(abi.encodeWithSelector(TokenDesk.TokenFellShort.selector, honest, uint256(honest) + own));
        token.withdraw(own);
        _nothingWasGained(honest, own);
    }

    /// Inside a deposit the books run ahead of the tokens, and that is not allowed to stand.
    function testFuzz_whatReentersADepositIsNotCreditedTwice(uint64 more, uint64 honest) external {
        more = uint64(bound(more, 1, 1e18));
        _accounts(honest, 0, uint64(2) * more);
        token.set(BadToken.Vice.REENTERS, market);
        vm.expectRevert(
            abi.encodeWithSelector(
                TokenDesk.TokenFellShort.selector, uint256(honest) + more, uint256(honest) + 2 * uint256(more)
            )
        );
        token.deposit(more);
        _nothingWasGained(honest, 0);
    }
}
