package bourse.wire;

import bourse.protocol.Address;
import bourse.protocol.Bytes;
import bourse.protocol.Bytes32;
import bourse.protocol.Domain;
import bourse.protocol.Malformed;
import bourse.protocol.Signature;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/// Finds out who calls, in the way of iExec's clients: they fetch a challenge, sign it as typed data (EIP-712), and
/// call with the header `Authorization: <hash of the typed data>_<signature>_<address>`.
///
/// A challenge counts once, for one address, on one chain, for some minutes. Strangers may ask for as many as
/// they like: there is room for so many that one who signs at once is not pushed out. Accounts that sign by a
/// contract are not served.
final class Challenges {
    /// For people who confirm in a wallet.
    static final Duration LIFE = Duration.ofMinutes(5);

    private static final int MOST = 100_000;
    private static final Pattern HEADER =
            Pattern.compile("(0x[0-9a-fA-F]{64})_(0x[0-9a-fA-F]{130})_(0x[0-9a-fA-F]{40})");

    private final Domain domain;
    private final InstantSource clock;
    private final int most;
    /// By what is to be signed; the oldest first.
    private final LinkedHashMap<Bytes32, Given> given = new LinkedHashMap<>();

    private record Given(Address to, Instant until) {}

    /// Typed data as wallets take them (`eth_signTypedData_v4`).
    record TypedData(Map<String, List<Field>> types, Gateway domain, String primaryType, Message message) {
        record Field(String name, String type) {}

        record Gateway(String name, String version, long chainId) {}

        record Message(String challenge) {}
    }

    Challenges(Domain domain, InstantSource clock) {
        this(domain, clock, MOST);
    }

    Challenges(Domain domain, InstantSource clock, int most) {
        this.domain = domain;
        this.clock = clock;
        this.most = most;
    }

    /// A new one.
    ///
    /// @param chainId the chain that the caller means
    /// @throws Malformed if that is another one
    TypedData issue(String chainId, Address caller) {
        if (!chainId.equals(Long.toString(domain.chainId()))) {
            throw new Malformed("this market is on chain %d; ask with chainId=%1$d".formatted(domain.chainId()));
        }
        var challenge = Bytes32.random().toString();
        synchronized (given) {
            forget();
            if (given.size() == most) {
                given.pollFirstEntry();
            }
            given.put(domain.hash(challenge), new Given(caller, clock.instant().plus(LIFE)));
        }
        var name = new TypedData.Field("name", "string");
        var version = new TypedData.Field("version", "string");
        var chain = new TypedData.Field("chainId", "uint256");
        return new TypedData(
                Map.of(
                        "EIP712Domain", List.of(name, version, chain),
                        "Challenge", List.of(new TypedData.Field("challenge", "string"))),
                new TypedData.Gateway("iExec Gateway", "1", domain.chainId()),
                "Challenge",
                new TypedData.Message(challenge));
    }

    /// Who has signed the challenge that the header `Authorization` answers.
    ///
    /// @throws Refusal if nobody has, or it was not given to him, or counts no more
    Address caller(Optional<String> authorization) {
        var header = HEADER.matcher(authorization.orElse(""));
        if (!header.matches()) {
            throw unsigned("sign a challenge, and put <hash of the typed data>_<signature>_<address> into the header"
                    + " Authorization");
        }
        var hash = Bytes32.parse(header.group(1));
        var claimed = Address.parse(header.group(3));
        var challenge = take(hash)
                .orElseThrow(() -> unsigned("this challenge is none of this server, was used, or is"
                        + " older than %d minutes; ask for a new one".formatted(LIFE.toMinutes())));
        Address signer;
        try {
            signer = Signature.parse(Bytes.parse(header.group(2))).signer(hash);
        } catch (Malformed e) {
            throw unsigned(String.valueOf(e.getMessage()));
        }
        if (!signer.equals(claimed) || !signer.equals(challenge.to())) {
            throw unsigned(
                    "this challenge was given to %s, is said to be signed by %s, and is signed by %s; ask for one of"
                                    .formatted(challenge.to(), claimed, signer)
                            + " your own");
        }
        return signer;
    }

    private Optional<Given> take(Bytes32 hash) {
        synchronized (given) {
            forget();
            return Optional.ofNullable(given.remove(hash));
        }
    }

    private void forget() {
        var now = clock.instant();
        while (!given.isEmpty() && !given.firstEntry().getValue().until().isAfter(now)) {
            given.pollFirstEntry();
        }
    }

    private static Refusal unsigned(String detail) {
        return new Refusal(Problem.UNSIGNED, detail);
    }
}
