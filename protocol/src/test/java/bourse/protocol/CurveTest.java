package bourse.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class CurveTest {
    private static final BigInteger N = Signature.ORDER;
    private static final byte[] ZERO = new byte[32];
    private static final byte[] LAST = Abi.word(N.subtract(BigInteger.ONE));

    @TempDir
    Path temporary;

    private final Random random = new Random(1);

    static List<Curve> curves() throws IOException {
        return onLinux() ? List.of(new BouncyCurve(), NativeCurve.load()) : List.of(new BouncyCurve());
    }

    @Test
    void isTheLibraryWhereItIsPacked() {
        assertThat(Curve.fastest()).isInstanceOf(onLinux() ? NativeCurve.class : BouncyCurve.class);
    }

    @Test
    void leavesNoFileOfTheLibrary() throws IOException {
        assumeTrue(onLinux());

        NativeCurve.load("Linux " + System.getProperty("os.arch"), temporary);

        assertThat(temporary).isEmptyDirectory();
    }

    @ParameterizedTest
    @MethodSource("curves")
    void signsAsEverybodyWhoFollowsRfc6979(Curve curve) {
        assertThat(signed(curve, BigInteger.ONE, "Satoshi Nakamoto"))
                .isEqualTo("934b1ea10a4b3c1757e2b0c017d0b6143ce3c9a7e6a4a49860d7a6ab210ee3d8"
                        + "2442ce9d2b916064108014783e923ec36b49743e2ffa1c4496f01a512aafd9e5");
        assertThat(signed(
                        curve,
                        BigInteger.ONE,
                        "All those moments will be lost in time, like tears in rain. Time to die..."))
                .isEqualTo("8600dbd41e348fe5c9465ab92d23e3db8b98b873beecd930736488696438cb6b"
                        + "547fe64427496db33bf66019dacbf0039c04199abb0122918601db38a72cfc21");
        assertThat(signed(curve, N.subtract(BigInteger.ONE), "Satoshi Nakamoto"))
                .isEqualTo("fd567d121db66e382991534ada77a6bd3106f0a1098c231e47993447cd6af2d0"
                        + "6b39cd0eb1bc8603e159ef5c20a5c8ad685a45b06ce9bebed3f153d10d93bed5");
    }

    @ParameterizedTest
    @MethodSource("curves")
    void signsAsEthereumsWalletsDo(Curve curve) {
        // EIP-155's own example.
        var signature = curve.sign(
                hex("46".repeat(32)), hex("daf5a779ae972f972197303d7b574746c7ef83eadac0f2791ad23db92e4c8e53"));

        assertThat(signature.bytes().hex())
                .isEqualTo("28ef61340bd939bc2195fe537567866003e1a15d3c71ff63e1590620aa636276"
                        + "67cbe9d8997f761aecb703304b3800ccf555c9f3dc64214b297fb1966a3b6d83"
                        + "1b");
    }

    @ParameterizedTest
    @MethodSource("curves")
    void knowsThePublicKeysOfTheFirstAndTheLastKey(Curve curve) {
        var x = "79be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798";

        assertThat(HexFormat.of().formatHex(curve.publicKey(Abi.word(BigInteger.ONE))))
                .isEqualTo("04" + x + "483ada7726a3c4655da4fbfc0e1108a8fd17b448a68554199c47d08ffb10d4b8");
        assertThat(HexFormat.of().formatHex(curve.publicKey(LAST)))
                .isEqualTo("04" + x + "b7c52588d95c3b9aa25b0403f1eef75702e84bb7597aabe663b82f6f04ef2777");
    }

    @ParameterizedTest
    @MethodSource("curves")
    void leavesTheKeyAndTheHashAsTheyAre(Curve curve) {
        var key = word();
        var hash = word();
        var keyBefore = key.clone();
        var hashBefore = hash.clone();

        curve.publicKey(key);
        curve.signer(curve.sign(key, hash), hash);

        assertThat(key).isEqualTo(keyBefore);
        assertThat(hash).isEqualTo(hashBefore);
    }

    @ParameterizedTest
    @MethodSource("curves")
    void refusesAnRThatIsOnNoPoint(Curve curve) {
        // 5³ + 7 is no square.
        for (var odd : new boolean[] {true, false}) {
            var signature = new Signature(BigInteger.valueOf(5), BigInteger.ONE, odd);

            assertThatThrownBy(() -> curve.signer(signature, word())).isInstanceOf(Malformed.class);
        }
    }

    @ParameterizedTest
    @MethodSource("curves")
    void refusesASignatureThatLeadsToThePointAtInfinity(Curve curve) {
        // With the generator as its nonce point, s is the hash, so that both cancel out.
        var x = new BigInteger(1, curve.publicKey(Abi.word(BigInteger.ONE)), 1, 32);
        var signature = new Signature(x, BigInteger.TEN, false);

        assertThatThrownBy(() -> curve.signer(signature, Abi.word(BigInteger.TEN)))
                .isInstanceOf(Malformed.class);
    }

    @ParameterizedTest
    @MethodSource("curves")
    void manyMaySignAtOnce(Curve curve) throws Exception {
        var calls = new ArrayList<Callable<Boolean>>();
        for (int i = 0; i < 200; i++) {
            var key = word();
            var hash = word();
            calls.add(() -> {
                var publicKey = curve.signer(curve.sign(key, hash), hash);
                return HexFormat.of().formatHex(publicKey).equals(HexFormat.of().formatHex(curve.publicKey(key)));
            });
        }
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (var answer : threads.invokeAll(calls)) {
                assertThat(answer.get()).isTrue();
            }
        }
    }

    @Test
    void bothSignTheSame() throws IOException {
        assumeTrue(onLinux());
        var ours = new BouncyCurve();
        var theirs = NativeCurve.load();
        for (var key : keys()) {
            for (var hash : hashes()) {
                var signature = ours.sign(key, hash);

                assertThat(theirs.sign(key, hash)).isEqualTo(signature);
                assertThat(theirs.publicKey(key)).isEqualTo(ours.publicKey(key));
                assertThat(theirs.signer(signature, hash))
                        .isEqualTo(ours.signer(signature, hash))
                        .isEqualTo(ours.publicKey(key));
            }
        }
    }

    @Test
    void bothFindTheSameSignerOfAnything() throws IOException {
        assumeTrue(onLinux());
        var ours = new BouncyCurve();
        var theirs = NativeCurve.load();
        var refused = 0;
        for (int i = 0; i < 1000; i++) {
            var r = i % 4 == 0 ? BigInteger.valueOf(i / 4 + 1L) : number(N);
            var signature = new Signature(r, number(N.shiftRight(1)), random.nextBoolean());
            var hash = i % 3 == 0 ? hashes().get(i % hashes().size()) : word();

            var expected = signer(ours, signature, hash);

            assertThat(signer(theirs, signature, hash)).isEqualTo(expected);
            refused += expected.equals("refused") ? 1 : 0;
        }
        assertThat(refused).as("half of all numbers are on no point").isBetween(400, 600);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Mac OS X aarch64", "Windows 11 amd64", "Linux riscv64"})
    void takesNoLibraryOfAnotherMachine(String machine) {
        assertThatThrownBy(() -> NativeCurve.load(machine, temporary))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(machine);
    }

    private List<byte[]> keys() {
        var keys = new ArrayList<>(List.of(Abi.word(BigInteger.ONE), LAST, Abi.word(N.shiftRight(1))));
        for (int i = 0; i < 40; i++) {
            keys.add(word());
        }
        return keys;
    }

    /// Words of any size: hashes know nothing of the curve's order.
    private List<byte[]> hashes() {
        var hashes = new ArrayList<>(List.of(ZERO, LAST, Abi.word(N), hex("ff".repeat(32))));
        for (int i = 0; i < 8; i++) {
            hashes.add(word());
        }
        return hashes;
    }

    private static String signer(Curve curve, Signature signature, byte[] hash) {
        try {
            return HexFormat.of().formatHex(curve.signer(signature, hash));
        } catch (Malformed _) {
            return "refused";
        }
    }

    private static String signed(Curve curve, BigInteger key, String message) {
        var hash = Sha256.of(message.getBytes(StandardCharsets.US_ASCII)).bytes();
        return curve.sign(Abi.word(key), hash).bytes().hex().substring(0, 128);
    }

    /// 1 to `most`.
    private BigInteger number(BigInteger most) {
        return new BigInteger(1, word()).mod(most.subtract(BigInteger.ONE)).add(BigInteger.ONE);
    }

    private byte[] word() {
        var bytes = new byte[32];
        random.nextBytes(bytes);
        return bytes;
    }

    private static byte[] hex(String digits) {
        return HexFormat.of().parseHex(digits);
    }

    private static boolean onLinux() {
        return System.getProperty("os.name").equals("Linux");
    }
}
