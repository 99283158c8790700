package bourse.worker;

import static org.assertj.core.api.Assertions.assertThat;

import bourse.classad.ClassAd;
import bourse.classad.Evaluator;
import bourse.classad.Form;
import bourse.classad.Limits;
import bourse.classad.Match;
import bourse.classad.Parser;
import bourse.classad.Semantics;
import bourse.protocol.Address;
import bourse.protocol.Pool;
import bourse.protocol.Rlc;
import bourse.sandbox.Program;
import bourse.worker.machine.Hardware;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DescriptionTest {
    private static final Pattern NAME = Pattern.compile("\\w+");
    private static final Hardware HARDWARE = new Hardware("X86_64", "LINUX", 1.25, List.of("A GPU"));
    private static final Policy FULL = Policy.of("eu \"north\"\n", 40, Rlc.parse("0.2"), "true", "0");

    private static String text(Policy policy, Share total, Share left) {
        return new Description(Settings.DEFAULT.withPolicy(policy), HARDWARE, Set.of(Program.Wasm.class))
                .of(total, left, List.of());
    }

    private static ClassAd ad(Policy policy, Share total, Share left) {
        return new Parser(Form.NEW, Semantics.OLD, Limits.DEFAULT).ad(text(policy, total, left));
    }

    private static boolean takes(ClassAd machine, String task) {
        var ad = ClassAd.parse("[Runtime = \"WASM\"; RequestDisk = 0; RequestGpus = 0; Requirements = true; " + task);
        return new Match(ad, machine, Evaluator.NEW).matches();
    }

    @ParameterizedTest
    @CsvSource({
        "RequestCpus = 2; RequestMemory = 600], true",
        "RequestCpus = 2], true",
        "RequestCpus = 3], false",
        "RequestCpus = 1; RequestMemory = 601], false",
        "RequestCpus = 1; RequestDisk = 11], false",
        "RequestCpus = 1; RequestGpus = 1], false",
        "RequestCpus = 1; Runtime = \"DOCKER\"], false",
    })
    void takesWhatThereIsRoomFor(String task, boolean takes) {
        assertThat(takes(ad(Policy.OPEN, new Share(4, 800, 10), new Share(2, 600, 10)), task))
                .isEqualTo(takes);
    }

    @Test
    void oneTaskGetsNoMoreThanThereIsWhereSlotsShareIt() {
        var machine = ad(Policy.OPEN, new Share(2, 512, 10), new Share(8, 4096, 10));

        assertThat(takes(machine, "RequestCpus = 3]")).isFalse();
        assertThat(takes(machine, "RequestCpus = 1; RequestMemory = 513]")).isFalse();
        assertThat(takes(machine, "RequestCpus = 1]")).isTrue();
    }

    @Test
    void takesNothingBelowItsPrice() {
        var machine = ad(FULL, new Share(1, 512, 10), new Share(1, 512, 10));

        assertThat(takes(machine, "RequestCpus = 1; Seconds = 300; Price = 1.0]"))
                .isTrue();
        assertThat(takes(machine, "RequestCpus = 1; Seconds = 300; Price = 0.99]"))
                .isFalse();
    }

    @Test
    void takesOnlyWhatItsOwnerWants() {
        var policy = Policy.of("", 0, Rlc.ZERO, "TARGET.Requester != \"0xbad\"", "0");
        var machine = ad(policy, new Share(1, 512, 10), new Share(1, 512, 10));

        assertThat(takes(machine, "RequestCpus = 1; Requester = \"0xgood\"]")).isTrue();
        assertThat(takes(machine, "RequestCpus = 1; Requester = \"0xbad\"]")).isFalse();
        assertThat(takes(machine, "RequestCpus = 1]")).isFalse();
    }

    @Test
    void keepsSilentAboutWhatItsOwnerDoesNotSay() {
        var share = new Share(1, 512, 10);

        assertThat(ad(FULL, share, share).size() - ad(Policy.OPEN, share, share).size())
                .isEqualTo(3);
        assertThat(text(FULL, share, share)).contains("Region = \"eu \\\"north\\\"\\n\"");
    }

    @Test
    void isNeverLongerThanAPoolReads() {
        var start = '"' + "é".repeat(249) + '"';
        var hardware = new Hardware("X86_64", "LINUX", 0.01, Collections.nCopies(40, "\u0001".repeat(100)));
        var policy = Policy.of("é".repeat(64), Integer.MAX_VALUE, Rlc.parse("0.123456789"), start, start);
        var apps = IntStream.range(0, Programs.MOST)
                .mapToObj(number -> new Address("%040x".formatted(number)))
                .toList();

        var text = new Description(
                        Settings.DEFAULT.withPolicy(policy), hardware, Set.of(Program.Wasm.class, Program.Image.class))
                .of(
                        new Share(Integer.MAX_VALUE, Long.MAX_VALUE, Long.MAX_VALUE),
                        new Share(Integer.MAX_VALUE, Long.MAX_VALUE, Long.MAX_VALUE),
                        apps);

        assertThat(text.length()).isLessThan(Pool.Ad.LONGEST_MACHINE);
    }

    @Test
    void hasTheAttributesThatTheDocumentationNames() throws Exception {
        var share = new Share(1, 512, 10);
        var page = Files.readString(Path.of("../docs/scheduling.md"));
        int table = page.indexOf("## What a machine says");
        var documented = Pattern.compile("^\\| (`\\w+`(?: `\\w+`)*) \\|", Pattern.MULTILINE)
                .matcher(page.substring(table, page.indexOf("\n## ", table + 1)))
                .results()
                .flatMap(row -> NAME.matcher(row.group(1)).results().map(MatchResult::group))
                .toList();

        assertThat(ad(FULL, share, share).attributes().stream().map(ClassAd.Attribute::name))
                .containsExactlyInAnyOrderElementsOf(documented);
    }
}
