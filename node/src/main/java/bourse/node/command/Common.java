package bourse.node.command;

import bourse.node.Doors;
import bourse.node.Home;
import bourse.node.Laptop;
import bourse.node.Laptop.Crew;
import bourse.node.Market;
import bourse.node.Problem;
import bourse.node.Remote;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import picocli.CommandLine.Option;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/// What every command has.
final class Common {
    private static final JsonMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();
    static final PrintStream OUT = new PrintStream(System.out, true, StandardCharsets.UTF_8);

    @Option(
            names = "--home",
            paramLabel = "DIR",
            description = "Where chain, wallets and results lie. Default: ~/.bourse")
    Path directory = Home.byDefault();

    @Option(names = "--json", description = "Answer as one JSON document.")
    boolean json;

    @Option(
            names = "--log-json",
            description = "Log to the standard error, a JSON document a line, rather than to the home's bourse.log.")
    boolean logsJson;

    Home home() {
        var home = new Home(directory);
        System.setProperty("bourse.log.to", logsJson ? "json" : "file");
        System.setProperty("bourse.log", home.resolve("bourse.log").toString());
        return home;
    }

    /// The market that is up; where none is, one that ends with this command.
    Market market(Home home, Crew crew) throws Problem, IOException, InterruptedException {
        var settings = home.settings();
        if (settings.chain().isElsewhere()) {
            return Doors.of(home, settings).signedBy(home.wallet("requester"));
        }
        var running = home.running();
        return running.isPresent() ? new Remote(home, running.get()) : Laptop.start(home, settings, crew);
    }

    /// For commands that only look: nobody has to work meanwhile.
    Market market(Home home) throws Problem, IOException, InterruptedException {
        return market(home, new Crew(0, 0));
    }

    static String pretty(Object value) {
        return JSON.writeValueAsString(value);
    }

    void print(Object value, String text) {
        if (json) {
            OUT.println(pretty(value));
        } else {
            OUT.print(text.endsWith("\n") ? text : text + "\n");
        }
    }
}
