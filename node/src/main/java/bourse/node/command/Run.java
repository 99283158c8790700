package bourse.node.command;

import bourse.node.Home;
import bourse.node.Laptop;
import bourse.node.Laptop.Crew;
import bourse.node.Lines;
import bourse.node.Market;
import bourse.node.Problem;
import bourse.node.Progress;
import bourse.node.Purchase;
import bourse.node.Purchase.Wish;
import bourse.node.Screen;
import bourse.node.Statement;
import bourse.node.Watch;
import bourse.protocol.Address;
import bourse.protocol.Deal;
import bourse.protocol.Malformed;
import bourse.protocol.News;
import bourse.protocol.Params.Needs;
import bourse.protocol.Rlc;
import bourse.protocol.Tag;
import bourse.protocol.Voting;
import bourse.sandbox.Program;
import java.io.Console;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `bourse run`: from a program to checked results.
@Command(
        name = "run",
        mixinStandardHelpOptions = true,
        description = {
            "Buys runs of a WebAssembly program or a container image, follows them, and checks the results against"
                    + " the chain.",
            "Where no market is up, one starts for this command alone."
        })
final class Run implements Callable<Integer> {
    private static final long MOST_TASKS = 10_000;

    @Mixin
    private Common common = new Common();

    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "PROGRAM",
            description = "A WASI preview 1 program. With --image, the first argument.")
    private @Nullable String program;

    @Parameters(index = "1..*", paramLabel = "ARG", description = "The program's arguments; write -- before them.")
    private List<String> arguments = new ArrayList<>();

    @Option(
            names = "--image",
            paramLabel = "NAME@DIGEST",
            description = "A container image instead, such as docker.io/library/busybox@sha256:…")
    private @Nullable String image;

    @Option(names = "--input", paramLabel = "FILE", description = "A file that the program may read. Repeatable.")
    private List<Path> inputs = new ArrayList<>();

    @Option(names = "--volume", paramLabel = "N", description = "How many tasks; each is told its index. Default: 1")
    private long volume = 1;

    @Option(
            names = "--trust",
            paramLabel = "N",
            description =
                    "How sure the result must be: 10 is 90 %%, 100 is 99 %%. Default: 1, the first result counts.")
    private long trust = 1;

    @Option(names = "--category", paramLabel = "NAME", description = "How long a task may take: XS, S, M, L or XL.")
    private String category = "XS";

    @Option(
            names = "--tag",
            paramLabel = "TAG",
            description = "What the machines must have: 32 bytes in hexadecimal, bit 0 an enclave, bit 8 a GPU.")
    private String tag = Tag.NONE.toString();

    @Option(names = "--max-price", paramLabel = "RLC", description = "The most that one task may cost.")
    private @Nullable String maxPrice;

    @Option(
            names = "--sponsor",
            paramLabel = "ADDRESS",
            description = "Who pays: he is asked in the book of a market that is up, and pays by"
                    + " `bourse order sponsor`.")
    private @Nullable String sponsor;

    @Option(names = "--callback", paramLabel = "ADDRESS", description = "A contract that is told the result.")
    private String callback = Address.ZERO.toString();

    @Option(names = "--cores", paramLabel = "N", description = "How many cores a task needs. Default: 1")
    private int cores = Needs.NONE.cores();

    @Option(
            names = "--memory",
            paramLabel = "MIB",
            description = "How much memory a task needs, which it also gets. Default: what its worker gives.")
    private long memory;

    @Option(names = "--disk", paramLabel = "MIB", description = "How much room a task needs for inputs and output.")
    private long disk;

    @Option(names = "--gpus", paramLabel = "N", description = "How many GPUs a task needs.")
    private int gpus;

    @Option(
            names = "--requirements",
            paramLabel = "EXPR",
            description = "Which machines will do: an expression of ClassAds, such as 'TARGET.Speed > 0.8'.")
    private String requirements = "";

    @Option(
            names = "--rank",
            paramLabel = "EXPR",
            description = "Which of them is best: an expression of ClassAds, the higher the better.")
    private String rank = "";

    @Option(
            names = "--workers",
            paramLabel = "N",
            description = "How many workers a market of its own gets. Default: as many as the trust needs, at least 4.")
    private int workers;

    @Option(names = "--liars", paramLabel = "N", description = "How many of them lie, to watch the vote.")
    private int liars;

    @Option(
            names = "--output",
            paramLabel = "DIR",
            description = "Where results go. Default: results/ and the deal's first digits")
    private @Nullable Path output;

    @Override
    public Integer call() throws Exception {
        var wish = wish();
        Purchase.check(wish);
        var home = common.home();
        if (image != null) {
            checkContainers(home);
        }
        var progress = progress();
        if (home.running().isPresent() && (workers > 0 || liars > 0)) {
            throw new Problem(
                    Problem.REFUSED,
                    "a market is up, with workers of its own: --workers and --liars are for `bourse up`, or stop it");
        }
        if (sponsor != null
                && home.running().isEmpty()
                && !home.settings().chain().isElsewhere()) {
            throw new Problem(
                    Problem.REFUSED,
                    "a sponsor has to find the request: --sponsor needs a market that is up, such as `bourse up`");
        }
        try (var market = open(home, progress)) {
            return run(home, market, wish, progress);
        }
    }

    private Wish wish() throws Problem {
        if (volume < 1 || volume > MOST_TASKS) {
            throw new Problem(Problem.REFUSED, "--volume is 1 to %,d, not %,d".formatted(MOST_TASKS, volume));
        }
        if (trust < 0) {
            throw new Problem(Problem.REFUSED, "--trust is 0 or more, not " + trust);
        }
        var most = Optional.ofNullable(maxPrice).map(Rlc::parse);
        return new Wish(
                program(),
                arguments(),
                inputs,
                volume,
                trust,
                category,
                most,
                Address.parse(callback),
                Tag.parse(tag),
                needs());
    }

    private Needs needs() throws Problem {
        try {
            return new Needs(requirements, rank, cores, memory, disk, gpus);
        } catch (Malformed e) {
            throw new Problem(Problem.REFUSED, String.valueOf(e.getMessage()), e);
        }
    }

    private Program program() throws Problem {
        if (image != null) {
            return new Program.Image(image, Optional.empty(), false);
        }
        if (program == null) {
            throw new Problem(Problem.REFUSED, "what is to run? Name a PROGRAM, or an image with --image");
        }
        return new Program.Wasm(Path.of(program));
    }

    /// An image has its own program, so that every word is an argument.
    private List<String> arguments() {
        if (image == null || program == null) {
            return arguments;
        }
        return Stream.concat(Stream.of(program), arguments.stream()).toList();
    }

    /// On a market of this home workers do what its settings say; elsewhere they have settings of their own.
    private static void checkContainers(Home home) throws Problem {
        var settings = home.settings();
        if (!settings.chain().isElsewhere() && settings.workers().containers().isEmpty()) {
            throw new Problem(Problem.REFUSED, """
                    no worker here runs images: workers.containers is not set. Start Docker or podman (`systemctl start \
                    podman.socket`), write its socket into %s, and run again:
                    [workers]
                    containers = "unix:///run/podman/podman.sock\"""".formatted(home.resolve("bourse.toml")));
        }
    }

    private Market open(Home home, Progress progress) throws Problem, IOException, InterruptedException {
        if (home.running().isEmpty() && !home.settings().chain().isElsewhere()) {
            progress.say("market: none is up, starting one in " + home);
        }
        var market = common.market(home, crew());
        if (market instanceof Laptop laptop) {
            progress.say("market: programs run in " + laptop.isolation().description());
        }
        progress.say("market: ready, block %d".formatted(market.chain().head().number()));
        return market;
    }

    /// New workers enough to reach the trust, and to outvote the liars.
    private Crew crew() {
        var honest = new Voting(trust, List.of()).missing(List.of(), Voting.weight(0));
        var count = workers > 0 ? workers : Math.max(4, honest + 3 * liars);
        return new Crew(count, liars);
    }

    private int run(Home home, Market market, Wish wish, Progress progress)
            throws Problem, IOException, InterruptedException {
        var requester = home.wallet("requester");
        var head = market.chain().head();
        var purchase = new Purchase(market, requester, progress);
        var bought = sponsor == null ? purchase.buy(wish) : purchase.sponsored(wish, Address.parse(sponsor));
        var names = home.names();
        var outcome = follow(market, bought.deal(), progress, names, new News.Cursor(head.number(), head.hash()));
        var digits = bought.deal().id().value().hex().substring(0, 8);
        var directory = output != null ? output : Path.of("results", digits);
        var statement = Statement.of(market, outcome, bought.app(), directory, names, bought.gas());
        common.print(statement, statement.text());
        return statement.ok() ? 0 : Problem.FAILED;
    }

    private static Watch.Outcome follow(
            Market market, Deal deal, Progress progress, Map<Address, String> names, News.Cursor from)
            throws Problem, InterruptedException {
        try {
            return new Watch(market, deal, progress, names, InstantSource.system()).untilEnded(from);
        } catch (InterruptedException e) {
            progress.end();
            System.err.printf(
                    "%nbourse: stopped. Deal %s is on the chain: it goes on when a market runs here"
                            + " (`bourse up`), and what can not be done is refunded. See `bourse deal show`.%n",
                    deal.id());
            throw e;
        }
    }

    private Progress progress() {
        if (common.json) {
            return Progress.SILENT;
        }
        boolean terminal =
                Optional.ofNullable(System.console()).map(Console::isTerminal).orElse(false);
        return terminal ? new Screen(Common.OUT) : new Lines(Common.OUT, InstantSource.system());
    }
}
