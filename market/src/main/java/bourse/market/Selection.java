package bourse.market;

import bourse.protocol.Address;
import bourse.protocol.Order;
import bourse.protocol.OrderBook.Kind;
import bourse.protocol.Query;
import bourse.protocol.Query.Party;
import bourse.protocol.Tag;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A query as SQL.
///
/// In an index that is sorted by price, those of too little trust would be passed one by one. So orders lie by the
/// class of their trust, and then by price: of each class that may serve, the first few are taken, and of these the
/// best.
final class Selection {
    private final Query<?> query;
    private final Kind kind;
    private final List<String> conditions = new ArrayList<>();
    private final List<String> restrictions = new ArrayList<>();
    private final Map<String, Object> values = new LinkedHashMap<>();
    private boolean everyone = true;
    private boolean byClass;

    Selection(Query<?> query) {
        this.query = query;
        this.kind = switch (query) {
            case Query.Apps q -> {
                equal("asset", q.app());
                equal("signer", q.owner());
                party("dataset", q.dataset());
                party("workerpool", q.workerpool());
                party("requester", q.requester());
                yield Kind.APP;
            }
            case Query.Datasets q -> {
                equal("asset", q.dataset());
                equal("signer", q.owner());
                party("app", q.app());
                party("workerpool", q.workerpool());
                party("requester", q.requester());
                if (q.bulkOnly()) {
                    conditions.add("price = 0 and volume >= " + Query.Datasets.ENDLESS);
                }
                yield Kind.DATASET;
            }
            case Query.Workerpools q -> {
                equal("asset", q.workerpool());
                equal("signer", q.owner());
                party("app", q.app());
                party("dataset", q.dataset());
                party("requester", q.requester());
                trust(q.category(), q.minTrust(), Long.MAX_VALUE);
                yield Kind.WORKERPOOL;
            }
            case Query.Requests q -> {
                equal("asset", q.requester());
                equal("app", q.app());
                equal("dataset", q.dataset());
                equal("beneficiary", q.beneficiary());
                party("workerpool", q.workerpool());
                trust(q.category(), 0, q.maxTrust());
                yield Kind.REQUEST;
            }
        };
        var fit = query.fit();
        if (!fit.minTag().equals(Tag.NONE)) {
            conditions.add(likely("tag & cast(:min_tag as bit(256)) = cast(:min_tag as bit(256))"));
            values.put("min_tag", Row.bits(fit.minTag()));
        }
        fit.maxTag().ifPresent(tag -> {
            conditions.add(likely("tag | cast(:max_tag as bit(256)) = cast(:max_tag as bit(256))"));
            values.put("max_tag", Row.bits(tag));
        });
        if (fit.minVolume() > 1) {
            conditions.add("remaining >= :min_volume");
            values.put("min_volume", fit.minVolume());
        }
        conditions.addFirst("kind = '%s' and open".formatted(kind));
        // One condition instead of three: what an index has need not be looked up in the table.
        if (everyone) {
            conditions.add("everyone");
        } else {
            conditions.addAll(restrictions);
        }
        if (String.join(" ", conditions).contains(":nobody")) {
            values.put("nobody", Address.ZERO.bytes());
        }
    }

    /// PostgreSQL guesses that a computed value is almost never the one wanted, and would rather sort the whole
    /// category than go through it by price. In this form it guesses that every second row will do.
    private static String likely(String condition) {
        return "case when %s then true else false end".formatted(condition);
    }

    private void equal(String column, Optional<Address> wanted) {
        wanted.ifPresent(address -> {
            conditions.add("%s = :%s_is".formatted(column, column));
            values.put(column + "_is", address.bytes());
        });
    }

    private void party(String column, Party party) {
        if (!(party instanceof Party.Everyone)) {
            everyone = false;
        }
        switch (party) {
            case Party.Everyone _ -> restrictions.add(column + " = :nobody");
            case Party.Whoever _ -> {}
            case Party.Restricted _ -> restrictions.add(column + " <> :nobody");
            case Party.One(var address, var strict) -> {
                restrictions.add("%s in (:%s_one%s)".formatted(column, column, strict ? "" : ", :nobody"));
                values.put(column + "_one", address.bytes());
            }
        }
    }

    private void trust(Optional<Long> category, long least, long most) {
        if (least > 0) {
            conditions.add("trust >= :least");
            values.put("least", least);
        }
        if (most < Long.MAX_VALUE) {
            conditions.add("trust <= :most");
            values.put("most", most);
        }
        byClass = category.isPresent();
        category.ifPresent(id -> {
            conditions.add("category = :category");
            values.put("category", id);
            values.put("from_class", Query.trustClass(least));
            values.put("to_class", Query.trustClass(most));
        });
    }

    /// What the statements' parameters stand for.
    Map<String, Object> values() {
        return values;
    }

    private String order() {
        return query instanceof Query.Requests ? "price desc, seq" : "price, seq";
    }

    /// One slice, and one order more, if there is one.
    String slice() {
        var slice = query.slice();
        var first = "order by %s limit %d".formatted(order(), slice.offset() + slice.limit() + 1);
        // What an index has is found there; only the best are looked up in the table.
        return """
               select listed.* from (select seq from %s order by %s offset %d limit %d) best
               join listed using (seq) order by %s""".formatted(some("seq, price", first), order(), slice.offset(), slice.limit() + 1, order());
    }

    /// How many there are, counted up to `most`.
    String count(int most) {
        var limit = "limit " + most;
        return "select count(*) from (select 1 from %s %s) counted".formatted(some("1", limit), limit);
    }

    /// The orders of each class, or all at once.
    private String some(String columns, String limit) {
        var where = String.join(" and ", conditions);
        return byClass
                ? """
                  (select found.* from generate_series(:from_class, :to_class) as class (one) cross join lateral (
                      select %s from listed where %s and trust_class = class.one %s) found) found""".formatted(columns, where, limit)
                : "(select %s from listed where %s %s) found".formatted(columns, where, limit);
    }

    /// Queries are of one kind each.
    <O extends Order> Class<O> type(Query<O> same) {
        Class<?> type = switch (kind) {
            case APP -> Order.App.class;
            case DATASET -> Order.Dataset.class;
            case WORKERPOOL -> Order.Workerpool.class;
            case REQUEST -> Order.Request.class;
        };
        @SuppressWarnings("unchecked")
        var typed = (Class<O>) type;
        return typed;
    }
}
