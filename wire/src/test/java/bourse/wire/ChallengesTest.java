package bourse.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bourse.protocol.Address;
import bourse.protocol.Domain;
import bourse.protocol.Malformed;
import bourse.protocol.Wallet;
import bourse.testing.VirtualClock;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ChallengesTest {
    private static final Domain DOMAIN = new Domain(65535, Address.ZERO);
    private static final Wallet ALICE = Wallet.random();
    private static final Wallet BOB = Wallet.random();

    private final VirtualClock clock = VirtualClock.atNoon();
    private final Challenges challenges = new Challenges(DOMAIN, clock);

    @Test
    void knowsWhoSignedHisChallenge() {
        var header = signed(ALICE, challenge(ALICE));

        assertThat(challenges.caller(Optional.of(header))).isEqualTo(ALICE.address());
    }

    @Test
    void takesAnAddressInAnyCase() {
        var header = signed(ALICE, challenge(ALICE));
        var address = ALICE.address().toString();

        assertThat(challenges.caller(Optional.of(header.replace(address, address.toLowerCase(Locale.ROOT)))))
                .isEqualTo(ALICE.address());
    }

    @Test
    void aChallengeCountsOnce() {
        var header = signed(ALICE, challenge(ALICE));
        challenges.caller(Optional.of(header));

        assertRefused(header, "was used");
    }

    @Test
    void aChallengeCountsForFiveMinutes() {
        var soon = signed(ALICE, challenge(ALICE));
        var late = signed(ALICE, challenge(ALICE));

        clock.advance(Challenges.LIFE.minusSeconds(1));
        assertThat(challenges.caller(Optional.of(soon))).isEqualTo(ALICE.address());
        clock.advance(Duration.ofSeconds(1));
        assertRefused(late, "older than 5 minutes");
    }

    @Test
    void nobodySignsTheChallengeOfAnother() {
        assertRefused(signed(BOB, challenge(ALICE)), "this challenge was given to " + ALICE.address());
        assertRefused(
                signed(BOB, challenge(BOB))
                        .replace(BOB.address().toString(), ALICE.address().toString()),
                "is said to be signed by " + ALICE.address());
    }

    @Test
    void aChallengeOfAnotherChainIsUnknown() {
        var elsewhere = new Domain(1, Address.ZERO);
        var text = challenges.issue("65535", ALICE.address()).message().challenge();
        var hash = elsewhere.hash(text);

        assertRefused("%s_%s_%s".formatted(hash, ALICE.sign(hash).bytes(), ALICE.address()), "none of this server");
        assertThatThrownBy(() -> challenges.issue("1", ALICE.address()))
                .isInstanceOf(Malformed.class)
                .hasMessage("this market is on chain 65535; ask with chainId=65535");
    }

    @Test
    void refusesWhatIsNoAnswerToAChallenge() {
        var header = signed(ALICE, challenge(ALICE));

        assertThatThrownBy(() -> challenges.caller(Optional.empty())).hasMessageStartingWith("sign a challenge");
        assertRefused("", "sign a challenge");
        assertRefused(header + "0", "sign a challenge");
        assertRefused(header.replaceAll("_0x.{130}_", "_0x" + "0".repeat(130) + "_"), "a signature");
    }

    @Test
    void whoAsksForTooManyPushesOutTheOldest() {
        var few = new Challenges(DOMAIN, clock, 2);
        var oldest = signed(ALICE, few.issue("65535", ALICE.address()));
        var newer = signed(ALICE, few.issue("65535", ALICE.address()));
        few.issue("65535", BOB.address());

        assertThatThrownBy(() -> few.caller(Optional.of(oldest))).isInstanceOf(Refusal.class);
        assertThat(few.caller(Optional.of(newer))).isEqualTo(ALICE.address());
    }

    private Challenges.TypedData challenge(Wallet wallet) {
        return challenges.issue("65535", wallet.address());
    }

    /// As iExec's clients do it.
    static String signed(Wallet wallet, Challenges.TypedData challenge) {
        var hash = DOMAIN.hash(challenge.message().challenge());
        return "%s_%s_%s".formatted(hash, wallet.sign(hash).bytes(), wallet.address());
    }

    private void assertRefused(String header, String why) {
        assertThatThrownBy(() -> challenges.caller(Optional.of(header)))
                .isInstanceOfSatisfying(
                        Refusal.class, refusal -> assertThat(refusal.problem()).isEqualTo(Problem.UNSIGNED))
                .hasMessageContaining(why);
    }
}
