package bourse.classad.pool;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The rows of a column by its values: whatever a clause asks, it is asked once for each value.
final class Distinct {
    private final Map<Cell, Group> groups = new HashMap<>();
    private final int most;
    private int capacity;

    private record Cell(byte tag, long data) {}

    private static final class Group {
        private long[] rows;
        private int size;

        private Group(int capacity) {
            this.rows = Bits.none(capacity);
        }
    }

    private Distinct(int most, int capacity) {
        this.most = most;
        this.capacity = capacity;
    }

    /// Null if there are too many.
    static @Nullable Distinct of(Column column, int most) {
        var distinct = new Distinct(most, column.tags().length);
        for (int row = 0; row < column.size(); row++) {
            if (!distinct.place(row, column.tags()[row], column.data()[row])) {
                return null;
            }
        }
        return distinct;
    }

    /// Whether there are still few enough.
    boolean place(int row, byte tag, long data) {
        var cell = new Cell(tag, data);
        var group = groups.get(cell);
        if (group == null) {
            if (groups.size() >= most) {
                groups.values().removeIf(it -> it.size == 0);
            }
            if (groups.size() >= most) {
                return false;
            }
            group = new Group(capacity);
            groups.put(cell, group);
        }
        if (row >= capacity) {
            capacity = Math.max(2 * capacity, row + 1);
        }
        if (group.rows.length <= row >>> 6) {
            group.rows = Arrays.copyOf(group.rows, Bits.words(capacity));
        }
        Bits.set(group.rows, row);
        group.size++;
        return true;
    }

    void erase(int row, byte tag, long data) {
        var group = groups.get(new Cell(tag, data));
        if (group != null) {
            Bits.clear(group.rows, row);
            group.size--;
        }
    }

    /// The rows of each value.
    List<long[]> rows() {
        var rows = new ArrayList<long[]>();
        for (var group : groups.values()) {
            if (group.size > 0) {
                rows.add(group.rows);
            }
        }
        return rows;
    }

    static int first(long[] rows) {
        int word = 0;
        while (rows[word] == 0) {
            word++;
        }
        return (word << 6) + Long.numberOfTrailingZeros(rows[word]);
    }
}
