// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Announcement} from "../src/Announcement.sol";
import {RLC} from "../src/RLC.sol";
import {Test} from "./support/Test.sol";

/// @notice Answers what it is told to answer.
contract Answerer {
    bytes private answer;
    bool private fails;

    constructor(bytes memory answer_, bool fails_) {
        (answer, fails) = (answer_, fails_);
    }

    fallback() external {
        bytes memory data = answer;
        bool reverts = fails;
        assembly {
            if reverts { revert(add(data, 32), mload(data)) }
            return(add(data, 32), mload(data))
        }
    }
}

/// @notice The token of an embedded market.
contract RLCTest is Test {
    RLC private rlc = RLC(vm.deployCode("RLC.sol:RLC", abi.encode(this)));

    /// RLC: the supply is fixed when the token is made; nobody can mint or burn.
    function testFuzz_theSupplyIsFixed(address[6] memory people, uint256[6] memory amounts) external {
        vm.assertEq(rlc.totalSupply(), 87_000_000e9);
        vm.assertEq(rlc.balanceOf(address(this)), 87_000_000e9);
        address from = address(this);
        for (uint256 i = 0; i < people.length; ++i) {
            uint256 amount = amounts[i] % (1 + rlc.balanceOf(from));
            vm.prank(from);
            try rlc.transfer(people[i], amount) {
                from = people[i];
            } catch {
                // Nobody is no account, and so nothing is ever burned.
                vm.assertEq(people[i], address(0));
            }
            vm.assertEq(rlc.totalSupply(), 87_000_000e9);
        }
    }

    function test_hasNineDecimals() external view {
        vm.assertEq(rlc.decimals(), 9);
        vm.assertEq(rlc.symbol(), "RLC");
    }

    /// Announcement: it returns only where the spender agreed, in one word.
    function testFuzz_onlyAOneIsAYes(uint256 word, uint8 length, uint64 amount) external {
        length = uint8(bound(length, 0, 96));
        word = length % 2 == 0 ? 1 : word;
        bytes memory answer = new bytes(length);
        for (uint256 i = 0; i < length && i < 32; ++i) {
            answer[i] = bytes32(word)[i];
        }
        address spender = address(new Answerer(answer, false));
        if (length < 32 || word != 1) {
            vm.expectRevert(abi.encodeWithSelector(Announcement.SpenderRefused.selector, spender, amount));
            rlc.approveAndCall(spender, amount, "");
            vm.assertEq(rlc.allowance(address(this), spender), 0);
        } else {
            vm.assertTrue(rlc.approveAndCall(spender, amount, ""));
            vm.assertEq(rlc.allowance(address(this), spender), amount);
        }
    }

    /// Announcement: else it fails with the spender's own error or with SpenderRefused.
    function testFuzz_aRefusalKeepsItsReason(bytes calldata reason, uint64 amount) external {
        address spender = address(new Answerer(reason, true));
        vm.expectRevert(
            reason.length > 0
                ? reason
                : abi.encodeWithSelector(Announcement.SpenderRefused.selector, spender, uint256(amount))
        );
        rlc.approveAndCall(spender, amount, "");
    }

    /// Whom nobody made a contract agrees to nothing.
    function testFuzz_anAddressWithoutCodeRefuses(uint160 account, uint64 amount) external {
        address spender = address(uint160(bound(account, 1 << 40, type(uint160).max)));
        vm.assume(spender.code.length == 0);
        vm.expectRevert(abi.encodeWithSelector(Announcement.SpenderRefused.selector, spender, amount));
        rlc.approveAndCall(spender, amount, "");
    }
}
