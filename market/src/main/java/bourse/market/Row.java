package bourse.market;

import bourse.protocol.Address;
import bourse.protocol.Bytes;
import bourse.protocol.Bytes32;
import bourse.protocol.Order;
import bourse.protocol.OrderBook.Kind;
import bourse.protocol.OrderBook.Published;
import bourse.protocol.OrderBook.Status;
import bourse.protocol.Query;
import bourse.protocol.Rlc;
import bourse.protocol.Signed;
import bourse.protocol.Tag;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Map;

/// How orders and their parts are written in the tables.
final class Row {
    private static final int TAG_BITS = 256;

    private Row() {}

    /* INTO THE TABLES */

    /// Whose order it is: the asset, or the requester.
    static Address asset(Order order) {
        return switch (order) {
            case Order.App o -> o.app();
            case Order.Dataset o -> o.dataset();
            case Order.Workerpool o -> o.workerpool();
            case Order.Request o -> o.requester();
        };
    }

    /// What one task takes of the payer's free money before it begins.
    static Rlc need(Order order) {
        return switch (order) {
            case Order.App _, Order.Dataset _ -> Rlc.ZERO;
            case Order.Workerpool o -> o.stake();
            case Order.Request o -> o.maxPrice();
        };
    }

    static Address payer(Order order, Address signer) {
        return order instanceof Order.Request request ? request.payer() : signer;
    }

    /// The columns of an order, by their names, as JDBC takes them.
    static Map<String, Object> columns(Bytes32 hash, Signed<?> signed, Address signer) {
        var row = new LinkedHashMap<String, Object>();
        var order = signed.order();
        row.put("hash", hash.bytes());
        row.put("kind", Kind.of(order).name());
        row.put("asset", asset(order).bytes());
        row.put("signer", signer.bytes());
        row.put("payer", payer(order, signer).bytes());
        row.put("need", number(need(order)));
        row.put("price", number(Query.price(order)));
        row.put("volume", order.volume());
        row.put("salt", order.salt().bytes());
        row.put("signature", signed.signature().bytes());
        switch (order) {
            case Order.App o -> {
                parties(row, o.app(), o.datasetrestrict(), o.workerpoolrestrict(), o.requesterrestrict());
                terms(row, o.tag(), -1, 0);
                row.put("everyone", isOpen(o.datasetrestrict(), o.workerpoolrestrict(), o.requesterrestrict()));
            }
            case Order.Dataset o -> {
                parties(row, o.apprestrict(), o.dataset(), o.workerpoolrestrict(), o.requesterrestrict());
                terms(row, o.tag(), -1, 0);
                row.put("everyone", isOpen(o.apprestrict(), o.workerpoolrestrict(), o.requesterrestrict()));
            }
            case Order.Workerpool o -> {
                parties(row, o.apprestrict(), o.datasetrestrict(), o.workerpool(), o.requesterrestrict());
                terms(row, o.tag(), o.category(), o.trust());
                row.put("everyone", isOpen(o.apprestrict(), o.datasetrestrict(), o.requesterrestrict()));
            }
            case Order.Request o -> {
                parties(row, o.app(), o.dataset(), o.workerpool(), o.requester());
                terms(row, o.tag(), o.category(), o.trust());
                row.put("everyone", o.workerpool().isZero());
            }
        }
        var request = order instanceof Order.Request o ? o : null;
        row.put("app_price", number(request == null ? Rlc.ZERO : request.appmaxprice()));
        row.put("dataset_price", number(request == null ? Rlc.ZERO : request.datasetmaxprice()));
        row.put("beneficiary", (request == null ? Address.ZERO : request.beneficiary()).bytes());
        row.put("callback", (request == null ? Address.ZERO : request.callback()).bytes());
        row.put("params", request == null ? "" : request.params());
        return row;
    }

    private static void parties(
            Map<String, Object> row, Address app, Address dataset, Address workerpool, Address requester) {
        row.put("app", app.bytes());
        row.put("dataset", dataset.bytes());
        row.put("workerpool", workerpool.bytes());
        row.put("requester", requester.bytes());
    }

    private static void terms(Map<String, Object> row, Tag tag, long category, long trust) {
        row.put("tag", bits(tag));
        row.put("category", category);
        row.put("trust", trust);
        row.put("trust_class", Query.trustClass(trust));
    }

    private static boolean isOpen(Address... restrictions) {
        for (var restriction : restrictions) {
            if (!restriction.isZero()) {
                return false;
            }
        }
        return true;
    }

    static BigDecimal number(Rlc amount) {
        return new BigDecimal(amount.nano());
    }

    /// As a bit string.
    static String bits(Tag tag) {
        var bits = new BigInteger(tag.value().hex(), 16).toString(2);
        return "0".repeat(TAG_BITS - bits.length()) + bits;
    }

    /* OUT OF THEM */

    static Published<?> published(ResultSet row) throws SQLException {
        return switch (kind(row)) {
            case APP ->
                published(
                        row,
                        new Order.App(
                                address(row, "app"),
                                amount(row, "price"),
                                row.getLong("volume"),
                                tag(row),
                                address(row, "dataset"),
                                address(row, "workerpool"),
                                address(row, "requester"),
                                word(row, "salt")));
            case DATASET ->
                published(
                        row,
                        new Order.Dataset(
                                address(row, "dataset"),
                                amount(row, "price"),
                                row.getLong("volume"),
                                tag(row),
                                address(row, "app"),
                                address(row, "workerpool"),
                                address(row, "requester"),
                                word(row, "salt")));
            case WORKERPOOL ->
                published(
                        row,
                        new Order.Workerpool(
                                address(row, "workerpool"),
                                amount(row, "price"),
                                row.getLong("volume"),
                                tag(row),
                                row.getLong("category"),
                                row.getLong("trust"),
                                address(row, "app"),
                                address(row, "dataset"),
                                address(row, "requester"),
                                word(row, "salt")));
            case REQUEST ->
                published(
                        row,
                        new Order.Request(
                                address(row, "app"),
                                amount(row, "app_price"),
                                address(row, "dataset"),
                                amount(row, "dataset_price"),
                                address(row, "workerpool"),
                                amount(row, "price"),
                                address(row, "requester"),
                                row.getLong("volume"),
                                tag(row),
                                row.getLong("category"),
                                row.getLong("trust"),
                                address(row, "beneficiary"),
                                address(row, "callback"),
                                row.getString("params"),
                                word(row, "salt")));
        };
    }

    private static <O extends Order> Published<O> published(ResultSet row, O order) throws SQLException {
        var status = row.getBoolean("open")
                ? Status.OPEN
                : row.getLong("remaining") == 0
                        ? Status.FILLED
                        : row.getBoolean("owned") ? Status.UNFUNDED : Status.ORPHANED;
        return new Published<>(
                word(row, "hash"),
                new Signed<>(order, Bytes.of(row.getBytes("signature"))),
                row.getLong("remaining"),
                status,
                row.getTimestamp("published").toInstant(),
                address(row, "signer"));
    }

    static Kind kind(ResultSet row) throws SQLException {
        return Kind.valueOf(row.getString("kind"));
    }

    static Address address(ResultSet row, String column) throws SQLException {
        return Address.of(row.getBytes(column));
    }

    static Bytes32 word(ResultSet row, String column) throws SQLException {
        return Bytes32.of(row.getBytes(column));
    }

    static Rlc amount(ResultSet row, String column) throws SQLException {
        return new Rlc(row.getBigDecimal(column).toBigIntegerExact());
    }

    private static Tag tag(ResultSet row) throws SQLException {
        return new Tag(new Bytes32("%064x".formatted(new BigInteger(row.getString("tag"), 2))));
    }
}
