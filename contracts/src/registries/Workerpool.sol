// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Asset} from "./Asset.sol";
import {Registry} from "./Registry.sol";

/// @title Workerpool
/// @notice Workers led by a scheduler, who owns this contract, and the policy under which they work.
///
/// INVARIANTS
/// - A policy stays inside its bounds. A new one is for deals to come; each deal keeps the one of its match.
contract Workerpool is Asset {
    /// @notice The most that a worker can be made to stake: ten times the pool's price. A sleeper's gain is negative
    /// at an audit ratio of 10 % from a stake of nine times the price, and nobody can lock out workers with more.
    uint256 public constant MAX_STAKE_RATIO = 1000;

    error RatioTooHigh(uint256 ratio, uint256 max);

    event PolicyUpdate(
        uint256 oldWorkerStakeRatioPolicy,
        uint256 newWorkerStakeRatioPolicy,
        uint256 oldSchedulerRewardRatioPolicy,
        uint256 newSchedulerRewardRatioPolicy
    );

    /// Zero until the policy is first changed, so that a pool is made without writing storage.
    bool private _changed;
    uint16 private _stakeRatio;
    uint8 private _rewardRatio;

    constructor(Registry registry_) Asset(registry_) {}

    /* THE POOL'S OWNER */

    /// @param stakeRatio What a worker stakes on a contribution, in percent of the pool's price: 0 to 1000.
    /// @param rewardRatio What the scheduler keeps of the pool's reward, in percent: 0 to 100.
    function changePolicy(uint256 stakeRatio, uint256 rewardRatio) external {
        require(msg.sender == owner(), CallerIsNotOwner(msg.sender, owner()));
        require(stakeRatio <= MAX_STAKE_RATIO, RatioTooHigh(stakeRatio, MAX_STAKE_RATIO));
        require(rewardRatio <= 100, RatioTooHigh(rewardRatio, 100));
        (uint256 oldStakeRatio, uint256 oldRewardRatio) = policy();
        (_changed, _stakeRatio, _rewardRatio) = (true, uint16(stakeRatio), uint8(rewardRatio));
        emit PolicyUpdate(oldStakeRatio, stakeRatio, oldRewardRatio, rewardRatio);
    }

    /* ANYONE, TO READ */

    /// @notice Both ratios at once: 30 % and 1 % where the owner never chose.
    function policy() public view returns (uint256 stakeRatio, uint256 rewardRatio) {
        return _changed ? (_stakeRatio, _rewardRatio) : (30, 1);
    }

    function m_workerpoolDescription() external view returns (string memory) {
        return string(_field(0, 0));
    }

    function m_workerStakeRatioPolicy() external view returns (uint256 stakeRatio) {
        (stakeRatio,) = policy();
    }

    function m_schedulerRewardRatioPolicy() external view returns (uint256 rewardRatio) {
        (, rewardRatio) = policy();
    }
}
