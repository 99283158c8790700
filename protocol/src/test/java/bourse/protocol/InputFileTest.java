package bourse.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bourse.protocol.InputFile.Source;
import java.net.URI;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class InputFileTest {
    private static final Cid CID = new Cid(Sha256.of(new byte[0]));

    @Test
    void readsAStoredFile() {
        assertThat(InputFile.parse("ipfs://" + CID + "?filename=book.txt"))
                .isEqualTo(new InputFile("book.txt", new Source.Stored(CID)));
    }

    @Test
    void aStoredFileWithoutANameHasThatOfItsBytes() {
        assertThat(InputFile.parse("ipfs://" + CID).name()).isEqualTo(CID.toString());
    }

    @ParameterizedTest
    @CsvSource({
        "https://example.org/a/b/book.txt, book.txt",
        "http://example.org/book.txt?version=3#chapter, book.txt",
        "https://example.org:8443/with%20space, with space",
        "https://example.org/a+b, a+b",
        "https://example.org/%C3%A9, é",
        "https://example.org/..a, ..a",
    })
    void namesAFileOnTheWebByItsPath(String address, String name) {
        assertThat(InputFile.parse(address)).isEqualTo(new InputFile(name, new Source.Web(URI.create(address))));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "a b", "a+b", "50%", "a&filename=b", "é", "#?", "-rf", "a=b"})
    void whatItWritesItReads(String name) {
        var file = new InputFile(name, new Source.Stored(CID));

        assertThat(InputFile.parse(file.address())).isEqualTo(file);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "..",
                ".",
                "",
                "..%2F..%2Fetc%2Fpasswd",
                "%2Fetc%2Fpasswd",
                "a%5Cb",
                "a%00b",
                "a%0Ab",
                "a%7F",
            })
    void refusesNamesThatPointElsewhere(String name) {
        for (var address : List.of("ipfs://" + CID + "?filename=" + name, "https://example.org/" + name)) {
            assertThatThrownBy(() -> InputFile.parse(address))
                    .isInstanceOf(Malformed.class)
                    .hasMessageContaining("needs a name");
        }
    }

    @Test
    void refusesANameThatNoFileSystemTakes() {
        assertThatThrownBy(() -> new InputFile("é".repeat(128), new Source.Stored(CID)))
                .isInstanceOf(Malformed.class);
        assertThatThrownBy(() -> new InputFile("half a \ud800 character", new Source.Stored(CID)))
                .isInstanceOf(Malformed.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "book.txt",
                "/etc/passwd",
                "file:///etc/passwd",
                "ftp://example.org/book.txt",
                "jar:https://example.org/a.jar!/b",
                "mailto:a@example.org",
                "https:///book.txt",
                "https:book.txt",
                "https://example.org",
                "https://example.org/",
                "http://exa mple.org/a",
                "https://example.org/%zz",
                "https://example.org/%f",
                "ipfs://QmYwAPJzv5CZsnA625s3Xf2nemtYgPpHdWEz79ojWnPbdG",
                "ipfs:bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku",
                "ipfs://bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku/a",
            })
    void refusesOtherAddresses(String address) {
        assertThatThrownBy(() -> InputFile.parse(address)).isInstanceOf(Malformed.class);
    }

    @Test
    void refusesTwoFilesOfOneName() {
        var addresses = List.of("https://example.org/a", "https://example.com/b", "ipfs://" + CID + "?filename=a");

        assertThatThrownBy(() -> InputFile.parseAll(addresses))
                .isInstanceOf(Malformed.class)
                .hasMessageContaining("two input files have the name a");
    }
}
