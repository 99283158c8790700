package bourse.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CidTest {
    private static final String HELLO = "bafkreifzjut3te2nhyekklss27nh3k72ysco7y32koao5eei66wof36n5e";

    /// What IPFS calls these bytes (`ipfs add --cid-version 1 --raw-leaves`).
    @ParameterizedTest
    @CsvSource({
        "'', bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku",
        "hello world, bafkreifzjut3te2nhyekklss27nh3k72ysco7y32koao5eei66wof36n5e"
    })
    void namesBytesAsIpfsDoes(String text, String name) {
        var cid = new Cid(Sha256.of(text.getBytes(StandardCharsets.UTF_8)));

        assertThat(cid).hasToString(name);
        assertThat(Cid.parse(name)).isEqualTo(cid);
        assertThat(Cid.ofPath("/ipfs/" + name)).isEqualTo(cid);
        assertThat(cid.path()).isEqualTo("/ipfs/" + name);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "b",
                "QmYwAPJzv5CZsnA625s3Xf2nemtYgPpHdWEz79ojWnPbdG",
                "bafybeigdyrzt5sfp7udm7hu76uh7y26nf3efuylqabf3oclgtqy55fbzdi",
                "bafkreifzjut3te2nhyekklss27nh3k72ysco7y32koao5eei66wof36n5",
                "bafkreifzjut3te2nhyekklss27nh3k72ysco7y32koao5eei66wof36n5ee",
                "bafkreifzjut3te2nhyekklss27nh3k72ysco7y32koao5eei66wof36n51",
                "bafkreifzjut3te2nhyekklss27nh3k72ysco7y32koao5eei66wof36n5=",
                "bafkreifzjut3te2nhyekklss27nh3k72ysco7y32koao5eei66wof36n5f",
                "../../../../../../../../../../../../../../../etc/passwd/////"
            })
    void refusesEveryOtherName(String text) {
        assertThatThrownBy(() -> Cid.parse(text)).isInstanceOf(Malformed.class);
        assertThatThrownBy(() -> Cid.ofPath("/ipfs/" + text)).isInstanceOf(Malformed.class);
    }

    @Test
    void hasOneWayToBeWritten() {
        assertThatThrownBy(() -> Cid.parse(HELLO.toUpperCase(Locale.ROOT))).isInstanceOf(Malformed.class);
        assertThatThrownBy(() -> Cid.parse("b" + HELLO.substring(1).toUpperCase(Locale.ROOT)))
                .isInstanceOf(Malformed.class);
        assertThatThrownBy(() -> Cid.ofPath(HELLO)).isInstanceOf(Malformed.class);
        assertThatThrownBy(() -> Cid.ofPath("/ipfs/" + HELLO + "/file")).isInstanceOf(Malformed.class);
    }

    @Test
    void aResultsLinkIsTheJsonOfIExecsClients() {
        var link = new ResultLink(Cid.parse(HELLO));

        assertThat(link.results().asUtf8()).isEqualTo("{\"storage\":\"ipfs\",\"location\":\"/ipfs/" + HELLO + "\"}");
        assertThat(ResultLink.parse(link.results())).isEqualTo(link);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "{", "{}", "[]", "null", "{\"location\":3}", "{\"location\":\"/ipfs/x\"}", "\"/ipfs/x\""})
    void otherResultsAreNoLink(String json) {
        assertThatThrownBy(() -> ResultLink.parse(Bytes.utf8(json))).isInstanceOf(Malformed.class);
    }
}
