package bourse.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bourse.protocol.Bytes32;
import bourse.protocol.Domain;
import bourse.protocol.Draw;
import bourse.protocol.Wallet;
import bourse.testing.Market;
import bourse.testing.VirtualClock;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ChallengesTest {
    private final Domain domain = Market.anywhere(new Draw(0)).domain();
    private final VirtualClock clock = VirtualClock.atNoon();
    private final Challenges challenges = new Challenges(domain, clock, 3);
    private final Wallet alice = Wallet.random();
    private final Wallet bob = Wallet.random();

    @Test
    void aChallengeCountsOnce() {
        var header = header(challenges.give(alice.address()), alice, alice);

        assertThat(challenges.caller(header)).isEqualTo(alice.address());
        assertRefused(Problem.REPLAYED, header);
    }

    @Test
    void aChallengeIsForOneAddress() {
        var challenge = challenges.give(alice.address());

        assertRefused(Problem.REPLAYED, header(challenge, bob, bob));
        assertRefused(Problem.UNSIGNED, header(challenge, bob, alice));
        assertThat(challenges.caller(header(challenge, alice, alice))).isEqualTo(alice.address());
    }

    @Test
    void aChallengeCountsForFiveMinutes() {
        var header = header(challenges.give(alice.address()), alice, alice);
        clock.advance(Duration.ofMinutes(5).plusSeconds(1));

        assertRefused(Problem.REPLAYED, header);
    }

    @Test
    void aChallengeOfAnotherChainIsNone() {
        var challenge = challenges.give(alice.address());
        var hash = new Domain(domain.chainId() + 1, domain.hub()).hashChallenge(challenge);

        assertRefused(Problem.REPLAYED, header(hash, alice, alice));
    }

    @Test
    void whatNobodyGaveIsNoChallenge() {
        assertRefused(Problem.REPLAYED, header(Bytes32.random().toString(), alice, alice));
        for (var header : new String[] {"", "_", "Bearer x", "0x_0x_0x", "a".repeat(10_000)}) {
            assertRefused(Problem.UNSIGNED, header);
        }
        assertRefused(Problem.UNSIGNED, "%s_0x%s_%s".formatted(Bytes32.random(), "0".repeat(130), alice.address()));
    }

    @Test
    void whoAsksForManyPushesTheOldestOut() {
        var first = challenges.give(alice.address());
        var second = challenges.give(alice.address());
        challenges.give(bob.address());
        challenges.give(bob.address());

        assertRefused(Problem.REPLAYED, header(first, alice, alice));
        assertThat(challenges.caller(header(second, alice, alice))).isEqualTo(alice.address());
    }

    /// Made by ethers 6 of the typed data that iExec's market API gives.
    @Test
    void isHashedAsItsClientsDo() {
        assertThat(new Domain(134, domain.hub()).hashChallenge("0x0102"))
                .isEqualTo(Bytes32.parse("0xa7667a1b0b3eb03b862da90c31fc50687f05a1dd034e05fc67b0766fc23cb7da"));
    }

    private String header(String challenge, Wallet signer, Wallet claimed) {
        return header(domain.hashChallenge(challenge), signer, claimed);
    }

    private static String header(Bytes32 hash, Wallet signer, Wallet claimed) {
        return "%s_%s_%s".formatted(hash, signer.sign(hash).bytes(), claimed.address());
    }

    private void assertRefused(Problem problem, String header) {
        assertThatThrownBy(() -> challenges.caller(header))
                .isInstanceOfSatisfying(
                        Refusal.class, e -> assertThat(e.problem()).isEqualTo(problem));
    }
}
