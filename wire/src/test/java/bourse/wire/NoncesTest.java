package bourse.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bourse.protocol.Address;
import bourse.protocol.Bytes32;
import bourse.testing.VirtualClock;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class NoncesTest {
    private static final Address CALLER = new Address("01".repeat(20));
    private static final Bytes32 NONCE = new Bytes32("02".repeat(32));

    private final VirtualClock clock = VirtualClock.atNoon();
    private final Nonces nonces = new MemoryNonces(clock, 2);

    @Test
    void aCallerUsesANonceOnce() {
        var until = clock.instant().plusSeconds(30);

        assertThat(nonces.isFirst(CALLER, NONCE, until)).isTrue();
        assertThat(nonces.isFirst(CALLER, NONCE, until)).isFalse();
        assertThat(nonces.isFirst(Address.ZERO, NONCE, until)).isTrue();
    }

    @Test
    void aNonceIsRememberedUntilItsCallHasExpired() {
        var until = clock.instant().plusSeconds(30);
        nonces.isFirst(CALLER, NONCE, until);

        clock.advance(Duration.ofSeconds(30));

        assertThat(nonces.isFirst(CALLER, NONCE, until)).isFalse();
    }

    @Test
    void whatIsFullRefusesInsteadOfForgetting() {
        var until = clock.instant().plusSeconds(30);
        nonces.isFirst(CALLER, NONCE, until);
        nonces.isFirst(CALLER, Bytes32.ZERO, until);

        assertThatThrownBy(() -> nonces.isFirst(CALLER, Bytes32.random(), until))
                .isInstanceOf(Nonces.Full.class);
        assertThat(nonces.isFirst(CALLER, NONCE, until)).isFalse();

        clock.advance(Duration.ofSeconds(60));
        assertThat(nonces.isFirst(CALLER, Bytes32.random(), until.plusSeconds(60)))
                .isTrue();
    }

    @Test
    void everyRunHasAnEpochOfItsOwn() {
        assertThat(nonces.epoch()).isNotEqualTo(new MemoryNonces(clock).epoch());
    }
}
