package bourse.node;

import bourse.chain.Deployment;
import bourse.protocol.Address;
import bourse.protocol.Draw;
import bourse.protocol.Malformed;
import bourse.protocol.Rlc;
import bourse.scheduler.Fairness;
import bourse.scheduler.Terms;
import bourse.scheduler.trust.Kinship;
import bourse.storage.S3;
import bourse.wire.Limits;
import bourse.wire.Listening;
import bourse.worker.Policy;
import bourse.worker.machine.Hours;
import bourse.worker.machine.Rules;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.dataformat.toml.TomlMapper;

/// What an operator may choose: `bourse.toml` in the home, over the defaults that lie beside this class.
public record Settings(
        Market market,
        Chain chain,
        Database database,
        Storage storage,
        Service service,
        Pool pool,
        Workers workers,
        Gateway gateway) {
    private static final TomlMapper TOML = TomlMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .build();

    /// What is fixed when a home gets its market, and the order book.
    ///
    /// @param audit how many of the results that one worker gave alone are checked by others, in percent
    /// @param isNative whether its money is the chain's own coin, and not a token
    /// @param url of the order book that pools and requesters use; empty: the pools' orders in the chain's log
    /// @param port where `up` serves its own
    /// @param orders how many of one owner a book that is served here holds
    /// @param perMinute how many he may publish there in a minute
    public record Market(
            int audit,
            @JsonProperty("native") boolean isNative,
            String url,
            int port,
            int orders,
            @JsonProperty("per-minute") int perMinute) {
        public Market {
            check(audit >= 0 && audit <= 100, "market.audit", "0 to 100 percent", audit);
            require(
                    url.isEmpty() || url.startsWith("http://") || url.startsWith("https://"),
                    "market.url is http(s)://… of a `bourse market`, or empty; not " + url);
            check(port >= 0 && port < 65536, "market.port", "0 to 65535", port);
            check(orders >= 1 && orders <= 1_000_000, "market.orders", "1 to 1000000", orders);
            check(perMinute >= 1 && perMinute <= 1_000_000, "market.per-minute", "1 to 1000000", perMinute);
        }

        public Optional<URI> at() {
            return url.isEmpty() ? Optional.empty() : Optional.of(URI.create(url));
        }

        bourse.market.Terms terms() {
            var usual = bourse.market.Terms.DEFAULT;
            return new bourse.market.Terms(orders, perMinute, usual.listeners(), usual.backlog(), usual.keeps());
        }

        public Draw draw() {
            return new Draw(audit);
        }

        public Deployment.Money money() {
            return isNative ? Deployment.Money.COIN : Deployment.Money.TOKEN;
        }
    }

    /// The chain that roles work on which run as services; `up` and `run` have one of their own where this is empty.
    ///
    /// @param rpc the URL of a node's JSON-RPC
    /// @param hub the market's one address
    /// @param id what the chain's number must be; 0 takes any
    public record Chain(String rpc, String hub, long id) {
        public Chain {
            require(rpc.isEmpty() == hub.isEmpty(), "chain.rpc and chain.hub belong together: give both, or neither");
            require(rpc.isEmpty() || rpc.startsWith("http"), "chain.rpc is the URL of a node, http(s)://…, not " + rpc);
        }

        public boolean isElsewhere() {
            return !rpc.isEmpty();
        }

        public Address market() {
            return address("chain.hub", hub);
        }
    }

    /// @param url of a PostgreSQL server; empty for one of its own in the home
    public record Database(String url) {
        public Database {
            require(
                    url.isEmpty() || url.startsWith("jdbc:postgresql:"),
                    "database.url is jdbc:postgresql://HOST/DATABASE?user=…&password=…, or empty");
        }
    }

    /// Where programs and results lie.
    ///
    /// @param at empty for a directory in the home, the URL of a `bourse blobs`, or `s3://BUCKET/PREFIX`
    /// @param store whom one signs for who stores in a `bourse blobs`: its address
    /// @param endpoint of an S3 server that is not Amazon's
    public record Storage(String at, String store, String endpoint, String region) {
        public Storage {
            require(
                    at.isEmpty() || at.startsWith("http://") || at.startsWith("https://") || at.startsWith("s3://"),
                    "storage.at is http(s)://… of a bourse blobs, s3://BUCKET/PREFIX, or empty; not " + at);
            require(
                    !at.startsWith("http") || !store.isEmpty(),
                    "storage.store is missing: the address that `bourse blobs` printed when it started");
        }

        boolean isServer() {
            return at.startsWith("http");
        }

        /// Where on S3, if there. Credentials are looked for as Amazon's own tools do.
        Optional<S3.Settings> bucket() {
            if (!at.startsWith("s3://")) {
                return Optional.empty();
            }
            var parts = at.substring("s3://".length()).split("/", 2);
            return Optional.of(new S3.Settings(
                    parts[0],
                    region,
                    endpoint.isEmpty() ? Optional.empty() : Optional.of(URI.create(endpoint)),
                    !endpoint.isEmpty(),
                    parts.length < 2 ? "" : parts[1],
                    Optional.empty()));
        }
    }

    /// How a role is reached that runs as a service, and how it trusts others.
    ///
    /// @param port 0 for any that is free
    /// @param origin the URL under which others reach it; empty: as it listens
    /// @param certificate a PEM file; empty for plain HTTP
    /// @param key of the certificate, a PEM file in PKCS#8
    /// @param authority a PEM file that vouches for the servers that this role calls; empty: the system's
    public record Service(String host, int port, String origin, String certificate, String key, String authority) {
        public Service {
            check(port >= 0 && port < 65536, "service.port", "0 to 65535", port);
            require(
                    certificate.isEmpty() == key.isEmpty(),
                    "service.certificate and service.key belong together: give both, or neither");
        }

        public Optional<Path> trusted() {
            return authority.isEmpty() ? Optional.empty() : Optional.of(Path.of(authority));
        }

        public Listening listening() {
            return new Listening(
                    host,
                    port,
                    certificate.isEmpty()
                            ? Optional.empty()
                            : Optional.of(new Listening.Pem(Path.of(certificate), Path.of(key))),
                    origin.isEmpty() ? Optional.empty() : Optional.of(URI.create(origin)),
                    Limits.DEFAULT);
        }
    }

    /// @param address the pool's registration; empty: the one that the home remembers, or a new one
    /// @param url of its scheduler, for those who work there or ask it; of several, with commas between them
    /// @param trust the highest that the pool serves
    /// @param workerStake in percent of the pool's price
    /// @param schedulerReward in percent of what pool and workers get
    /// @param lease how long the pool counts on a worker that says nothing, in seconds
    /// @param admit the addresses of workers that may join; empty for all
    /// @param stake what a worker must have in the market to join
    /// @param rank how much it likes a machine for a task; empty for what most want
    /// @param faulty what part of the workers that it has not looked at is assumed to lie
    /// @param gatePatience how many seconds a task waits for workers whom the pool trusts
    /// @param checks how many checks it buys for each task that votes decide
    /// @param buyers in how many names
    /// @param kin groups of workers that belong together, and never check each other
    /// @param strangers who sends tokens to everyone, such as an exchange
    /// @param keepLogs how many days it keeps what programs printed
    /// @param halfLife after how many seconds half of what a requester has had counts no more
    /// @param quota how many replicates of one requester may run at a time; 0 for any number
    /// @param patience how many seconds a task that fits no machine's rest waits before one is kept for it
    public record Pool(
            String address,
            String url,
            @JsonProperty("price-per-minute") Rlc pricePerMinute,
            long trust,
            @JsonProperty("worker-stake") int workerStake,
            @JsonProperty("scheduler-reward") int schedulerReward,
            int lease,
            List<String> admit,
            Rlc stake,
            String rank,
            double faulty,
            @JsonProperty("gate-patience") int gatePatience,
            double checks,
            int buyers,
            List<List<String>> kin,
            List<String> strangers,
            @JsonProperty("keep-logs") int keepLogs,
            @JsonProperty("half-life") int halfLife,
            int quota,
            int patience) {
        public Pool {
            admit.forEach(worker -> Settings.address("pool.admit", worker));
            strangers.forEach(stranger -> Settings.address("pool.strangers", stranger));
            kin.forEach(group -> group.forEach(worker -> Settings.address("pool.kin", worker)));
            require(faulty >= 0 && faulty < 0.5, "pool.faulty is 0 to less than 0.5, not " + faulty);
            check(
                    gatePatience >= 0 && gatePatience <= 86_400,
                    "pool.gate-patience",
                    "0 to 86400 seconds",
                    gatePatience);
            require(checks >= 0 && checks <= 1, "pool.checks is 0 to 1, not " + checks);
            check(buyers >= 1 && buyers <= 100, "pool.buyers", "1 to 100", buyers);
            check(keepLogs >= 0 && keepLogs <= 3650, "pool.keep-logs", "0 to 3650 days", keepLogs);
            check(halfLife >= 60 && halfLife <= 86_400, "pool.half-life", "60 to 86400 seconds", halfLife);
            check(quota >= 0, "pool.quota", "at least 0", quota);
            check(patience >= 0 && patience <= 86_400, "pool.patience", "0 to 86400 seconds", patience);
            check(lease >= 1 && lease <= 3600, "pool.lease", "1 to 3600 seconds", lease);
            check(trust >= 1, "pool.trust", "at least 1", trust);
            check(workerStake >= 0 && workerStake <= 100, "pool.worker-stake", "0 to 100 percent", workerStake);
            check(
                    schedulerReward >= 0 && schedulerReward <= 100,
                    "pool.scheduler-reward",
                    "0 to 100 percent",
                    schedulerReward);
        }

        /// @throws Malformed if there is none
        List<URI> urls() {
            if (url.isBlank()) {
                throw new Malformed("pool.url is missing in bourse.toml: the URL that `bourse scheduler` prints, or"
                        + " several of one pool with commas between them");
            }
            return known();
        }

        /// The same, or none.
        List<URI> known() {
            return Stream.of(url.split(","))
                    .map(String::strip)
                    .filter(one -> !one.isEmpty())
                    .map(URI::create)
                    .toList();
        }

        public Optional<Address> registered() {
            return address.isEmpty() ? Optional.empty() : Optional.of(Settings.address("pool.address", address));
        }

        public Terms terms() {
            var links = kin.stream()
                    .flatMap(group -> group.stream()
                            .map(worker -> new Kinship.Link(Address.parse(group.getFirst()), Address.parse(worker))))
                    .toList();
            return new Terms(
                    Duration.ofSeconds(lease),
                    Duration.ofDays(keepLogs),
                    faulty,
                    Duration.ofSeconds(gatePatience),
                    links,
                    strangers.stream().map(Address::parse).collect(Collectors.toSet()),
                    admit.stream().map(Address::parse).collect(Collectors.toSet()),
                    stake,
                    rank.isEmpty() ? Terms.RANK : rank,
                    new Fairness(Duration.ofSeconds(halfLife), quota, Duration.ofSeconds(patience)));
        }
    }

    /// @param slots tasks that one worker has at a time
    /// @param fuelPerSecond instructions for each second of a category's reference time
    /// @param memory of a program, in MiB
    /// @param containers the socket of Docker's API that runs container images; empty for none
    /// @param deposit what a worker that runs as a service keeps free in the market, from his own tokens
    /// @param region where this machine is, in words of its owner's; empty: he does not say
    /// @param watts that a task takes; 0: he does not say
    /// @param priceFloor the least that a task must pay for a minute of its category's reference time
    /// @param start which tasks may begin here, an expression of ClassAds
    /// @param rank how much each is liked, an expression of ClassAds
    /// @param machine when they work
    public record Workers(
            int count,
            int slots,
            @JsonProperty("fuel-per-second") long fuelPerSecond,
            int memory,
            String fetch,
            String containers,
            Rlc deposit,
            String region,
            int watts,
            @JsonProperty("price-floor") Rlc priceFloor,
            String start,
            String rank,
            Machine machine) {
        public Workers {
            require(region.length() <= 64, "workers.region has at most 64 characters, not " + region.length());
            check(watts >= 0, "workers.watts", "0 or more", watts);
            var _ = Policy.expression("workers.start", start);
            var _ = Policy.expression("workers.rank", rank);
            check(count >= 1 && count <= 1000, "workers.count", "1 to 1000", count);
            check(slots >= 1 && slots <= 64, "workers.slots", "1 to 64", slots);
            check(fuelPerSecond >= 1, "workers.fuel-per-second", "at least 1", fuelPerSecond);
            check(memory >= 1 && memory < 2048, "workers.memory", "1 to 2047 MiB", memory);
            if (!containers.isEmpty() && !containers.startsWith("unix://") && !containers.startsWith("tcp://")) {
                throw new IllegalArgumentException(
                        "workers.containers is unix:///PATH or tcp://HOST:PORT of Docker's API, or empty; not "
                                + containers);
            }
        }

        Policy policy() {
            return Policy.of(region, watts, priceFloor, start, rank);
        }
    }

    /// When this machine works, and how much of it.
    ///
    /// @param hours as [Hours#parse] reads them
    /// @param maxLoad of others, in threads; 0 for any
    /// @param battery `any`, `never`, or the least without mains, such as `40%`
    /// @param userIdle minutes since somebody used it; 0 where that does not matter
    /// @param cores in percent
    /// @param memory in percent
    /// @param patience minutes that a task is paused before it is given up
    public record Machine(
            String hours,
            @JsonProperty("max-load") double maxLoad,
            String battery,
            @JsonProperty("user-idle") int userIdle,
            int cores,
            int memory,
            int patience) {
        private static final Pattern PERCENT = Pattern.compile("(\\d{1,2}|100)%");

        public Machine {
            if (!(maxLoad >= 0)) {
                throw new IllegalArgumentException("workers.machine.max-load is 0 or more, not " + maxLoad);
            }
            if (!List.of("any", "never").contains(battery)
                    && !PERCENT.matcher(battery).matches()) {
                throw new IllegalArgumentException(
                        "workers.machine.battery is \"any\", \"never\" or like \"40%\", not " + battery);
            }
            check(userIdle >= 0, "workers.machine.user-idle", "0 or more minutes", userIdle);
            check(cores >= 1 && cores <= 100, "workers.machine.cores", "1 to 100 percent", cores);
            check(memory >= 1 && memory <= 100, "workers.machine.memory", "1 to 100 percent", memory);
            check(patience >= 0, "workers.machine.patience", "0 or more minutes", patience);
            try {
                var _ = Hours.parse(hours, ZoneId.systemDefault());
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException("workers.machine." + e.getMessage(), e);
            }
        }

        Rules rules() {
            var least = switch (battery) {
                case "any" -> OptionalInt.of(0);
                case "never" -> OptionalInt.empty();
                default -> OptionalInt.of(Integer.parseInt(battery.replace("%", "")));
            };
            return new Rules(
                    Hours.parse(hours, ZoneId.systemDefault()),
                    maxLoad == 0 ? OptionalDouble.empty() : OptionalDouble.of(maxLoad),
                    least,
                    Duration.ofMinutes(userIdle),
                    cores,
                    memory,
                    Duration.ofMinutes(patience));
        }
    }

    public record Gateway(int port) {
        public Gateway {
            check(port >= 0 && port < 65536, "gateway.port", "0 to 65535", port);
        }
    }

    /// @param file need not exist
    /// @throws Problem if it has unknown keys, or values out of range
    public static Settings read(Path file) throws Problem {
        try {
            return parse(Files.exists(file) ? Files.readString(file) : "");
        } catch (JacksonException e) {
            var cause = e.getCause() instanceof IllegalArgumentException wrong
                    ? wrong.getMessage()
                    : e.getOriginalMessage();
            throw new Problem(Problem.REFUSED, "%s can not be used: %s".formatted(file, cause), e);
        } catch (IOException e) {
            throw new Problem(Problem.REFUSED, "%s can not be read: %s".formatted(file, e.getMessage()), e);
        }
    }

    /// @param toml what differs from the defaults
    static Settings parse(String toml) {
        var tree = defaults();
        merge(tree, TOML.readTree(toml));
        return TOML.treeToValue(tree, Settings.class);
    }

    private static ObjectNode defaults() {
        try (var in = Settings.class.getResourceAsStream("defaults.toml")) {
            return (ObjectNode) TOML.readTree(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Lays `theirs` over `ours`, table by table.
    private static void merge(ObjectNode ours, JsonNode theirs) {
        theirs.properties().forEach(entry -> {
            if (entry.getValue().isObject() && ours.get(entry.getKey()) instanceof ObjectNode table) {
                merge(table, entry.getValue());
            } else {
                ours.set(entry.getKey(), entry.getValue());
            }
        });
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalArgumentException(otherwise);
        }
    }

    private static Address address(String key, String text) {
        try {
            return Address.parse(text);
        } catch (Malformed e) {
            throw new IllegalArgumentException("%s: %s".formatted(key, e.getMessage()), e);
        }
    }

    private static void check(boolean holds, String key, String range, long value) {
        if (!holds) {
            throw new IllegalArgumentException("%s is %s, not %d".formatted(key, range, value));
        }
    }
}
