package bourse.sandbox.metering;

import static bourse.sandbox.metering.Module.F32;
import static bourse.sandbox.metering.Module.F64;
import static bourse.sandbox.metering.Module.I32;
import static bourse.sandbox.metering.Module.I64;
import static bourse.sandbox.metering.Module.NONE;
import static bourse.sandbox.metering.Module.REFERENCE;

import bourse.sandbox.Cause;
import java.util.Arrays;

/// One instruction as it stands in a function's body, read in place.
///
/// Everything in WebAssembly 2.0 except SIMD is known. What is not known is refused: an instruction that the pass
/// does not understand could run unmetered.
final class Operation {
    static final int UNREACHABLE = 0x00;
    static final int BLOCK = 0x02;
    static final int LOOP = 0x03;
    static final int IF = 0x04;
    static final int ELSE = 0x05;
    static final int END = 0x0b;
    static final int BR = 0x0c;
    static final int BR_IF = 0x0d;
    static final int BR_TABLE = 0x0e;
    static final int RETURN = 0x0f;
    static final int CALL = 0x10;
    static final int CALL_INDIRECT = 0x11;
    static final int SELECT = 0x1b;
    static final int SELECT_TYPED = 0x1c;
    static final int LOCAL_GET = 0x20;
    static final int LOCAL_SET = 0x21;
    static final int LOCAL_TEE = 0x22;
    static final int GLOBAL_GET = 0x23;
    static final int GLOBAL_SET = 0x24;
    static final int MEMORY_GROW = 0x40;
    static final int I32_CONST = 0x41;
    static final int I64_CONST = 0x42;
    static final int F32_CONST = 0x43;
    static final int F64_CONST = 0x44;

    /// The instructions behind the prefix 0xfc stand from here on.
    private static final int PREFIXED = 0x100;

    static final int MEMORY_INIT = PREFIXED + 8;
    static final int MEMORY_COPY = PREFIXED + 10;
    static final int MEMORY_FILL = PREFIXED + 11;
    static final int TABLE_INIT = PREFIXED + 12;
    static final int TABLE_COPY = PREFIXED + 14;
    static final int TABLE_GROW = PREFIXED + 15;
    static final int TABLE_FILL = PREFIXED + 17;

    /// What an instruction does to the floats on the stack.
    enum Floats {
        /// Its operands' bits show, or it has none.
        OBSERVES,
        /// It looks at numbers, not at bits: a comparison, a conversion to an integer.
        READS,
        /// A result from numbers, whose NaN has no defined bits.
        COMPUTES,
        /// As good as its operand: `abs`.
        PASSES,
        /// A result that is never NaN: from an integer.
        NEVER_NAN
    }

    private static final byte[] POPS = new byte[PREFIXED + 18];
    private static final byte[] RESULTS = new byte[PREFIXED + 18];
    private static final Floats[] FLOATS = new Floats[PREFIXED + 18];

    static {
        Arrays.fill(POPS, (byte) -1);
        define(0x01, 0x01, 0, NONE); // nop
        define(0x1a, 0x1a, 1, NONE); // drop
        define(0x25, 0x25, 1, REFERENCE); // table.get
        define(0x26, 0x26, 2, NONE); // table.set
        define(0x28, 0x28, 1, I32); // loads
        define(0x29, 0x29, 1, I64);
        define(0x2a, 0x2a, 1, F32);
        define(0x2b, 0x2b, 1, F64);
        define(0x2c, 0x2f, 1, I32);
        define(0x30, 0x35, 1, I64);
        define(0x36, 0x3e, 2, NONE); // stores
        define(0x3f, 0x3f, 0, I32); // memory.size
        define(0x40, 0x40, 1, I32); // memory.grow
        define(0x41, 0x41, 0, I32); // constants
        define(0x42, 0x42, 0, I64);
        define(0x43, 0x43, 0, F32);
        define(0x44, 0x44, 0, F64);
        define(0x45, 0x45, 1, I32); // i32 comparisons
        define(0x46, 0x4f, 2, I32);
        define(0x50, 0x50, 1, I32); // i64 comparisons
        define(0x51, 0x5a, 2, I32);
        define(0x5b, 0x66, 2, I32, Floats.READS); // float comparisons
        define(0x67, 0x69, 1, I32); // i32 arithmetic
        define(0x6a, 0x78, 2, I32);
        define(0x79, 0x7b, 1, I64); // i64 arithmetic
        define(0x7c, 0x8a, 2, I64);
        floats(0x8b, F32);
        floats(0x99, F64);
        define(0xa7, 0xa7, 1, I32); // i32.wrap_i64
        define(0xa8, 0xab, 1, I32, Floats.READS); // truncations
        define(0xac, 0xad, 1, I64); // i64.extend_i32
        define(0xae, 0xb1, 1, I64, Floats.READS); // truncations
        define(0xb2, 0xb5, 1, F32, Floats.NEVER_NAN); // conversions
        define(0xb6, 0xb6, 1, F32, Floats.COMPUTES); // demotion
        define(0xb7, 0xba, 1, F64, Floats.NEVER_NAN); // conversions
        define(0xbb, 0xbb, 1, F64, Floats.COMPUTES); // promotion
        define(0xbc, 0xbc, 1, I32); // reinterpretations
        define(0xbd, 0xbd, 1, I64);
        define(0xbe, 0xbe, 1, F32);
        define(0xbf, 0xbf, 1, F64);
        define(0xc0, 0xc1, 1, I32); // sign extensions
        define(0xc2, 0xc4, 1, I64);
        define(0xd0, 0xd0, 0, REFERENCE); // ref.null
        define(0xd1, 0xd1, 1, I32); // ref.is_null
        define(0xd2, 0xd2, 0, REFERENCE); // ref.func
        define(PREFIXED, PREFIXED + 3, 1, I32, Floats.READS); // saturating truncations
        define(PREFIXED + 4, PREFIXED + 7, 1, I64, Floats.READS);
        define(MEMORY_INIT, MEMORY_INIT, 3, NONE);
        define(PREFIXED + 9, PREFIXED + 9, 0, NONE); // data.drop
        define(MEMORY_COPY, TABLE_INIT, 3, NONE);
        define(PREFIXED + 13, PREFIXED + 13, 0, NONE); // elem.drop
        define(TABLE_COPY, TABLE_COPY, 3, NONE);
        define(TABLE_GROW, TABLE_GROW, 2, I32);
        define(PREFIXED + 16, PREFIXED + 16, 0, I32); // table.size
        define(TABLE_FILL, TABLE_FILL, 3, NONE);
    }

    private final Reader in;
    private int start;
    private int code;
    private long operand;
    private int[] labels = {};

    Operation(Reader in) {
        this.in = in;
    }

    /// Reads the next instruction; false at the end of the body.
    boolean next() {
        if (in.atEnd()) {
            return false;
        }
        start = in.position();
        code = in.u8();
        operand = 0;
        switch (code) {
            case UNREACHABLE, ELSE, END, RETURN, SELECT -> {}
            case BLOCK, LOOP, IF -> operand = in.s33();
            case BR, BR_IF, CALL, LOCAL_GET, LOCAL_SET, LOCAL_TEE, GLOBAL_GET, GLOBAL_SET -> operand = in.u32();
            case BR_TABLE -> readLabels();
            case CALL_INDIRECT -> {
                operand = in.u32();
                in.u32();
            }
            case SELECT_TYPED -> {
                if (in.u32() != 1) {
                    throw in.malformed("has a select of several values");
                }
                in.u8();
            }
            case 0xfc -> readPrefixed();
            default -> readPlain();
        }
        return true;
    }

    private void readPlain() {
        if (POPS[code] < 0) {
            throw notOffered(code);
        }
        switch (code) {
            case I32_CONST -> operand = in.s32();
            case I64_CONST -> operand = in.s64();
            case F32_CONST -> operand = in.i32();
            case F64_CONST -> operand = in.i64();
            case 0x25, 0x26, 0xd0, 0xd2 -> in.u32();
            case 0x3f, 0x40 -> onlyMemory();
            default -> {
                if (code >= 0x28 && code <= 0x3e) {
                    in.u32();
                    in.u32(); // an offset of 2^31 and more can only be out of bounds, and is refused
                }
            }
        }
    }

    private void readPrefixed() {
        int second = in.u32();
        if (second > 17) {
            throw notOffered(code);
        }
        code = PREFIXED + second;
        switch (code) {
            case MEMORY_INIT -> {
                in.u32();
                onlyMemory();
            }
            case MEMORY_COPY -> {
                onlyMemory();
                onlyMemory();
            }
            case MEMORY_FILL -> onlyMemory();
            case TABLE_INIT, TABLE_COPY -> {
                in.u32();
                in.u32();
            }
            default -> {
                if (second > 7) {
                    in.u32();
                }
            }
        }
    }

    private void readLabels() {
        int count = in.u32();
        if (count > Module.MAX_LABELS) {
            throw new Refused(Cause.TOO_COMPLEX, "A br_table has " + count + " labels.");
        }
        labels = new int[count + 1];
        for (int i = 0; i <= count; i++) {
            labels[i] = in.u32();
        }
    }

    private void onlyMemory() {
        if (in.u8() != 0) {
            throw new Refused(Cause.FEATURE_NOT_OFFERED, "Only one memory is offered.");
        }
    }

    int code() {
        return code;
    }

    /// An index, a label, a block type or a constant's value or bits.
    long operand() {
        return operand;
    }

    int index() {
        return (int) operand;
    }

    /// The labels of a `br_table`, its default last.
    int[] labels() {
        return labels;
    }

    byte[] bytes() {
        return in.copy(start, in.position());
    }

    Refused malformed(String what) {
        return in.malformed(what);
    }

    /// How many operands it takes; for instructions that always take the same.
    int pops() {
        return POPS[code];
    }

    /// The type of its result, or [Module#NONE].
    byte result() {
        return RESULTS[code];
    }

    Floats floats() {
        return FLOATS[code];
    }

    /// A float constant that is NaN shows its bits like any other loaded value.
    boolean isNan() {
        return switch (code) {
            case F32_CONST -> Float.isNaN(Float.intBitsToFloat((int) operand));
            case F64_CONST -> Double.isNaN(Double.longBitsToDouble(operand));
            default -> false;
        };
    }

    private static Refused notOffered(int code) {
        var feature = switch (code) {
            case 0xfd -> "SIMD";
            case 0xfe -> "threads and atomics";
            case 0xfb -> "garbage-collected types";
            case 0x06, 0x07, 0x08, 0x09, 0x0a, 0x18, 0x19, 0x1f -> "exceptions";
            case 0x12, 0x13, 0x15 -> "tail calls";
            case 0x14, 0xd3, 0xd4, 0xd5, 0xd6 -> "typed function references";
            default -> "the instruction 0x" + Integer.toHexString(code);
        };
        return new Refused(Cause.FEATURE_NOT_OFFERED, "The program uses " + feature + ", which is not offered.");
    }

    private static void floats(int first, byte type) {
        define(first, first, 1, type, Floats.PASSES); // abs
        define(first + 1, first + 1, 1, type); // neg
        define(first + 2, first + 6, 1, type, Floats.COMPUTES); // ceil floor trunc nearest sqrt
        define(first + 7, first + 12, 2, type, Floats.COMPUTES); // add sub mul div min max
        define(first + 13, first + 13, 2, type); // copysign
    }

    private static void define(int from, int to, int pops, byte result) {
        define(from, to, pops, result, Floats.OBSERVES);
    }

    private static void define(int from, int to, int pops, byte result, Floats floats) {
        Arrays.fill(POPS, from, to + 1, (byte) pops);
        Arrays.fill(RESULTS, from, to + 1, result);
        Arrays.fill(FLOATS, from, to + 1, floats);
    }
}
