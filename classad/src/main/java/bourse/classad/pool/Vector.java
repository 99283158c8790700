package bourse.classad.pool;

import bourse.classad.Value;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The values of a formula for some rows, up to [#SIZE].
final class Vector {
    static final int SIZE = 1024;

    /// Of all, or [Tag#OPAQUE] where they differ; then `tags` has them.
    byte tag;

    final byte[] tags = new byte[SIZE];
    final long[] data = new long[SIZE];
    /// Of those that are [Tag#VALUE].
    @Nullable
    Value @Nullable [] values;

    byte tag(int i) {
        return tag == Tag.OPAQUE ? tags[i] : tag;
    }

    /// Writes out the tags, to change one of them.
    void differ(int count) {
        if (tag != Tag.OPAQUE) {
            Arrays.fill(tags, 0, count, tag);
            tag = Tag.OPAQUE;
        }
    }

    void fill(Value value, int count) {
        tag = Tag.of(value);
        if (tag == Tag.VALUE) {
            Arrays.fill(values(), 0, count, value);
        } else {
            Arrays.fill(data, 0, count, Tag.data(value));
        }
    }

    /// Only where tags differ.
    void set(int i, Value value) {
        tags[i] = Tag.of(value);
        if (tags[i] == Tag.VALUE) {
            values()[i] = value;
        } else {
            data[i] = Tag.data(value);
        }
    }

    /// Only where tags differ.
    void copy(int i, Vector from) {
        tags[i] = from.tag(i);
        data[i] = from.data[i];
        if (tags[i] == Tag.VALUE) {
            values()[i] = from.value(i);
        }
    }

    Value value(int i) {
        byte of = tag(i);
        return of == Tag.VALUE ? Objects.requireNonNull(values()[i]) : Tag.value(of, data[i]);
    }

    double real(int i) {
        return Tag.real(tag(i), data[i]);
    }

    @Nullable
    Value[] values() {
        var known = values;
        if (known == null) {
            known = new Value[SIZE];
            values = known;
        }
        return known;
    }

    /// 1 for true, 0 for false, and the tags of undefined and error made negative: what a value is to `&&`.
    int truth(int i) {
        return switch (tag(i)) {
            case Tag.BOOL, Tag.INT -> data[i] != 0 ? 1 : 0;
            case Tag.REAL -> Double.longBitsToDouble(data[i]) != 0 ? 1 : 0;
            case Tag.ABSENT, Tag.UNDEFINED -> -Tag.UNDEFINED;
            default -> -Tag.ERROR;
        };
    }
}
