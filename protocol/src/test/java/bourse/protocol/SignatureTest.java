package bourse.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SignatureTest {
    private static final BigInteger N =
            new BigInteger("fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141", 16);
    private static final Bytes32 HASH = Keccak.of(new byte[] {42});
    private final Random random = new Random(1);

    @Test
    void provesItsSigner() {
        for (int i = 0; i < 50; i++) {
            var wallet = Wallet.of(word());
            var hash = word();

            var signature = wallet.sign(hash);

            assertThat(Signature.parse(signature.bytes())).isEqualTo(signature);
            assertThat(signature.signer(hash)).isEqualTo(wallet.address());
            assertThat(signature.signer(word())).isNotEqualTo(wallet.address());
        }
    }

    @Test
    void isTheSameEachTime() {
        var wallet = Wallet.random();

        assertThat(wallet.sign(HASH)).isEqualTo(wallet.sign(HASH));
    }

    @Test
    void hasNoTwin() {
        var signature = Wallet.of(word()).sign(HASH);

        // n − s with the other parity proves the same signer to whoever accepts it.
        assertThatThrownBy(() -> new Signature(signature.r(), N.subtract(signature.s()), !signature.odd()))
                .isInstanceOf(Malformed.class);
    }

    @Test
    void readsBothWaysToWriteItsLastByte() {
        var signature = Wallet.of(word()).sign(HASH);
        var hex = signature.bytes().hex();
        var bare = new Bytes(hex.substring(0, 128) + (signature.odd() ? "01" : "00"));

        assertThat(Signature.parse(bare)).isEqualTo(signature);
    }

    @ParameterizedTest
    @ValueSource(strings = {"02", "1a", "1d", "ff"})
    void refusesAnyOtherLastByte(String v) {
        var hex = Wallet.of(word()).sign(HASH).bytes().hex();

        assertThatThrownBy(() -> Signature.parse(new Bytes(hex.substring(0, 128) + v)))
                .isInstanceOf(Malformed.class);
    }

    @Test
    void refusesNumbersOutsideOfTheCurvesOrder() {
        for (var wrong : new BigInteger[] {BigInteger.ZERO, N, N.add(BigInteger.ONE), BigInteger.ONE.negate()}) {
            assertThatThrownBy(() -> new Signature(wrong, BigInteger.ONE, false))
                    .isInstanceOf(Malformed.class);
            assertThatThrownBy(() -> new Signature(BigInteger.ONE, wrong, false))
                    .isInstanceOf(Malformed.class);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 64, 66, 130})
    void takesSixtyFiveBytes(int length) {
        assertThatThrownBy(() -> Signature.parse(new Bytes("01".repeat(length))))
                .isInstanceOf(Malformed.class);
    }

    @Test
    void garbageProvesNothingOrSomeoneElse() {
        var wallet = Wallet.of(word());
        var bytes = wallet.sign(HASH).bytes().bytes();
        for (int i = 0; i < 65 * 8; i++) {
            var broken = bytes.clone();
            broken[i / 8] ^= (byte) (1 << (i % 8));
            try {
                assertThat(Signature.parse(Bytes.of(broken)).signer(HASH)).isNotEqualTo(wallet.address());
            } catch (Malformed _) {
                // as good
            }
        }
    }

    @Test
    void aKeyIsANumberOfTheCurve() {
        assertThatThrownBy(() -> Wallet.of(Bytes32.ZERO)).isInstanceOf(Malformed.class);
        assertThatThrownBy(() -> Wallet.of(new Bytes32(N.toString(16)))).isInstanceOf(Malformed.class);
        assertThat(Wallet.of(new Bytes32(N.subtract(BigInteger.ONE).toString(16)))
                        .address())
                .isNotNull();
    }

    @Test
    void aWalletKeepsItsKeyToItself() {
        var wallet = Wallet.of(new Bytes32("ab".repeat(32)));

        assertThat(wallet.toString()).contains(wallet.address().toString()).doesNotContainIgnoringCase("abab");
    }

    private Bytes32 word() {
        var bytes = new byte[32];
        random.nextBytes(bytes);
        return Bytes32.of(bytes);
    }
}
