package bourse.classad.pool;

import bourse.classad.Value;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// One attribute of all offers in a table: a tag and 64 bits for each row.
final class Column implements Source {
    private final String name;
    private final int mostDistinct;
    private byte[] tags;
    private long[] data;
    private int size;
    private final int[] counts = new int[Tag.COUNT];
    private Dictionary dictionary = new Dictionary();
    private long[] opaque = new long[0];
    private @Nullable Distinct distinct;
    /// Changes to wait for until it is worth looking for few distinct values again.
    private int patience;

    /// @param mostDistinct values whose rows are kept each; up to [Vector#SIZE]
    Column(String name, int mostDistinct, int capacity) {
        this.name = name;
        this.mostDistinct = mostDistinct;
        this.tags = new byte[capacity];
        this.data = new long[capacity];
    }

    String name() {
        return name;
    }

    int size() {
        return size;
    }

    byte[] tags() {
        return tags;
    }

    long[] data() {
        return data;
    }

    Dictionary dictionary() {
        return dictionary;
    }

    int count(byte tag) {
        return counts[tag];
    }

    /// The tag of all rows, or [Tag#OPAQUE] if there are several.
    byte uniform() {
        byte first = size == 0 ? Tag.OPAQUE : tags[0];
        return size > 0 && counts[first] == size ? first : Tag.OPAQUE;
    }

    Value value(int row) {
        return tags[row] == Tag.VALUE ? dictionary.value(data[row]) : Tag.value(tags[row], data[row]);
    }

    void add(byte tag, @Nullable Value value) {
        if (size == tags.length) {
            tags = Arrays.copyOf(tags, Math.max(16, 2 * size));
            data = Arrays.copyOf(data, Math.max(16, 2 * size));
        }
        size++;
        write(size - 1, tag, value);
    }

    void set(int row, byte tag, @Nullable Value value) {
        erase(row);
        write(row, tag, value);
    }

    /// The last row takes the place of this one.
    void remove(int row) {
        int last = size - 1;
        byte tag = tags[last];
        long bits = data[last];
        erase(last);
        if (row < last) {
            erase(row);
            place(row, tag, bits);
        }
        size--;
    }

    private void erase(int row) {
        byte tag = tags[row];
        counts[tag]--;
        if (tag == Tag.OPAQUE) {
            Bits.clear(opaque, row);
        }
        if (distinct != null) {
            distinct.erase(row, tag, data[row]);
        }
    }

    private void write(int row, byte tag, @Nullable Value value) {
        if (value == null) {
            place(row, tag, 0);
        } else if (tag != Tag.VALUE) {
            place(row, tag, Tag.data(value));
        } else {
            if (dictionary.size() > 2 * size + 64) {
                forget(row);
            }
            place(row, tag, dictionary.code(value));
        }
    }

    /// Makes the dictionary anew, of what is still there but in one row.
    private void forget(int except) {
        var old = dictionary;
        dictionary = new Dictionary();
        distinct = null;
        for (int i = 0; i < size; i++) {
            if (i != except && tags[i] == Tag.VALUE) {
                data[i] = dictionary.code(old.value(data[i]));
            }
        }
    }

    private void place(int row, byte tag, long bits) {
        tags[row] = tag;
        data[row] = bits;
        counts[tag]++;
        patience--;
        if (tag == Tag.OPAQUE) {
            if (opaque.length <= row >>> 6) {
                opaque = Arrays.copyOf(opaque, Bits.words(tags.length));
            }
            Bits.set(opaque, row);
        }
        if (distinct != null && !distinct.place(row, tag, bits)) {
            distinct = null;
            patience = size;
        }
    }

    /// Adds the rows that only the walk understands.
    void addOpaque(long[] rows) {
        if (counts[Tag.OPAQUE] > 0) {
            for (int i = 0; i < Math.min(rows.length, opaque.length); i++) {
                rows[i] |= opaque[i];
            }
        }
    }

    /// The rows by value, if there are few values.
    @Nullable
    Distinct distinct() {
        if (distinct == null && patience <= 0) {
            distinct = Distinct.of(this, mostDistinct);
            patience = size;
        }
        return distinct;
    }
}
