package bourse.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Hashes and signatures that ethers 6 (npm) computed for the same values: `TypedDataEncoder.hash`,
/// `Wallet.signTypedData`, `Wallet.signMessage`, `solidityPackedKeccak256`.
class DomainTest {
    private static final Domain DOMAIN = new Domain(134, Address.parse("0x3eca1B216A7DF1C7689aEb259fFB83ADFB894E7f"));
    private static final Wallet WALLET =
            Wallet.of(Bytes32.parse("0x4c0883a69102937d6231471b5dbb6204fe5129617082792ae468d01a3f362318"));
    private static final Digest DIGEST = new Digest(word(0x2a));
    private static final DealId DEAL =
            DealId.parse("0x2415dd56eb6617141994c35209fe987bc6b05cf1e54c0d284e3655c42ec34c68");
    private static final TaskId TASK =
            TaskId.parse("0x33d67985afc6757f7f0a000cef757e944a2433e98647654931197a537bab48e5");

    record Vector(Order order, String hash, String signature) {}

    static Stream<Vector> vectors() {
        return Stream.of(
                new Vector(
                        new Order.App(
                                address(1),
                                Rlc.parse("2"),
                                3,
                                new Tag(word(4)),
                                address(5),
                                address(6),
                                address(7),
                                word(8)),
                        "0x4b7550fbcd2598591a69f68b9557600eecebc44ccf2a506340b4c3709440bc5d",
                        "0x3690e29dc12e3a5939509e57d59d44166bd0d070a76ac33cf3ca2b93118f5c30"
                                + "7f67a2816786515ef83626b13e1d91399ac78367926f8de92bfcc954a83f280d1b"),
                new Vector(
                        new Order.Dataset(
                                address(1),
                                Rlc.parse("2"),
                                3,
                                new Tag(word(4)),
                                address(5),
                                address(6),
                                address(7),
                                word(8)),
                        "0xf95709d34ce5f335717da192902842e716822800ae015874e339698cdb90e0c5",
                        "0x1ab169247a387991c7589a138d9cd0bd5ea84824ea144765605c58e8bcd89635"
                                + "6791fe356cfeac7a26c2c3e206f8cfcc3aa161f9633fc3fb1ee8c002183be9a51c"),
                new Vector(
                        new Order.Workerpool(
                                address(1),
                                Rlc.parse("2"),
                                3,
                                new Tag(word(4)),
                                5,
                                6,
                                address(7),
                                address(8),
                                address(9),
                                word(10)),
                        "0x403736b32950963625a2439d630eb0b613ae14c4e72b22c58c7d8f7752d199ce",
                        "0xb2f6c531720032b0845158873de68335b06a5df69bd16c937e02ac4052149c05"
                                + "71da4964a8080328f187893a5da42fb81fec8ce7efd0d4e5765013d982b14c911b"),
                new Vector(
                        new Order.Request(
                                address(1),
                                Rlc.parse("2"),
                                address(3),
                                Rlc.parse("4"),
                                address(5),
                                Rlc.parse("6"),
                                address(7),
                                8,
                                new Tag(word(9)),
                                10,
                                11,
                                address(12),
                                address(13),
                                "{\"iexec_args\":\"é 中\"}",
                                word(14)),
                        "0x7e58f747088282859dabbf533bc11170327dbfba35bdf0637832e269b8cd2b3e",
                        "0x6f02dbd74928c37b3637d83c9b8184490fefee46ee7b13194fbffeebefe254b2"
                                + "754472af4cf6e9483cd481fbe94f83d2a2f5283f9db87652f8897431c07d9cbb1c"));
    }

    @Test
    void separatesMarkets() {
        assertThat(DOMAIN.separator())
                .isEqualTo(Bytes32.parse("0xf2cbd98a556869939d25b73c3fa68ba45f19932f8c9a06f744c98290ed9ef860"));
    }

    @ParameterizedTest
    @MethodSource("vectors")
    void hashesOrdersAsEveryWalletDoes(Vector vector) {
        assertThat(DOMAIN.hash(vector.order())).isEqualTo(Bytes32.parse(vector.hash()));
    }

    @ParameterizedTest
    @MethodSource("vectors")
    void signsOrdersAsEveryWalletDoes(Vector vector) {
        var signed = DOMAIN.sign(vector.order(), WALLET);

        assertThat(signed.signature()).isEqualTo(Bytes.parse(vector.signature()));
        assertThat(Signature.parse(signed.signature()).signer(DOMAIN.hash(vector.order())))
                .isEqualTo(WALLET.address());
    }

    @Test
    void signsCallsAsEveryWalletDoes() {
        var call = new Call(
                address(1),
                "https://pool.example:8443",
                word(2),
                "POST",
                "/v1/pool/ask?é=中",
                word(3),
                word(4),
                Instant.ofEpochSecond(1580644800),
                Instant.ofEpochSecond(1580644830));

        assertThat(DOMAIN.hash(call))
                .isEqualTo(Bytes32.parse("0x40fe1d3149d28f78cbd931ec98bc7b865d22b709433ae3cff6a5901520c1e36e"));
        assertThat(WALLET.sign(DOMAIN.hash(call)).bytes())
                .isEqualTo(Bytes.parse("0x05509ae0934c0c25f3fb6cae0c74c241e5e5d76e1af4c5f2656cb992b7b0b115"
                        + "61dc425756c2dce23ab0b607464d86db4b847350cf1ceb8e7a63497352a4113b1b"));
    }

    @Test
    void namesTasksAndSealsResultsAsTheContractsDo() {
        assertThat(DEAL.task(9)).isEqualTo(TASK);
        assertThat(DIGEST.hash(TASK))
                .isEqualTo(Bytes32.parse("0x5bd2a3b6e72d8f57e2d914382d1f68f63df4ceb0b17f08a4cf908cb2c68c2df3"));
        assertThat(DIGEST.seal(address(1), TASK))
                .isEqualTo(Bytes32.parse("0x346694c85942912408037e6d34f8f7f56cfbdd12d00daf211bb3ca1cdc52d43e"));
    }

    @Test
    void authorizesAsTheContractsCheck() {
        var authorization = Authorization.sign(address(1), TASK, Address.ZERO, WALLET);

        assertThat(authorization.signature())
                .isEqualTo(Bytes.parse("0x7a5dafc9a00114d50f4be1015c37726dcaf1f2cdc3845f32484cf52b5eebc2d6"
                        + "3173c4ca4e4f19047fb6b2f432fad558edc1459aa01afcf0e2ebeb562962b2d81b"));
        assertThat(authorization.signer()).isEqualTo(WALLET.address());
        assertThat(new Authorization(address(2), TASK, Address.ZERO, authorization.signature()).signer())
                .isNotEqualTo(WALLET.address());
    }

    @Test
    void anOrderServesAtLeastOneTask() {
        assertThatThrownBy(() -> Order.App.open(address(1), Rlc.ZERO, 0)).isInstanceOf(Malformed.class);
        assertThatThrownBy(() -> Order.Workerpool.open(address(1), Rlc.ZERO, -1, 0, 1))
                .isInstanceOf(Malformed.class);
        assertThatThrownBy(() -> Order.Workerpool.open(address(1), Rlc.ZERO, 1, -1, 1))
                .isInstanceOf(Malformed.class);
        assertThatThrownBy(() -> Order.Workerpool.open(address(1), Rlc.ZERO, 1, 0, -1))
                .isInstanceOf(Malformed.class);
    }

    private static Address address(int number) {
        return new Address("%02x".formatted(number).repeat(20));
    }

    private static Bytes32 word(int number) {
        return new Bytes32("%02x".formatted(number).repeat(32));
    }
}
