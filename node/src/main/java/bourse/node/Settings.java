package bourse.node;

import bourse.protocol.Rlc;
import bourse.worker.machine.Hours;
import bourse.worker.machine.Rules;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.dataformat.toml.TomlMapper;

/// What an operator may choose: `bourse.toml` in the home, over the defaults that lie beside this class.
public record Settings(Market market, Pool pool, Workers workers, Gateway gateway) {
    private static final TomlMapper TOML = TomlMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .build();

    /// What is fixed when a home gets its market.
    ///
    /// @param audit how many of the results that one worker gave alone are checked by others, in percent
    public record Market(int audit) {
        public Market {
            check(audit >= 0 && audit <= 100, "market.audit", "0 to 100 percent", audit);
        }
    }

    /// @param trust the highest that the pool serves
    /// @param workerStake in percent of the pool's price
    /// @param schedulerReward in percent of what pool and workers get
    /// @param lease how long the pool counts on a worker that says nothing, in seconds
    public record Pool(
            @JsonProperty("price-per-minute") Rlc pricePerMinute,
            long trust,
            @JsonProperty("worker-stake") int workerStake,
            @JsonProperty("scheduler-reward") int schedulerReward,
            int lease) {
        public Pool {
            check(lease >= 1 && lease <= 3600, "pool.lease", "1 to 3600 seconds", lease);
            check(trust >= 1, "pool.trust", "at least 1", trust);
            check(workerStake >= 0 && workerStake <= 100, "pool.worker-stake", "0 to 100 percent", workerStake);
            check(
                    schedulerReward >= 0 && schedulerReward <= 100,
                    "pool.scheduler-reward",
                    "0 to 100 percent",
                    schedulerReward);
        }
    }

    /// @param slots tasks that one worker has at a time
    /// @param fuelPerSecond instructions for each second of a category's reference time
    /// @param memory of a program, in MiB
    /// @param containers the socket of Docker's API that runs container images; empty for none
    /// @param machine when they work
    public record Workers(
            int count,
            int slots,
            @JsonProperty("fuel-per-second") long fuelPerSecond,
            int memory,
            String fetch,
            String containers,
            Machine machine) {
        public Workers {
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
        var tree = defaults();
        try {
            if (Files.exists(file)) {
                merge(tree, TOML.readTree(Files.readString(file)));
            }
            return TOML.treeToValue(tree, Settings.class);
        } catch (JacksonException e) {
            var cause = e.getCause() instanceof IllegalArgumentException wrong
                    ? wrong.getMessage()
                    : e.getOriginalMessage();
            throw new Problem(Problem.REFUSED, "%s can not be used: %s".formatted(file, cause), e);
        } catch (IOException e) {
            throw new Problem(Problem.REFUSED, "%s can not be read: %s".formatted(file, e.getMessage()), e);
        }
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

    private static void check(boolean holds, String key, String range, long value) {
        if (!holds) {
            throw new IllegalArgumentException("%s is %s, not %d".formatted(key, range, value));
        }
    }
}
