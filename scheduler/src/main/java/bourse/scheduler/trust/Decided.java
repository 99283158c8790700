package bourse.scheduler.trust;

import bourse.protocol.Bytes32;

/// A task that the pool is sure of.
///
/// @param <T> what tasks are named by
public record Decided<T>(T task, Bytes32 answer) {}
