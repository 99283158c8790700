package bourse.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ParamsTest {
    private static final String LETTERS = "ab0 \t\n\\\"'{}[]:,$é中\u00a0\u2003";

    @Test
    void splitsArgumentsAsAShellDoes() {
        assertThat(split("1200 800")).containsExactly("1200", "800");
        assertThat(split("  a \t b\n")).containsExactly("a", "b");
        assertThat(split("")).isEmpty();
        assertThat(split("'a b' \"c d\" e' 'f")).containsExactly("a b", "c d", "e f");
        assertThat(split("''  \"\"")).containsExactly("", "");
        assertThat(split("a\\ b \\\" \\\\ \"\\\"\" '\\'")).containsExactly("a b", "\"", "\\", "\"", "\\");
        assertThat(split("\"it's\" 'say \"x\"'")).containsExactly("it's", "say \"x\"");
    }

    @Test
    void refusesAQuoteThatIsNotClosed() {
        assertThatThrownBy(() -> split("a 'b")).isInstanceOf(Malformed.class);
        assertThatThrownBy(() -> split("\"")).isInstanceOf(Malformed.class);
        assertThatThrownBy(() -> Params.parse("{\"iexec_args\":\"'\"}")).isInstanceOf(Malformed.class);
    }

    @Test
    void readsWhatItWrote() {
        var random = new Random(1);
        for (int i = 0; i < 2000; i++) {
            var arguments =
                    Stream.generate(() -> text(random)).limit(random.nextInt(6)).toList();
            var params = new Params(
                    arguments,
                    arguments.isEmpty() ? List.of("ipfs://x?filename=y") : List.of(),
                    new Params.Needs(
                            text(random),
                            text(random),
                            1 + random.nextInt(9),
                            random.nextInt(9),
                            random.nextInt(9),
                            0));

            assertThat(Params.parse(params.json())).isEqualTo(params);
        }
    }

    @Test
    void readsWhatAMachineMustHave() {
        assertThat(Params.parse("{\"requirements\":\"Memory > 1\",\"rank\":\"Speed\","
                                + "\"resources\":{\"cores\":2,\"memory\":1024,\"disk\":7,\"gpus\":1}}")
                        .needs())
                .isEqualTo(new Params.Needs("Memory > 1", "Speed", 2, 1024, 7, 1));
        for (var wrong :
                List.of("{\"cores\":0}", "{\"cores\":1e9}", "{\"memory\":-1}", "{\"gpus\":\"1\"}", "[]", "7")) {
            assertThatThrownBy(() -> Params.parse("{\"resources\":" + wrong + "}"))
                    .as(wrong)
                    .isInstanceOf(Malformed.class);
        }
    }

    @Test
    void writesTheKeysOfIExec() {
        assertThat(new Params(List.of("a b", "c"), List.of("https://example.com/in")).json())
                .isEqualTo("{\"iexec_args\":\"\\\"a b\\\" c\",\"iexec_input_files\":[\"https://example.com/in\"],"
                        + "\"iexec_result_storage_provider\":\"ipfs\"}");
        assertThat(Params.NONE.json()).isEqualTo("{\"iexec_result_storage_provider\":\"ipfs\"}");
    }

    @Test
    void takesTextThatIsNoObjectForArguments() {
        assertThat(Params.parse("1200 800").arguments()).containsExactly("1200", "800");
        assertThat(Params.parse("")).isEqualTo(Params.NONE);
        assertThat(Params.parse("  ")).isEqualTo(Params.NONE);
        assertThat(Params.parse("12").arguments()).containsExactly("12");
        assertThat(Params.parse("null").arguments()).containsExactly("null");
        assertThat(Params.parse("[1]").arguments()).containsExactly("[1]");
        assertThat(Params.parse("{a").arguments()).containsExactly("{a");
        assertThat(Params.parse("[".repeat(20_000)).arguments()).containsExactly("[".repeat(20_000));
    }

    @Test
    void passesOverKeysThatItDoesNotKnow() {
        assertThat(Params.parse("{\"iexec_secrets\":{\"1\":\"s\"},\"iexec_args\":null}"))
                .isEqualTo(Params.NONE);
    }

    @Test
    void refusesKnownKeysOfTheWrongType() {
        assertThatThrownBy(() -> Params.parse("{\"iexec_args\":3}")).isInstanceOf(Malformed.class);
        assertThatThrownBy(() -> Params.parse("{\"iexec_args\":[\"a\"]}")).isInstanceOf(Malformed.class);
        assertThatThrownBy(() -> Params.parse("{\"iexec_input_files\":\"a\"}")).isInstanceOf(Malformed.class);
        assertThatThrownBy(() -> Params.parse("{\"iexec_input_files\":[3]}")).isInstanceOf(Malformed.class);
    }

    @Test
    void refusesTooMuch() {
        assertThatThrownBy(() -> Params.parse("a".repeat(Params.LARGEST + 1))).isInstanceOf(Malformed.class);
        var files = Collections.nCopies(Params.MOST_INPUT_FILES + 1, "https://example.com");
        assertThatThrownBy(() -> new Params(List.of(), files)).isInstanceOf(Malformed.class);
    }

    private static List<String> split(String line) {
        return Params.split(line);
    }

    private static String text(Random random) {
        return random.ints(random.nextInt(8), 0, LETTERS.length())
                .mapToObj(i -> String.valueOf(LETTERS.charAt(i)))
                .reduce("", String::concat);
    }
}
