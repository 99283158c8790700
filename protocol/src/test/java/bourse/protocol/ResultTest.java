package bourse.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.OptionalLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ResultTest {
    /// SHA-256 of `abc` (FIPS 180-2, B.1).
    private static final Digest ABC = Digest.parse("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");

    @TempDir
    Path temporary;

    private Path out;

    @BeforeEach
    void prepare() throws IOException {
        out = Files.createDirectory(temporary.resolve("out"));
        Files.createDirectory(temporary.resolve("outside"));
        Files.writeString(temporary.resolve("outside/secret"), "abc");
    }

    private void write(String name, String content) throws IOException {
        var file = out.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, content);
    }

    private void answers(String json) throws IOException {
        write(Result.COMPUTED, json);
    }

    private void answersWith(String path) throws IOException {
        answers("{\"deterministic-output-path\": \"%s\"}".formatted(path));
    }

    private void assertMalformed(String part) {
        assertThatThrownBy(() -> Result.read(out)).isInstanceOf(Malformed.class).hasMessageContaining(part);
    }

    @Test
    void takesStandardOutputWhereNothingElseIsSaid() throws IOException {
        write(Result.STDOUT, "abc");
        write("other.txt", "not the answer");

        assertThat(Result.read(out)).isEqualTo(new Result(ABC, Bytes.EMPTY));
    }

    @Test
    void aFilesDigestIsItsSha256() throws IOException {
        answersWith("/iexec_out/deep/er/result.txt");
        write("deep/er/result.txt", "abc");

        assertThat(Result.read(out)).isEqualTo(new Result(ABC, Bytes.EMPTY));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/iexec_out/./a.txt", "/iexec_out//a.txt", "/iexec_out/a.txt/"})
    void aPathMayBeWrittenLoosely(String path) throws IOException {
        answersWith(path);
        write("a.txt", "abc");

        assertThat(Result.read(out).digest()).isEqualTo(ABC);
    }

    @Test
    void aDirectorysDigestNamesAllFilesBelowIt() throws IOException {
        directory();

        // printf '%s' a > a; … ; sha256sum … | sha256sum, by GNU coreutils
        assertThat(Result.read(out).digest())
                .isEqualTo(Digest.parse("3680d274696ca49e98974bf8b84da1b99f6ee997b9d1fe25cc1f1e81d6f71371"));
    }

    @Test
    void aDirectorysDigestIsWhatSha256sumSays() throws IOException, InterruptedException {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/sha256sum")), "there is no sha256sum here");
        directory();
        var shell = new ProcessBuilder(
                        "sh",
                        "-c",
                        "find . -type f | sed 's,^./,,' | LC_ALL=C sort | xargs -d '\\n' sha256sum | sha256sum")
                .directory(out.resolve("dir").toFile())
                .start();
        var said = new String(shell.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        assertThat(shell.waitFor()).isZero();

        assertThat(Result.read(out).digest().value().hex()).isEqualTo(said.substring(0, 64));
    }

    /// Names whose order differs between bytes, UTF-16 and paths.
    private void directory() throws IOException {
        answersWith("/iexec_out/dir");
        write("dir/a", "1");
        write("dir/a.b", "2");
        write("dir/a-c/x", "3");
        write("dir/sub/deep/file with spaces.txt", "4");
        write("dir/Z", "");
        write("beside.txt", "not in it");
    }

    @Test
    void aRenamedFileChangesADirectorysDigest() throws IOException {
        answersWith("/iexec_out/dir");
        write("dir/a", "abc");
        var before = Result.read(out).digest();

        Files.move(out.resolve("dir/a"), out.resolve("dir/b"));

        assertThat(Result.read(out).digest()).isNotEqualTo(before);
    }

    @Test
    void aFileAtAnyDepthChangesADirectorysDigest() throws IOException {
        answersWith("/iexec_out/dir");
        write("dir/one/two/three", "abc");
        var before = Result.read(out).digest();

        write("dir/one/two/three", "abd");

        assertThat(Result.read(out).digest()).isNotEqualTo(before);
    }

    @Test
    void callbackDataIsHashedAsTheChainDoes() throws IOException {
        answers("{\"callback-data\": \"0xC0ffee\"}");

        assertThat(Result.read(out))
                .isEqualTo(new Result(
                        new Digest(Keccak.of(new byte[] {(byte) 0xc0, (byte) 0xff, (byte) 0xee})),
                        Bytes.parse("c0ffee")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "[]",
                "3",
                "",
                "{\"deterministic-output-path\": 3}",
                "{\"callback-data\": null}",
                "{\"deterministic-output-path\": \"/iexec_out/a\", \"callback-data\": \"0x00\"}",
            })
    void takesOneAnswer(String json) throws IOException {
        answers(json);

        assertMalformed("takes either a deterministic-output-path or callback-data");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{", "{\"callback-data\": \"0x00\"} x", "deterministic-output-path: /iexec_out/a"})
    void refusesWhatIsNotJson(String json) throws IOException {
        answers(json);

        assertMalformed("computed.json is not JSON");
    }

    @Test
    void refusesJsonThatIsNotUtf8() throws IOException {
        Files.write(out.resolve(Result.COMPUTED), new byte[] {'"', (byte) 0xff, '"'});

        assertMalformed("computed.json is not UTF-8");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0x0", "0xzz", "hello"})
    void refusesCallbackDataThatIsNotHexadecimal(String data) throws IOException {
        answers("{\"callback-data\": \"%s\"}".formatted(data));

        assertThatThrownBy(() -> Result.read(out)).isInstanceOf(Malformed.class);
    }

    @Test
    void refusesAnEndlessComputedJson() throws IOException {
        answers("{\"callback-data\": \"0x" + "00".repeat(1024 * 1024) + "\"}");

        assertMalformed("at most 1 MiB");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/etc/passwd", "result.txt", "", "/iexec_outside/a", "/iexec_out", "/iexec_out/\\u0000"})
    void refusesPathsElsewhere(String path) throws IOException {
        answersWith(path);

        assertMalformed("must begin with /iexec_out/");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/iexec_out/../secret", "/iexec_out/dir/../../secret", "/iexec_out/.."})
    void refusesPathsThatLeave(String path) throws IOException {
        answersWith(path);
        write("dir/a", "abc");

        assertMalformed("must not leave /iexec_out");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/iexec_out/", "/iexec_out/.", "/iexec_out/./"})
    void refusesAllOfTheOutput(String path) throws IOException {
        answersWith(path);

        assertMalformed("must name something below /iexec_out");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/iexec_out/link", "/iexec_out/away/secret"})
    void followsNoLink(String path) throws IOException {
        Files.createSymbolicLink(out.resolve("link"), Path.of("../outside/secret"));
        Files.createSymbolicLink(out.resolve("away"), Path.of("../outside"));
        answersWith(path);

        assertMalformed("must not leave /iexec_out");
    }

    @Test
    void refusesADirectoryWithALinkInIt() throws IOException {
        answersWith("/iexec_out/dir");
        write("dir/a", "abc");
        Files.createSymbolicLink(out.resolve("dir/link"), Path.of("a"));

        assertMalformed("plain files only");
    }

    @Test
    void refusesAComputedJsonThatIsALink() throws IOException {
        write("real.json", "{\"callback-data\": \"0x00\"}");
        Files.createSymbolicLink(out.resolve(Result.COMPUTED), Path.of("real.json"));

        assertMalformed("computed.json is not a file");
    }

    @Test
    void refusesStandardOutputThatIsALink() throws IOException {
        Files.createSymbolicLink(out.resolve(Result.STDOUT), Path.of("../outside/secret"));

        assertMalformed("the answer is not there");
    }

    @Test
    void refusesAnEmptyDirectory() throws IOException {
        answersWith("/iexec_out/dir");
        Files.createDirectories(out.resolve("dir/sub"));

        assertMalformed("empty directory");
    }

    /* PROGRAMS THAT FAILED */

    private static final Failure EXIT_3 = new Failure(Failure.Cause.EXIT_CODE, OptionalLong.of(3));

    @Test
    void aFailureIsReadBack() throws IOException {
        write(Result.ERROR, "{\"cause\":\"EXIT_CODE\",\"status\":3}");
        write(Result.STDERR, "no luck today");

        var result = Result.read(out);

        assertThat(result.failed()).contains(EXIT_3);
        assertThat(result.callbackData()).isEqualTo(Bytes.EMPTY);
        // printf '%s' '{"cause":"EXIT_CODE","status":3}' | openssl dgst -sha512-256
        assertThat(result.digest())
                .isEqualTo(EXIT_3.digest())
                .isEqualTo(Digest.parse("8404678c3d7f11de9d8426236f1e79645e655190d5c5d40ef691ea9b7ceb67ce"));
        assertThat(EXIT_3).hasToString("the program ended with exit status 3");
    }

    @Test
    void whatAFailingProgramPrintedIsNoPartOfTheVote() throws IOException {
        write(Result.ERROR, new Failure(Failure.Cause.TRAP).json());
        var silent = Result.read(out);
        write(Result.STDOUT, "at 12:00 in /tmp/x");

        assertThat(Result.read(out)).isEqualTo(silent);
    }

    @ParameterizedTest
    @EnumSource(Failure.Cause.class)
    void everyFailureHasADigestOfItsOwn(Failure.Cause cause) {
        var failure = cause == Failure.Cause.EXIT_CODE ? EXIT_3 : new Failure(cause);

        assertThat(Failure.parse(failure.json())).isEqualTo(failure);
        assertThat(EnumSet.complementOf(EnumSet.of(cause, Failure.Cause.EXIT_CODE)))
                .noneMatch(other -> new Failure(other).digest().equals(failure.digest()));
    }

    /// A program that prints an error, or calls back with one, has answered; it has not failed.
    @Test
    void noAnswerHasTheDigestOfAFailure() throws IOException {
        var json = EXIT_3.json();
        write(Result.STDOUT, json);
        assertThat(Result.read(out).digest()).isNotEqualTo(EXIT_3.digest());

        answers("{\"callback-data\": \"%s\"}".formatted(Bytes.utf8(json)));
        assertThat(Result.read(out).digest()).isNotEqualTo(EXIT_3.digest());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{}",
                "{\"cause\":\"LAZY\"}",
                "{\"cause\": \"TRAP\"}",
                "{\"cause\":\"TRAP\"}\n",
                "{\"cause\":\"TRAP\",\"cause\":\"TRAP\"}",
                "{\"cause\":\"TRAP\",\"status\":3}",
                "{\"cause\":\"EXIT_CODE\"}",
                "{\"cause\":\"EXIT_CODE\",\"status\":0}",
                "{\"cause\":\"EXIT_CODE\",\"status\":03}",
                "{\"cause\":\"EXIT_CODE\",\"status\":3.0}",
                "{\"cause\":\"EXIT_CODE\",\"status\":-3}",
                "{\"cause\":\"EXIT_CODE\",\"status\":4294967296}",
                "{\"status\":3,\"cause\":\"EXIT_CODE\"}",
            })
    void aFailureIsToldInOneWayOnly(String json) throws IOException {
        write(Result.ERROR, json);

        assertThatThrownBy(() -> Result.read(out)).isInstanceOf(Malformed.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {Result.COMPUTED, "answer.txt", "sub/error.json"})
    void aFailureComesWithoutFiles(String name) throws IOException {
        write(Result.ERROR, EXIT_3.json());
        write(name, "abc");

        assertMalformed("nothing but error.json and what it printed");
    }

    @Test
    void refusesAFailureThatIsALink() throws IOException {
        Files.writeString(temporary.resolve("outside/error.json"), EXIT_3.json());
        Files.createSymbolicLink(out.resolve(Result.ERROR), Path.of("../outside/error.json"));

        assertMalformed("error.json is not a file");
    }

    @Test
    void refusesWhatIsNotThere() throws IOException {
        answersWith("/iexec_out/nothing.txt");

        assertMalformed("what the program did not write: nothing.txt");
    }
}
