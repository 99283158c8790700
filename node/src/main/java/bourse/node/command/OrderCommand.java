package bourse.node.command;

import bourse.node.Home;
import bourse.node.Market;
import bourse.node.Problem;
import bourse.node.Sponsorship;
import bourse.protocol.Address;
import bourse.protocol.Asset;
import bourse.protocol.Bytes32;
import bourse.protocol.Order;
import bourse.protocol.OrderBook.Kind;
import bourse.protocol.OrderBook.Published;
import bourse.protocol.OrderBook.Slice;
import bourse.protocol.Query;
import bourse.protocol.Query.Party;
import bourse.protocol.Rlc;
import bourse.protocol.Signed;
import bourse.protocol.Transaction;
import bourse.protocol.Wallet;
import bourse.wire.OrderJson;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// `bourse order`.
@Command(
        name = "order",
        description = "Looks at the order book, and changes what one offers there oneself.",
        subcommands = {
            OrderCommand.Book.class,
            OrderCommand.Show.class,
            OrderCommand.Sign.class,
            OrderCommand.Publish.class,
            OrderCommand.Sponsor.class,
            OrderCommand.Cancel.class
        })
final class OrderCommand {
    private static final JsonMapper JSON = new JsonMapper();
    private static final int LARGEST = 64 * 1024;

    /// `bourse order book`.
    @Command(
            name = "book",
            mixinStandardHelpOptions = true,
            description = "Open orders of a kind: the cheapest first, of requests the best paying.")
    static final class Book implements Callable<Integer> {
        @Mixin
        private Common common = new Common();

        @Option(
                names = "--kind",
                paramLabel = "KIND",
                description = "app, dataset, workerpool or request. Default: workerpool")
        private String kind = "workerpool";

        @Option(names = "--category", paramLabel = "NAME", description = "Of pools and requests: XS, S, M, L or XL.")
        private @Nullable String category;

        @Option(names = "--app", paramLabel = "ADDRESS", description = "Those for this app.")
        private @Nullable String app;

        @Option(names = "--pool", paramLabel = "ADDRESS", description = "Those of, or for, this workerpool.")
        private @Nullable String pool;

        @Option(names = "--limit", paramLabel = "N", description = "At most so many, 1 to 1000. Default: 50")
        private int limit = 50;

        @Override
        public Integer call() throws Exception {
            try (var market = common.market(common.home())) {
                var page = market.book().query(query(market));
                long chain = market.chain().domain().chainId();
                var text = new StringBuilder();
                page.orders().forEach(order -> text.append(line(order)));
                if (page.more()) {
                    text.append("and more; --limit says how many are shown");
                }
                common.print(
                        page.orders().stream()
                                .map(order -> OrderJson.write(order, chain))
                                .toList(),
                        text.isEmpty() ? "no order is open that suits" : text.toString());
            }
            return 0;
        }

        private Query<?> query(Market market) throws Problem, InterruptedException {
            var slice = new Slice(0, limit);
            var forApp = party(app);
            var ofPool = Optional.ofNullable(pool).map(Address::parse);
            return switch (kind(kind)) {
                case APP ->
                    new Query.Apps(
                            Optional.ofNullable(app).map(Address::parse),
                            Optional.empty(),
                            Party.WHOEVER,
                            party(pool),
                            Party.WHOEVER,
                            Query.Fit.ANY,
                            slice);
                case DATASET ->
                    new Query.Datasets(
                            Optional.empty(),
                            Optional.empty(),
                            forApp,
                            party(pool),
                            Party.WHOEVER,
                            false,
                            Query.Fit.ANY,
                            slice);
                case WORKERPOOL ->
                    new Query.Workerpools(
                            number(market),
                            ofPool,
                            Optional.empty(),
                            0,
                            forApp,
                            Party.WHOEVER,
                            Party.WHOEVER,
                            Query.Fit.ANY,
                            slice);
                case REQUEST ->
                    new Query.Requests(
                            number(market),
                            Optional.empty(),
                            Optional.empty(),
                            Optional.ofNullable(app).map(Address::parse),
                            Optional.empty(),
                            party(pool),
                            Long.MAX_VALUE,
                            Query.Fit.ANY,
                            slice);
            };
        }

        private static Party party(@Nullable String address) {
            return address == null ? Party.WHOEVER : new Party.One(Address.parse(address), false);
        }

        private Optional<Long> number(Market market) throws Problem, InterruptedException {
            if (category == null) {
                return Optional.empty();
            }
            return Optional.of(market.chain().categories().stream()
                    .filter(one -> one.name().equals(category))
                    .findFirst()
                    .orElseThrow(() -> new Problem(
                            Problem.REFUSED, "there is no category %s; try XS, S, M, L or XL".formatted(category)))
                    .id());
        }
    }

    /// `bourse order show`.
    @Command(name = "show", mixinStandardHelpOptions = true, description = "An order, and what is left of it.")
    static final class Show implements Callable<Integer> {
        @Mixin
        private Common common = new Common();

        @Parameters(index = "0", paramLabel = "HASH")
        private String hash = "";

        @Override
        public Integer call() throws Exception {
            try (var market = common.market(common.home())) {
                var found = find(market, hash);
                var answer = OrderJson.write(found, market.chain().domain().chainId());
                var text = new StringBuilder();
                answer.forEach((name, value) -> {
                    if (value instanceof Map<?, ?> order) {
                        order.forEach((field, content) -> text.append(field(field, content)));
                    } else {
                        text.append(field(name, value));
                    }
                });
                common.print(answer, text.toString());
            }
            return 0;
        }

        private static String field(Object name, Object value) {
            return "%-20s %s%n".formatted(name, value);
        }
    }

    /// `bourse order sign`.
    @Command(
            name = "sign",
            mixinStandardHelpOptions = true,
            description = "Signs an order, as iExec's clients write it, with the wallet of its owner, and prints it.")
    static final class Sign implements Callable<Integer> {
        @Mixin
        private Common common = new Common();

        @Option(names = "--sponsor", paramLabel = "ADDRESS", description = "Of a request: who alone may pay for it.")
        private @Nullable String sponsor;

        @Parameters(index = "0", paramLabel = "FILE", description = "JSON, amounts in nRLC; - for the standard input.")
        private String file = "";

        @Override
        public Integer call() throws Exception {
            var home = common.home();
            var json = json(file);
            if (json instanceof ObjectNode order) {
                order.put("sign", "0x");
            }
            var order = sponsored(OrderJson.read(json).order());
            try (var market = common.market(home)) {
                var owner = wallet(home, owner(market, order), "signs");
                var signed = OrderJson.write(market.chain().domain().sign(order, owner));
                Common.OUT.println(Common.pretty(signed));
            }
            return 0;
        }

        private Order sponsored(Order order) throws Problem {
            if (sponsor == null) {
                return order;
            }
            if (order instanceof Order.Request request) {
                return request.sponsoredBy(Address.parse(sponsor));
            }
            throw new Problem(Problem.REFUSED, "--sponsor is for requests; the others are not paid for by anyone");
        }
    }

    /// `bourse order sponsor`.
    @Command(
            name = "sponsor",
            mixinStandardHelpOptions = true,
            description = "Pays for a request that names a wallet of this home as its sponsor, with the cheapest orders"
                    + " of the book that serve it.")
    static final class Sponsor implements Callable<Integer> {
        @Mixin
        private Common common = new Common();

        @Parameters(index = "0", paramLabel = "HASH")
        private String hash = "";

        @Option(
                names = "--budget",
                paramLabel = "RLC",
                required = true,
                description = "The most that the whole request may cost, all its tasks together.")
        private String budget = "";

        @Override
        public Integer call() throws Exception {
            var home = common.home();
            var most = Rlc.parse(budget);
            try (var market = common.market(home)) {
                if (!(find(market, hash).order() instanceof Signed<?>(Order.Request request, var signature))) {
                    throw new Problem(Problem.REFUSED, "%s is no request; only requests are sponsored".formatted(hash));
                }
                if (request.payer().equals(request.requester())) {
                    throw new Problem(
                            Problem.REFUSED,
                            "%s names no sponsor, so that anyone can make its requester pay; let him sign it anew with --sponsor"
                                    .formatted(hash));
                }
                var sponsor = wallet(home, request.payer(), "pays for");
                var deal = new Sponsorship(market, sponsor).pay(new Signed<>(request, signature), most);
                common.print(
                        deal,
                        "deal %s: you pay at most %s, for %,d × %s, trust %d"
                                .formatted(
                                        deal.id(),
                                        deal.price().times(deal.volume()),
                                        deal.volume(),
                                        deal.price(),
                                        deal.trust()));
            }
            return 0;
        }
    }

    /// `bourse order publish`.
    @Command(
            name = "publish",
            mixinStandardHelpOptions = true,
            description = "Shows a signed order of any kind to everyone, in the market's book.")
    static final class Publish implements Callable<Integer> {
        @Mixin
        private Common common = new Common();

        @Parameters(
                index = "0",
                paramLabel = "FILE",
                description = "JSON as iExec's clients and `bourse order sign` write it; - for the standard input.")
        private String file = "";

        @Override
        public Integer call() throws Exception {
            var home = common.home();
            var order = OrderJson.read(json(file));
            try (var market = common.market(home)) {
                var owner = wallet(home, owner(market, order.order()), "publishes");
                var hash = market.book().publish(owner, order);
                common.print(Map.of("orderHash", hash), "published %s".formatted(hash));
            }
            return 0;
        }
    }

    /// `bourse order cancel`.
    @Command(
            name = "cancel",
            mixinStandardHelpOptions = true,
            description = "Closes an order on chain: nobody can match it any more, wherever he has seen it.")
    static final class Cancel implements Callable<Integer> {
        @Mixin
        private Common common = new Common();

        @Parameters(index = "0", paramLabel = "HASH")
        private String hash = "";

        record Answer(Bytes32 orderHash, Bytes32 transaction, long gas) {}

        @Override
        public Integer call() throws Exception {
            var home = common.home();
            try (var market = common.market(home)) {
                var found = find(market, hash);
                var owner = wallet(home, owner(market, found.order().order()), "closes");
                var receipt = market.chain()
                        .submit(owner, new Transaction.Close(found.order().order()));
                var answer = new Answer(found.hash(), receipt.transaction(), receipt.gas());
                common.print(answer, "closed %s, gas %,d".formatted(answer.orderHash(), answer.gas()));
            }
            return 0;
        }
    }

    private static Kind kind(String text) throws Problem {
        try {
            return Kind.valueOf(text.toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            throw new Problem(
                    Problem.REFUSED, "--kind is app, dataset, workerpool or request, not %s".formatted(text), e);
        }
    }

    private static Published<?> find(Market market, String hash) throws Problem, InterruptedException {
        return market.book()
                .find(Bytes32.parse(hash))
                .orElseThrow(() -> new Problem(
                        Problem.REFUSED,
                        "the book has no order %s; `bourse order book` lists those that are open".formatted(hash)));
    }

    private static JsonNode json(String file) throws Problem {
        try (var in = file.equals("-") ? System.in : Files.newInputStream(Path.of(file))) {
            var bytes = in.readNBytes(LARGEST + 1);
            if (bytes.length > LARGEST) {
                throw new Problem(Problem.REFUSED, "an order takes at most 64 KiB; %s has more".formatted(file));
            }
            return JSON.readTree(new String(bytes, StandardCharsets.UTF_8));
        } catch (JacksonException e) {
            throw new Problem(Problem.REFUSED, "%s is no JSON: %s".formatted(file, e.getOriginalMessage()), e);
        } catch (IOException e) {
            throw new Problem(Problem.REFUSED, "%s can not be read: %s".formatted(file, e.getMessage()), e);
        }
    }

    /// Who offers it, or asks.
    private static Address owner(Market market, Order order) throws Problem, InterruptedException {
        var chain = market.chain();
        return switch (order) {
            case Order.App o -> owner(chain.app(o.app()), o.app());
            case Order.Dataset o -> owner(chain.dataset(o.dataset()), o.dataset());
            case Order.Workerpool o -> owner(chain.workerpool(o.workerpool()), o.workerpool());
            case Order.Request o -> o.requester();
        };
    }

    private static Address owner(Optional<? extends Asset> asset, Address address) throws Problem {
        return asset.map(Asset::owner)
                .orElseThrow(() -> new Problem(
                        Problem.REFUSED,
                        "%s is not registered in this market; check the address in the order".formatted(address)));
    }

    /// @param verb what its owner alone does
    private static Wallet wallet(Home home, Address owner, String verb) throws Problem {
        var name = home.names().get(owner);
        if (name == null) {
            throw new Problem(
                    Problem.REFUSED,
                    "%s %s this order, and no wallet in %s is his; copy its keystore into wallets/ there, or name another --home"
                            .formatted(owner, verb, home));
        }
        return home.wallet(name);
    }

    private static String line(Published<?> published) {
        var order = published.order().order();
        var what = switch (order) {
            case Order.App o -> "app %s".formatted(o.app());
            case Order.Dataset o -> "dataset %s".formatted(o.dataset());
            case Order.Workerpool o ->
                "pool %s category %d trust %d".formatted(o.workerpool(), o.category(), o.trust());
            case Order.Request o ->
                "requester %s category %d trust %d".formatted(o.requester(), o.category(), o.trust());
        };
        var price = Query.price(order);
        return "%s  %12s × %-10d  %s%n".formatted(published.hash(), price, published.remaining(), what);
    }
}
