package bourse.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import org.junit.jupiter.api.Test;

class TextTest {
    @Test
    void strangersTextCanNotSteerATerminal() {
        assertThat(Text.brief("\u001b[31mred\u001b[0m\r\nnext\u202eline\u0000 \ud800"))
                .isEqualTo("[31mred [0m next line");
    }

    @Test
    void keepsTheEndOfWhatAProgramSaid() {
        var said = ("x".repeat(10_000) + " the reason\n").getBytes(StandardCharsets.UTF_8);

        assertThat(Text.tail(said)).hasSize(501).startsWith("…x").endsWith("x the reason");
    }

    @Test
    void readsBytesThatAreNoText() {
        assertThat(Text.tail(new byte[] {'a', (byte) 0xff, 'b'})).isEqualTo("a\ufffdb");
    }

    @Test
    void doesNotTellWhereThisMachinesFilesAre() {
        var full = new FileSystemException("/home/alice/secret", null, "No space left on device");

        assertThat(Text.reason(new UncheckedIOException(full))).isEqualTo("No space left on device");
        assertThat(Text.reason(new NoSuchFileException("/home/alice/secret"))).isEqualTo("NoSuchFileException");
        assertThat(Text.reason(new IOException("storage is away"))).isEqualTo("storage is away");
    }

    @Test
    void theEndOfALogIsCutBetweenCharacters() {
        assertThat(Text.end("abcdef".getBytes(StandardCharsets.UTF_8), 3)).isEqualTo("def");
        assertThat(Text.end("ab\u00e9\ud83d\ude00".getBytes(StandardCharsets.UTF_8), 3))
                .isEqualTo("\u00e9\ud83d\ude00");
        assertThat(Text.end("ab\ud83d\ude00c".getBytes(StandardCharsets.UTF_8), 2))
                .isEqualTo("c");
        assertThat(Text.end(new byte[] {'a', (byte) 0xff, '\n'}, 3)).isEqualTo("a\ufffd\n");
    }
}
