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
            conditions.add("tag & cast(:min_tag as bit(256)) = cast(:min_tag as bit(256))");
            values.put("min_tag", Row.bits(fit.minTag()));
        }
        fit.maxTag().ifPresent(tag -> {
            conditions.add("tag | cast(:max_tag as bit(256)) = cast(:max_tag as bit(256))");
            values.put("max_tag", Row.bits(tag));
        });
        if (fit.minVolume() > 1) {
            conditions.add("remaining >= :min_volume");
            values.put("min_volume", fit.minVolume());
        }
        conditions.addFirst("kind = '%s' and open%s".formatted(kind, everyone ? " and everyone" : ""));
    }

    private void equal(String column, Optional<Address> wanted) {
        wanted.ifPresent(address -> {
            conditions.add("%s = :%s_is".formatted(column, column));
            values.put(column + "_is", address.bytes());
        });
    }

    private void party(String column, Party party) {
        switch (party) {
            case Party.Everyone _ -> {
                conditions.add(column + " = :nobody");
                values.put("nobody", Address.ZERO.bytes());
            }
            case Party.Whoever _ -> everyone = false;
            case Party.Restricted _ -> {
                everyone = false;
                conditions.add(column + " <> :nobody");
                values.put("nobody", Address.ZERO.bytes());
            }
            case Party.One(var address, var strict) -> {
                everyone = false;
                conditions.add("%s in (:%s_one%s)".formatted(column, column, strict ? "" : ", :nobody"));
                values.put(column + "_one", address.bytes());
                if (!strict) {
                    values.put("nobody", Address.ZERO.bytes());
                }
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

    private String where() {
        return String.join(" and ", conditions);
    }

    private String order() {
        return query instanceof Query.Requests ? "price desc, seq" : "price, seq";
    }

    /// One slice, and one order more, if there is one.
    String slice() {
        var slice = query.slice();
        var rows = byClass
                ? """
                  select found.* from generate_series(:from_class, :to_class) as class (one)
                  cross join lateral (
                      select * from listed where %s and trust_class = class.one order by %s limit %d) found""".formatted(where(), order(), slice.offset() + slice.limit() + 1)
                : "select * from listed where " + where();
        return "%s order by %s offset %d limit %d".formatted(rows, order(), slice.offset(), slice.limit() + 1);
    }

    /// How many there are, counted up to `most`.
    String count(int most) {
        var classes = byClass ? " and trust_class between :from_class and :to_class" : "";
        return "select count(*) from (select 1 from listed where %s%s limit %d) counted"
                .formatted(where(), classes, most);
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
