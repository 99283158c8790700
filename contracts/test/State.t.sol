// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {AppRegistry} from "../src/registries/AppRegistry.sol";
import {DatasetRegistry} from "../src/registries/DatasetRegistry.sol";
import {Desk} from "../src/Desk.sol";
import {Hub} from "../src/Hub.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {MarketTest} from "./support/MarketTest.sol";
import {NativeDesk} from "../src/NativeDesk.sol";
import {State} from "../src/State.sol";
import {TokenDesk} from "../src/TokenDesk.sol";
import {WorkerpoolRegistry} from "../src/registries/WorkerpoolRegistry.sol";

// Each says in which slot its own first variable would be: behind all that it inherits.

contract StateEnd is State {
    uint256 private behind;

    constructor()
        State(IERC20(address(0)), AppRegistry(address(0)), DatasetRegistry(address(0)), WorkerpoolRegistry(address(0)))
    {}

    function end() external pure returns (uint256 slot) {
        assembly {
            slot := behind.slot
        }
    }
}

contract HubEnd is Hub {
    uint256 private behind;

    constructor(Desk desk) Hub(desk, 0) {}

    function end() external pure returns (uint256 slot) {
        assembly {
            slot := behind.slot
        }
    }
}

contract TokenDeskEnd is TokenDesk {
    uint256 private behind;

    constructor()
        TokenDesk(
            IERC20(address(0)), AppRegistry(address(0)), DatasetRegistry(address(0)), WorkerpoolRegistry(address(0))
        )
    {}

    function end() external pure returns (uint256 slot) {
        assembly {
            slot := behind.slot
        }
    }
}

contract NativeDeskEnd is NativeDesk {
    uint256 private behind;

    constructor() NativeDesk(AppRegistry(address(0)), DatasetRegistry(address(0)), WorkerpoolRegistry(address(0))) {}

    function end() external pure returns (uint256 slot) {
        assembly {
            slot := behind.slot
        }
    }
}

/// @notice Two contracts work on one storage: what one writes the other must find.
contract StateTest is MarketTest {
    /// State: Hub and Desk inherit it first and declare no storage of their own, so their layouts are one.
    function test_theHubHasNoStorageBesideState() external {
        vm.assertEq(new HubEnd(Desk(payable(door()))).end(), new StateEnd().end());
    }

    /// Desk: it declares no storage beside State.
    function test_theDesksHaveNoStorageBesideState() external {
        uint256 end = new StateEnd().end();
        vm.assertEq(new TokenDeskEnd().end(), end);
        vm.assertEq(new NativeDeskEnd().end(), end);
    }

    /// Hub: the owner can create categories, name the broker, set the callback's gas, recover and pass his rights on.
    function testFuzz_onlyTheOwnerDoesWhatIsTheOwners(address stranger, uint256 which) external {
        // Nobody can be given the market: who wants no owner renounces.
        vm.assume(stranger != address(this) && stranger != address(0));
        bytes[6] memory calls = [
            abi.encodeCall(desk.createCategory, ("", "", 1)),
            abi.encodeCall(desk.setTeeBroker, (stranger)),
            abi.encodeCall(desk.setCallbackGas, (200_000)),
            abi.encodeCall(desk.recover, ()),
            abi.encodeCall(desk.transferOwnership, (stranger)),
            abi.encodeCall(desk.renounceOwnership, ())
        ];
        bytes memory call = calls[which % 6];
        vm.prank(stranger);
        (bool success, bytes memory reason) = address(hub).call(call);
        vm.assertFalse(success);
        vm.assertEq(reason, abi.encodeWithSelector(State.NotOwner.selector, stranger, address(this)));
        (success,) = address(hub).call(call);
        vm.assertTrue(success);
    }
}
