package bourse.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AddressTest {
    /// The test cases of EIP-55.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "0x52908400098527886E0F7030069857D2E4169EE7",
                "0x8617E340B3D01FA5F11F306F4090FD50E238070D",
                "0xde709f2102306220921060314715629080e2fb77",
                "0x27b1fdb04752bbc536007a920d24acb045561c26",
                "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed",
                "0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359",
                "0xdbF03B407c01E7cD3CBea99509d93f8DDDC8C6FB",
                "0xD1220A0cf47c7B9Be7A2E6BA89F429762e7b9aDb"
            })
    void printsItsChecksum(String checksummed) {
        assertThat(Address.parse(checksummed.toLowerCase(Locale.ROOT))).hasToString(checksummed);
        assertThat(Address.parse(checksummed)).isEqualTo(Address.parse(checksummed.substring(2)));
    }

    @Test
    void ofAKeyIsTheOneThatEveryWalletShows() {
        assertThat(Wallet.of(new Bytes32("%064x".formatted(1))).address())
                .hasToString("0x7E5F4552091A69125d5DfCb7b8C2659029395Bdf");
        assertThat(Wallet.of(new Bytes32("%064x".formatted(2))).address())
                .hasToString("0x2B5AD5c4795c026514f8317c7a215E218DcCD6cF");
        assertThat(Wallet.of(new Bytes32("%064x".formatted(3))).address())
                .hasToString("0x6813Eb9362372EEF6200f3b1dbC3f819671cBA69");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "0x",
                "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAe",
                "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAedff",
                "0x0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed",
                "5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAeg",
                " 5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAe",
                "٥aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed",
                "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAeｄ"
            })
    void refusesWhatIsNoAddress(String text) {
        assertThatThrownBy(() -> Address.parse(text)).isInstanceOf(Malformed.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "0x1", "0xzz", "0x 0", "-1", "+1", "0X0x"})
    void bytesRefuseWhatIsNotHexadecimal(String text) {
        assertThatThrownBy(() -> Bytes.parse(text)).isInstanceOf(Malformed.class);
    }

    @Test
    void bytesReadDigitsInAnyCase() {
        assertThat(Bytes.parse("0XABcd")).isEqualTo(new Bytes("abcd")).hasToString("0xabcd");
        assertThat(Bytes.parse("0x")).isEqualTo(Bytes.EMPTY);
        assertThat(Bytes.utf8("é中").asUtf8()).isEqualTo("é中");
    }
}
