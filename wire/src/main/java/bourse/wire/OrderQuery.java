package bourse.wire;

import bourse.protocol.Address;
import bourse.protocol.Malformed;
import bourse.protocol.Order;
import bourse.protocol.OrderBook.Kind;
import bourse.protocol.OrderBook.Slice;
import bourse.protocol.Query;
import bourse.protocol.Query.Party;
import bourse.protocol.Tag;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Queries as iExec's market API has them in a URL.
final class OrderQuery {
    private static final String ANY = "any";
    private static final List<String> COMMON =
            List.of("chainId", "minTag", "maxTag", "minVolume", "pageIndex", "pageSize");
    private static final Map<Kind, List<String>> NAMES = Map.of(
            Kind.APP,
            List.of(
                    "app",
                    "appOwner",
                    "dataset",
                    "workerpool",
                    "requester",
                    "isDatasetStrict",
                    "isWorkerpoolStrict",
                    "isRequesterStrict"),
            Kind.DATASET,
            List.of(
                    "dataset",
                    "datasetOwner",
                    "app",
                    "workerpool",
                    "requester",
                    "isAppStrict",
                    "isWorkerpoolStrict",
                    "isRequesterStrict",
                    "bulkOnly"),
            Kind.WORKERPOOL,
            List.of(
                    "category",
                    "workerpool",
                    "workerpoolOwner",
                    "minTrust",
                    "app",
                    "dataset",
                    "requester",
                    "isAppStrict",
                    "isDatasetStrict",
                    "isRequesterStrict"),
            Kind.REQUEST,
            List.of(
                    "category",
                    "requester",
                    "beneficiary",
                    "app",
                    "dataset",
                    "workerpool",
                    "maxTrust",
                    "isWorkerpoolStrict"));

    private final Map<String, String> values;

    OrderQuery(Map<String, String> values) {
        this.values = Map.copyOf(values);
    }

    /* READING */

    /// What may be asked of one kind of orders.
    static Set<String> names(Kind kind) {
        var names = new HashSet<>(COMMON);
        names.addAll(NAMES.getOrDefault(kind, List.of()));
        return names;
    }

    Query<?> query(Kind kind) {
        return switch (kind) {
            case APP ->
                new Query.Apps(
                        asset("app"),
                        asset("appOwner"),
                        party("dataset"),
                        party("workerpool"),
                        party("requester"),
                        fit(),
                        slice());
            case DATASET ->
                new Query.Datasets(
                        asset("dataset"),
                        asset("datasetOwner"),
                        party("app"),
                        party("workerpool"),
                        party("requester"),
                        isTrue("bulkOnly"),
                        fit(),
                        slice());
            case WORKERPOOL ->
                new Query.Workerpools(
                        number("category"),
                        asset("workerpool"),
                        asset("workerpoolOwner"),
                        number("minTrust").orElse(0L),
                        party("app"),
                        party("dataset"),
                        party("requester"),
                        fit(),
                        slice());
            case REQUEST ->
                new Query.Requests(
                        number("category"),
                        asset("requester"),
                        asset("beneficiary"),
                        asset("app"),
                        asset("dataset"),
                        party("workerpool"),
                        number("maxTrust").orElse(Long.MAX_VALUE),
                        fit(),
                        slice());
        };
    }

    Optional<String> text(String name) {
        return Optional.ofNullable(values.get(name));
    }

    private interface Parser<T> {
        T parse(String text);
    }

    private <T> Optional<T> parsed(String name, Parser<T> parser) {
        try {
            return text(name).map(parser::parse);
        } catch (Malformed e) {
            throw new Malformed("%s: %s".formatted(name, e.getMessage()), e);
        }
    }

    /// Of `any`, nothing is asked.
    Optional<Address> asset(String name) {
        return text(name).filter(ANY::equals).isPresent() ? Optional.empty() : parsed(name, Address::parse);
    }

    Optional<Long> number(String name) {
        return text(name).map(text -> {
            var number = text.matches("[0-9]{1,19}") ? new BigInteger(text) : BigInteger.TWO.pow(63);
            if (number.bitLength() > 63) {
                throw new Malformed("%s is a number from 0 to 2^63-1".formatted(name));
            }
            return number.longValue();
        });
    }

    private boolean isTrue(String name) {
        return switch (values.getOrDefault(name, "false")) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new Malformed("%s is true or false".formatted(name));
        };
    }

    private Party party(String name) {
        boolean strict = isTrue("is%c%sStrict".formatted(Character.toUpperCase(name.charAt(0)), name.substring(1)));
        var address = asset(name);
        if (address.isPresent()) {
            return new Party.One(address.get(), strict);
        }
        if (strict) {
            return Party.RESTRICTED;
        }
        return values.containsKey(name) ? Party.WHOEVER : Party.EVERYONE;
    }

    private Query.Fit fit() {
        return new Query.Fit(
                parsed("minTag", Tag::parse).orElse(Tag.NONE),
                parsed("maxTag", Tag::parse),
                number("minVolume").orElse(1L));
    }

    /// @throws Malformed if it is larger or deeper than anyone is served
    Slice slice() {
        long size = number("pageSize").orElse(20L);
        long index = number("pageIndex").orElse(0L);
        if (size > Slice.MOST || index > Slice.DEEPEST || size * index > Slice.DEEPEST) {
            throw new Malformed("a page has at most %,d entries, and begins among the first %,d; ask with more filters"
                    .formatted(Slice.MOST, Slice.DEEPEST));
        }
        return new Slice(Math.toIntExact(size * index), Math.toIntExact(size));
    }

    /* WRITING */

    /// The same query for a URL; its slice must be a page.
    static String write(Query<?> query, long chainId) {
        var values = new LinkedHashMap<String, String>();
        values.put("chainId", Long.toString(chainId));
        switch (query) {
            case Query.Apps q -> {
                put(values, "app", q.app());
                put(values, "appOwner", q.owner());
                put(values, "dataset", q.dataset());
                put(values, "workerpool", q.workerpool());
                put(values, "requester", q.requester());
            }
            case Query.Datasets q -> {
                put(values, "dataset", q.dataset());
                put(values, "datasetOwner", q.owner());
                put(values, "app", q.app());
                put(values, "workerpool", q.workerpool());
                put(values, "requester", q.requester());
                values.put("bulkOnly", Boolean.toString(q.bulkOnly()));
            }
            case Query.Workerpools q -> {
                put(values, "category", q.category());
                put(values, "workerpool", q.workerpool());
                put(values, "workerpoolOwner", q.owner());
                values.put("minTrust", Long.toString(q.minTrust()));
                put(values, "app", q.app());
                put(values, "dataset", q.dataset());
                put(values, "requester", q.requester());
            }
            case Query.Requests q -> {
                put(values, "category", q.category());
                put(values, "requester", q.requester());
                put(values, "beneficiary", q.beneficiary());
                put(values, "app", q.app());
                put(values, "dataset", q.dataset());
                put(values, "workerpool", q.workerpool());
                if (q.maxTrust() < Long.MAX_VALUE) {
                    values.put("maxTrust", Long.toString(q.maxTrust()));
                }
            }
        }
        var fit = query.fit();
        values.put("minTag", fit.minTag().toString());
        put(values, "maxTag", fit.maxTag());
        values.put("minVolume", Long.toString(fit.minVolume()));
        var slice = query.slice();
        if (slice.offset() % slice.limit() != 0) {
            throw new Malformed("a server tells pages: an offset is a multiple of the limit");
        }
        values.put("pageIndex", Integer.toString(slice.offset() / slice.limit()));
        values.put("pageSize", Integer.toString(slice.limit()));
        var pairs = new ArrayList<String>();
        values.forEach((name, value) -> pairs.add(name + "=" + value));
        return String.join("&", pairs);
    }

    private static void put(Map<String, String> values, String name, Optional<?> value) {
        value.ifPresent(some -> values.put(name, some.toString()));
    }

    private static void put(Map<String, String> values, String name, Party party) {
        var strict = "is%c%sStrict".formatted(Character.toUpperCase(name.charAt(0)), name.substring(1));
        switch (party) {
            case Party.Everyone _ -> {}
            case Party.Whoever _ -> values.put(name, ANY);
            case Party.Restricted _ -> values.put(strict, "true");
            case Party.One(var address, var only) -> {
                values.put(name, address.toString());
                values.put(strict, Boolean.toString(only));
            }
        }
    }

    /// Whose orders they are.
    static Kind kind(Query<? extends Order> query) {
        return switch (query) {
            case Query.Apps _ -> Kind.APP;
            case Query.Datasets _ -> Kind.DATASET;
            case Query.Workerpools _ -> Kind.WORKERPOOL;
            case Query.Requests _ -> Kind.REQUEST;
        };
    }
}
