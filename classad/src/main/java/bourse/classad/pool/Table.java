package bourse.classad.pool;

import bourse.classad.Calculation;
import bourse.classad.ClassAd;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Offers with one policy, in columns.
///
/// A column is made when an expression asks for it, and kept up from then on. So attributes that nobody asks for
/// cost nothing, however many there are; the column that nobody has asked for the longest goes when there are too
/// many.
final class Table<K> {
    /// Columns that a table keeps in any case, and how many cells in all beyond that.
    private static final int FEW_COLUMNS = 64;

    private static final int MOST_CELLS = 20_000_000;
    /// Columns that even a small table keeps at most.
    private static final int MOST_COLUMNS = 2_000;

    private final Policy policy;
    private final Cells cells;
    private final int mostDistinct;
    private final List<Offer<K>> offers = new ArrayList<>();
    private final LinkedHashMap<String, Column> columns = new LinkedHashMap<>(16, 0.75f, true);
    private final Map<String, Source> spellings = new HashMap<>();
    private long version;

    Table(Policy policy, Cells cells, int mostDistinct) {
        this.policy = policy;
        this.mostDistinct = mostDistinct;
        this.cells = cells;
    }

    Policy policy() {
        return policy;
    }

    int size() {
        return offers.size();
    }

    /// Another one after every change.
    long version() {
        return version;
    }

    Offer<K> offer(int row) {
        return offers.get(row);
    }

    /// The row of the new offer.
    int add(Offer<K> offer) {
        version++;
        offers.add(offer);
        for (var column : columns.values()) {
            write(column, -1, offer.ad());
        }
        return offers.size() - 1;
    }

    void set(int row, Offer<K> offer) {
        version++;
        offers.set(row, offer);
        for (var column : columns.values()) {
            write(column, row, offer.ad());
        }
    }

    /// The last row takes the place of this one.
    void remove(int row) {
        version++;
        int last = offers.size() - 1;
        offers.set(row, offers.get(last));
        offers.remove(last);
        for (var column : columns.values()) {
            column.remove(row);
        }
    }

    /// Where an attribute is; the name may be spelled in any case.
    Source source(String name) {
        var known = spellings.get(name);
        if (known instanceof Source.Policy) {
            return known;
        } else if (known instanceof Column column) {
            // Tells the map that it was asked for.
            columns.get(column.name());
            return known;
        }
        var folded = Calculation.folded(name);
        var expression = policy.expressions().get(folded);
        var source = expression != null ? new Source.Policy(expression) : column(folded);
        if (spellings.size() >= 2 * MOST_COLUMNS) {
            spellings.clear();
        }
        spellings.put(name, source);
        return source;
    }

    private Column column(String name) {
        var known = columns.get(name);
        if (known != null) {
            return known;
        }
        if (columns.size() >= Math.clamp(MOST_CELLS / Math.max(1, size()), FEW_COLUMNS, MOST_COLUMNS)) {
            columns.pollFirstEntry();
            spellings.clear();
        }
        var column = new Column(name, mostDistinct, Math.max(16, offers.size()));
        for (var offer : offers) {
            write(column, -1, offer.ad());
        }
        columns.put(name, column);
        return column;
    }

    private void write(Column column, int row, ClassAd ad) {
        var expression = ad.get(column.name()).orElse(null);
        var value = expression == null ? null : cells.value(expression).orElse(null);
        byte tag = expression == null ? Tag.ABSENT : value == null ? Tag.OPAQUE : Tag.of(value);
        if (row < 0) {
            column.add(tag, value);
        } else {
            column.set(row, tag, value);
        }
    }
}
