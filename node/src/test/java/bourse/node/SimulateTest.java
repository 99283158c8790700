package bourse.node;

import static org.assertj.core.api.Assertions.assertThat;

import bourse.node.command.Root;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SimulateTest {
    @TempDir
    Path directory;

    @Test
    void drawsWhatItPrints() throws Exception {
        var file = directory.resolve("plot.svg");

        int exit = Root.execute(
                "simulate", "--workers", "20", "--tasks", "400", "--runs", "2", "--plot", file.toString(), "--json");

        assertThat(exit).isZero();
        var svg = DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(file.toFile());
        assertThat(svg.getDocumentElement().getTagName()).isEqualTo("svg");
        assertThat(Files.readString(file)).contains("bourse", "first 2", "adaptive", "promised");
    }

    @Test
    void refusesWhatNobodyCanSimulate() {
        assertThat(Root.execute("simulate", "--strategy", "saintly")).isEqualTo(Problem.REFUSED);
        assertThat(Root.execute("simulate", "--faulty", "0.6")).isEqualTo(Problem.REFUSED);
        assertThat(Root.execute("simulate", "--spot-checks", "1.5", "--tasks", "10"))
                .isEqualTo(Problem.REFUSED);
    }
}
