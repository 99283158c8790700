package bourse.protocol;

import java.time.Instant;

/// A call at a door on another machine, as its caller signs it ([Domain#hash(Call)]): what he asks, of whom,
/// and until when. Whoever changes any of it, or takes it elsewhere, has no signature for it.
///
/// @param audience the workerpool or the store that he asks
/// @param origin where he reached it: scheme, host and port in lower case, such as
///     `https://pool.example:8443`
/// @param epoch which run of the server he speaks to: a server that forgets what it heard has a new one
/// @param method of HTTP, in capitals
/// @param path with its query, as it was sent
/// @param body SHA-256 of the bytes that came with it, which may be none
/// @param nonce makes it one of its kind: it counts once
/// @param issued when he signed, by his clock, in whole seconds
/// @param expires from when on it does not count, in whole seconds
public record Call(
        Address audience,
        String origin,
        Bytes32 epoch,
        String method,
        String path,
        Bytes32 body,
        Bytes32 nonce,
        Instant issued,
        Instant expires) {}
