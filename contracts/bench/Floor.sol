// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

interface Token {
    function balanceOf(address account) external view returns (uint256);
    function transfer(address to, uint256 amount) external returns (bool);
    function transferFrom(address from, address to, uint256 amount) external returns (bool);
}

/// @notice What no escrow can do without: the token's own call, and one number that says whose it is. Nothing is checked, nothing is
/// told, and nobody should use it: it is the floor below a deposit's and a withdrawal's gas.
contract TokenFloor {
    Token private immutable token;
    mapping(address account => uint256) private balances;

    constructor(Token token_) {
        token = token_;
    }

    function deposit(uint256 amount) external returns (bool) {
        token.transferFrom(msg.sender, address(this), amount);
        balances[msg.sender] += amount;
        return true;
    }

    function receiveApproval(address sender, uint256 amount, address, bytes calldata) external returns (bool) {
        token.transferFrom(sender, address(this), amount);
        balances[sender] += amount;
        return true;
    }

    function withdraw(uint256 amount) external returns (bool) {
        balances[msg.sender] -= amount;
        token.transfer(msg.sender, amount);
        return true;
    }

    function recover() external {
        balances[msg.sender] += token.balanceOf(address(this));
    }
}

/// @notice The same for the chain's own coin.
contract CoinFloor {
    mapping(address account => uint256) private balances;

    function deposit() external payable returns (bool) {
        balances[msg.sender] += msg.value;
        return true;
    }

    function withdraw(uint256 amount) external returns (bool) {
        balances[msg.sender] -= amount * 1e9;
        (bool success,) = msg.sender.call{value: amount * 1e9}("");
        return success;
    }
}
