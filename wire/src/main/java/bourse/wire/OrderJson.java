package bourse.wire;

import bourse.protocol.Address;
import bourse.protocol.Bytes;
import bourse.protocol.Bytes32;
import bourse.protocol.Malformed;
import bourse.protocol.Order;
import bourse.protocol.OrderBook.Kind;
import bourse.protocol.OrderBook.Published;
import bourse.protocol.OrderBook.Status;
import bourse.protocol.Query;
import bourse.protocol.Rlc;
import bourse.protocol.Signed;
import bourse.protocol.Tag;
import java.math.BigInteger;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/// Orders as iExec's market API writes them: the names of the ABI, amounts in nRLC.
///
/// Numbers are read as decimal text or as JSON numbers. They are written as JSON numbers, as iExec's clients know
/// them, up to 2⁵³−1; beyond that JavaScript would round them, so that they are written as text, which those clients
/// take as well.
public final class OrderJson {
    private static final BigInteger LARGEST_NUMBER = BigInteger.TWO.pow(53).subtract(BigInteger.ONE);
    private static final int DIGITS = 78;

    private final JsonNode order;
    private final Set<String> read = new HashSet<>();

    private OrderJson(JsonNode order) {
        this.order = order;
    }

    /* READING */

    /// An order of the kind that its fields tell.
    ///
    /// @throws Malformed if it is none of any kind, or says more
    public static Signed<?> read(JsonNode json) {
        for (var kind : Kind.values()) {
            if (json.has(price(kind))) {
                return read(kind, json);
            }
        }
        throw new Malformed("this is no order: an app's has appprice, a dataset's datasetprice, a workerpool's"
                + " workerpoolprice, a request's workerpoolmaxprice");
    }

    private static String price(Kind kind) {
        return switch (kind) {
            case APP -> "appprice";
            case DATASET -> "datasetprice";
            case WORKERPOOL -> "workerpoolprice";
            case REQUEST -> "workerpoolmaxprice";
        };
    }

    /// @throws Malformed if it is none of this kind, or says more
    static Signed<?> read(Kind kind, JsonNode json) {
        if (!json.isObject()) {
            throw new Malformed("an order is a JSON object; this is none, or missing");
        }
        var reader = new OrderJson(json);
        var signed = reader.order(kind);
        for (var name : json.propertyNames()) {
            if (!reader.read.contains(name)) {
                throw new Malformed("an order of this kind has no field %s; leave it out"
                        .formatted(name.substring(0, Math.min(40, name.length()))));
            }
        }
        return signed;
    }

    private Signed<?> order(Kind kind) {
        return switch (kind) {
            case APP ->
                signed(new Order.App(
                        address("app"),
                        amount("appprice"),
                        number("volume"),
                        tag(),
                        address("datasetrestrict"),
                        address("workerpoolrestrict"),
                        address("requesterrestrict"),
                        word("salt")));
            case DATASET ->
                signed(new Order.Dataset(
                        address("dataset"),
                        amount("datasetprice"),
                        number("volume"),
                        tag(),
                        address("apprestrict"),
                        address("workerpoolrestrict"),
                        address("requesterrestrict"),
                        word("salt")));
            case WORKERPOOL ->
                signed(new Order.Workerpool(
                        address("workerpool"),
                        amount("workerpoolprice"),
                        number("volume"),
                        tag(),
                        number("category"),
                        number("trust"),
                        address("apprestrict"),
                        address("datasetrestrict"),
                        address("requesterrestrict"),
                        word("salt")));
            case REQUEST ->
                signed(new Order.Request(
                        address("app"),
                        amount("appmaxprice"),
                        address("dataset"),
                        amount("datasetmaxprice"),
                        address("workerpool"),
                        amount("workerpoolmaxprice"),
                        address("requester"),
                        number("volume"),
                        tag(),
                        number("category"),
                        number("trust"),
                        address("beneficiary"),
                        address("callback"),
                        text("params"),
                        word("salt")));
        };
    }

    private <O extends Order> Signed<O> signed(O terms) {
        return new Signed<>(terms, parsed("sign", Bytes::parse));
    }

    private interface Parser<T> {
        T parse(String text);
    }

    private <T> T parsed(String field, Parser<T> parser) {
        var text = text(field);
        try {
            return parser.parse(text);
        } catch (Malformed e) {
            throw new Malformed("%s: %s".formatted(field, e.getMessage()), e);
        }
    }

    private String text(String field) {
        read.add(field);
        var node = order.path(field);
        if (!node.isString()) {
            throw new Malformed("an order of this kind has a field %s, as text; it is missing".formatted(field));
        }
        return node.asString();
    }

    private Address address(String field) {
        return parsed(field, Address::parse);
    }

    private Bytes32 word(String field) {
        return parsed(field, Bytes32::parse);
    }

    private Tag tag() {
        return parsed("tag", Tag::parse);
    }

    private BigInteger integer(String field) {
        read.add(field);
        var node = order.path(field);
        var text = node.isIntegralNumber() ? node.bigIntegerValue().toString() : node.isString() ? node.asString() : "";
        if (text.isEmpty() || text.length() > DIGITS || !text.chars().allMatch(c -> c >= '0' && c <= '9')) {
            throw new Malformed("%s is a number from 0 on, in decimal digits; this is none".formatted(field));
        }
        return new BigInteger(text);
    }

    private Rlc amount(String field) {
        var nano = integer(field);
        if (nano.bitLength() > 256) {
            throw new Malformed("%s has more than 256 bits".formatted(field));
        }
        return new Rlc(nano);
    }

    private long number(String field) {
        var number = integer(field);
        if (number.bitLength() > 63) {
            throw new Malformed("%s is at most 2^63-1 here; sign an order with less".formatted(field));
        }
        return number.longValue();
    }

    /// An order that a server shows.
    static Published<?> published(Kind kind, JsonNode json) {
        var order = read(kind, json.path("order"));
        return published(json, order);
    }

    private static <O extends Order> Published<O> published(JsonNode json, Signed<O> order) {
        try {
            return new Published<>(
                    Bytes32.parse(json.path("orderHash").asString("")),
                    order,
                    new OrderJson(json).number("remaining"),
                    status(json.path("status").asString("")),
                    Instant.parse(json.path("publicationTimestamp").asString("")),
                    Address.parse(json.path("signer").asString("")));
        } catch (DateTimeException e) {
            throw new Malformed("publicationTimestamp is no time", e);
        }
    }

    private static Status status(String text) {
        for (var status : Status.values()) {
            if (name(status).equals(text)) {
                return status;
            }
        }
        throw new Malformed("an order has no such status as this server tells");
    }

    /* WRITING */

    static Object number(BigInteger number) {
        return number.compareTo(LARGEST_NUMBER) <= 0 ? (Object) number : number.toString();
    }

    static Object number(long number) {
        return number(BigInteger.valueOf(number));
    }

    static Object number(Rlc amount) {
        return number(amount.nano());
    }

    /// An order as a market shows it.
    public static Map<String, Object> write(Published<?> published, long chainId) {
        var json = new LinkedHashMap<String, Object>();
        json.put("orderHash", published.hash());
        json.put("chainId", chainId);
        json.put("remaining", number(published.remaining()));
        json.put("status", name(published.status()));
        json.put("publicationTimestamp", published.published());
        json.put("signer", published.signer());
        if (published.order().order() instanceof Order.Dataset order) {
            json.put("bulk", Query.Datasets.isBulk(order));
        }
        json.put("order", write(published.order()));
        return json;
    }

    private static String name(Status status) {
        return status.name().toLowerCase(Locale.ROOT);
    }

    /// What [#read(JsonNode)] reads.
    public static Map<String, Object> write(Signed<?> signed) {
        var json = new LinkedHashMap<String, Object>();
        switch (signed.order()) {
            case Order.App o -> {
                json.put("app", o.app());
                json.put("appprice", number(o.appprice()));
                json.put("volume", number(o.volume()));
                json.put("tag", o.tag());
                json.put("datasetrestrict", o.datasetrestrict());
                json.put("workerpoolrestrict", o.workerpoolrestrict());
                json.put("requesterrestrict", o.requesterrestrict());
            }
            case Order.Dataset o -> {
                json.put("dataset", o.dataset());
                json.put("datasetprice", number(o.datasetprice()));
                json.put("volume", number(o.volume()));
                json.put("tag", o.tag());
                json.put("apprestrict", o.apprestrict());
                json.put("workerpoolrestrict", o.workerpoolrestrict());
                json.put("requesterrestrict", o.requesterrestrict());
            }
            case Order.Workerpool o -> {
                json.put("workerpool", o.workerpool());
                json.put("workerpoolprice", number(o.workerpoolprice()));
                json.put("volume", number(o.volume()));
                json.put("tag", o.tag());
                json.put("category", number(o.category()));
                json.put("trust", number(o.trust()));
                json.put("apprestrict", o.apprestrict());
                json.put("datasetrestrict", o.datasetrestrict());
                json.put("requesterrestrict", o.requesterrestrict());
            }
            case Order.Request o -> {
                json.put("app", o.app());
                json.put("appmaxprice", number(o.appmaxprice()));
                json.put("dataset", o.dataset());
                json.put("datasetmaxprice", number(o.datasetmaxprice()));
                json.put("workerpool", o.workerpool());
                json.put("workerpoolmaxprice", number(o.workerpoolmaxprice()));
                json.put("requester", o.requester());
                json.put("volume", number(o.volume()));
                json.put("tag", o.tag());
                json.put("category", number(o.category()));
                json.put("trust", number(o.trust()));
                json.put("beneficiary", o.beneficiary());
                json.put("callback", o.callback());
                json.put("params", o.params());
            }
        }
        json.put("salt", signed.order().salt());
        json.put("sign", signed.signature());
        return json;
    }

    /// Where orders of a kind are.
    static String path(Kind kind) {
        return switch (kind) {
            case APP -> "/apporders";
            case DATASET -> "/datasetorders";
            case WORKERPOOL -> "/workerpoolorders";
            case REQUEST -> "/requestorders";
        };
    }

    /// What an order of a kind belongs to, as iExec names it.
    static String asset(Kind kind) {
        return switch (kind) {
            case APP -> "app";
            case DATASET -> "dataset";
            case WORKERPOOL -> "workerpool";
            case REQUEST -> "requester";
        };
    }
}
