package bourse.wire;

import bourse.protocol.Address;
import bourse.protocol.Bytes32;
import bourse.protocol.Call;
import bourse.protocol.Domain;
import bourse.protocol.Malformed;
import bourse.protocol.Signature;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.ServerRequest;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.function.Supplier;

/// Finds out who calls.
///
/// What is cheap to see comes first, the curve after that, and only what somebody signed for this door is
/// remembered.
final class Guard {
    /// How far a caller's clock may be off.
    static final Duration SKEW = Duration.ofSeconds(60);

    /// For how long a call may be signed.
    static final Duration LONGEST = Duration.ofMinutes(2);

    private final Supplier<URI> origin;
    private final Address audience;
    private final Domain domain;
    private final Nonces nonces;
    private final InstantSource clock;

    /// @param origin where callers reach this server
    Guard(Supplier<URI> origin, Address audience, Domain domain, Nonces nonces, InstantSource clock) {
        this.origin = origin;
        this.audience = audience;
        this.domain = domain;
        this.nonces = nonces;
        this.clock = clock;
    }

    /// Who signed this call.
    ///
    /// @param body SHA-256 of what came with it
    /// @throws Refusal if nobody did, or it does not count here and now
    Address caller(ServerRequest request, Bytes32 body) {
        var credential = credential(request);
        var now = clock.instant();
        if (Duration.between(credential.issued(), credential.expires()).compareTo(LONGEST) > 0) {
            throw new Refusal(Problem.MALFORMED, "a call is signed for at most %s; sign it anew".formatted(LONGEST));
        }
        if (credential.issued().isAfter(now.plus(SKEW))) {
            throw new Refusal(
                    Problem.EARLY,
                    "this call was signed at %s, it is %s here; set the clock of the caller's machine"
                            .formatted(credential.issued(), now),
                    Map.of("now", now.toString()));
        }
        if (credential.expires().plus(SKEW).isBefore(now)) {
            throw new Refusal(
                    Problem.EXPIRED,
                    "this call counted until %s, it is %s here; sign it anew, or set the clock of the caller's machine"
                            .formatted(credential.expires(), now),
                    Map.of("now", now.toString()));
        }
        if (!credential.epoch().equals(nonces.epoch())) {
            throw new Refusal(
                    Problem.STALE,
                    "this call was signed for another run of the server; sign it anew, for the epoch told here",
                    Map.of("epoch", nonces.epoch().toString()));
        }
        var query = request.prologue().query().rawValue();
        var path = request.prologue().uriPath().rawPath() + (query.isEmpty() ? "" : "?" + query);
        var call = new Call(
                audience,
                Door.origin(origin.get()),
                credential.epoch(),
                request.prologue().method().text(),
                path,
                body,
                credential.nonce(),
                credential.issued(),
                credential.expires());
        check(credential, call);
        if (!nonces.isFirst(
                credential.signer(), credential.nonce(), credential.expires().plus(SKEW))) {
            throw new Refusal(Problem.REPLAYED, "this call was heard before, and counts once; sign it anew");
        }
        return credential.signer();
    }

    private Credential credential(ServerRequest request) {
        var header = request.headers().first(HeaderNames.AUTHORIZATION);
        if (header.isEmpty()) {
            throw new Refusal(
                    Problem.UNSIGNED,
                    "this is for those who sign their calls; put a header Authorization: %s … into it, as"
                                    .formatted(Credential.SCHEME)
                            + " /openapi.json tells");
        }
        try {
            return Credential.parse(header.get());
        } catch (Malformed e) {
            throw new Refusal(Problem.UNSIGNED, String.valueOf(e.getMessage()));
        }
    }

    private void check(Credential credential, Call call) {
        Address signer;
        try {
            signer = Signature.parse(credential.signature()).signer(domain.hash(call));
        } catch (Malformed e) {
            throw new Refusal(Problem.UNSIGNED, String.valueOf(e.getMessage()));
        }
        if (!signer.equals(credential.signer())) {
            throw new Refusal(
                    Problem.UNSIGNED,
                    ("%s did not sign this call as it came; here it must be signed for %s at %s, in the market of"
                                    + " %s on chain %d")
                            .formatted(
                                    credential.signer(),
                                    call.audience(),
                                    call.origin(),
                                    domain.hub(),
                                    domain.chainId()));
        }
    }
}
