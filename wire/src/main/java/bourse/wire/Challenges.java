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
import java.util.Map;
import java.util.regex.Pattern;

/// Finds out who calls, as iExec's market API does: he asks for a challenge, signs it (EIP-712), and comes with
/// `authorization: <hash>_<signature>_<address>`. A challenge is for one address and counts once.
///
/// Anyone may ask for challenges. Those who ask for very many shorten the time that others have to sign; they can
/// not fill the memory, and lock nobody out.
final class Challenges {
    private static final Duration LIFE = Duration.ofMinutes(5);
    private static final int MOST = 100_000;
    private static final Pattern HEADER =
            Pattern.compile("(0x[0-9a-fA-F]{64})_(0x[0-9a-fA-F]{130})_(0x[0-9a-fA-F]{40})");

    private final Domain domain;
    private final InstantSource clock;
    private final int most;
    /// By what has to be signed; the oldest first.
    private final Map<Bytes32, Given> given = new LinkedHashMap<>();

    private record Given(Address address, Instant until) {}

    Challenges(Domain domain, InstantSource clock) {
        this(domain, clock, MOST);
    }

    Challenges(Domain domain, InstantSource clock, int most) {
        this.domain = domain;
        this.clock = clock;
        this.most = most;
    }

    /// A new one.
    synchronized String give(Address address) {
        var now = clock.instant();
        var oldest = given.values().iterator();
        while (oldest.hasNext() && (oldest.next().until().isBefore(now) || given.size() >= most)) {
            oldest.remove();
        }
        var challenge = Bytes32.random().toString();
        given.put(domain.hashChallenge(challenge), new Given(address, now.plus(LIFE)));
        return challenge;
    }

    /// Who calls.
    ///
    /// @throws Refusal if he did not sign a challenge of his that is open
    Address caller(String header) {
        var parts = HEADER.matcher(header);
        if (!parts.matches()) {
            throw new Refusal(
                    Problem.UNSIGNED,
                    "the header authorization is <hash>_<signature>_<address> of a challenge from /challenge");
        }
        var hash = Bytes32.parse(parts.group(1));
        var address = Address.parse(parts.group(3));
        Address signer;
        try {
            signer = Signature.parse(Bytes.parse(parts.group(2))).signer(hash);
        } catch (Malformed e) {
            throw new Refusal(Problem.UNSIGNED, String.valueOf(e.getMessage()));
        }
        if (!signer.equals(address)) {
            throw new Refusal(Problem.UNSIGNED, "%s has not signed this challenge".formatted(address));
        }
        // Only now, so that nobody uses up another one's.
        if (!isOpen(hash, address)) {
            throw new Refusal(
                    Problem.REPLAYED,
                    "this is no open challenge of %s: each counts once, and for %d minutes; ask /challenge for a new one"
                            .formatted(address, LIFE.toMinutes()));
        }
        return address;
    }

    private synchronized boolean isOpen(Bytes32 hash, Address address) {
        var known = given.get(hash);
        if (known == null || !known.address().equals(address)) {
            return false;
        }
        given.remove(hash);
        return !known.until().isBefore(clock.instant());
    }
}
