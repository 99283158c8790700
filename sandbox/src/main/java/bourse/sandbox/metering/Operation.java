package bourse.sandbox.metering;

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
    private static final byte[] PUSHES = new byte[PREFIXED + 18];
    private static final Floats[] FLOATS = new Floats[PREFIXED + 18];

    static {
        Arrays.fill(POPS, (byte) -1);
        Arrays.fill(FLOATS, Floats.OBSERVES);
        define(0x01, 0x01, 0, 0); // nop
        define(0x1a, 0x1a, 1, 0); // drop
        define(0x25, 0x25, 1, 1); // table.get
        define(0x26, 0x26, 2, 0); // table.set
        define(0x28, 0x35, 1, 1); // loads
        define(0x36, 0x3e, 2, 0); // stores
        define(0x3f, 0x3f, 0, 1); // memory.size
        define(0x40, 0x40, 1, 1); // memory.grow
        define(0x41, 0x44, 0, 1); // constants
        define(0x45, 0x45, 1, 1); // i32.eqz
        define(0x46, 0x4f, 2, 1);
        define(0x50, 0x50, 1, 1); // i64.eqz
        define(0x51, 0x5a, 2, 1);
        define(0x5b, 0x66, 2, 1, Floats.READS); // float comparisons
        define(0x67, 0x69, 1, 1);
        define(0x6a, 0x78, 2, 1);
        define(0x79, 0x7b, 1, 1);
        define(0x7c, 0x8a, 2, 1);
        for (int f = 0x8b; f <= 0x99; f += 0x0e) { // f32, f64
            define(f, f, 1, 1, Floats.PASSES); // abs
            define(f + 1, f + 1, 1, 1); // neg
            define(f + 2, f + 6, 1, 1, Floats.COMPUTES); // ceil floor trunc nearest sqrt
            define(f + 7, f + 12, 2, 1, Floats.COMPUTES); // add sub mul div min max
            define(f + 13, f + 13, 2, 1); // copysign
        }
        define(0xa7, 0xa7, 1, 1); // i32.wrap_i64
        define(0xa8, 0xab, 1, 1, Floats.READS); // truncations
        define(0xac, 0xad, 1, 1);
        define(0xae, 0xb1, 1, 1, Floats.READS);
        define(0xb2, 0xb5, 1, 1, Floats.NEVER_NAN); // f32.convert
        define(0xb6, 0xb6, 1, 1, Floats.COMPUTES); // f32.demote
        define(0xb7, 0xba, 1, 1, Floats.NEVER_NAN); // f64.convert
        define(0xbb, 0xbb, 1, 1, Floats.COMPUTES); // f64.promote
        define(0xbc, 0xc4, 1, 1); // reinterpretations, sign extensions
        define(0xd0, 0xd0, 0, 1); // ref.null
        define(0xd1, 0xd1, 1, 1); // ref.is_null
        define(0xd2, 0xd2, 0, 1); // ref.func
        define(PREFIXED, PREFIXED + 7, 1, 1, Floats.READS); // saturating truncations
        define(MEMORY_INIT, MEMORY_INIT, 3, 0);
        define(PREFIXED + 9, PREFIXED + 9, 0, 0); // data.drop
        define(MEMORY_COPY, TABLE_INIT, 3, 0);
        define(PREFIXED + 13, PREFIXED + 13, 0, 0); // elem.drop
        define(TABLE_COPY, TABLE_COPY, 3, 0);
        define(TABLE_GROW, TABLE_GROW, 2, 1);
        define(PREFIXED + 16, PREFIXED + 16, 0, 1); // table.size
        define(TABLE_FILL, TABLE_FILL, 3, 0);
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

    int pushes() {
        return PUSHES[code];
    }

    Floats floats() {
        return FLOATS[code];
    }

    /// The type of a float that this instruction computes.
    byte computedType() {
        return (code >= 0x99 && code <= 0xa6) || code == 0xbb ? Module.F64 : Module.F32;
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

    private static void define(int from, int to, int pops, int pushes) {
        define(from, to, pops, pushes, Floats.OBSERVES);
    }

    private static void define(int from, int to, int pops, int pushes, Floats floats) {
        Arrays.fill(POPS, from, to + 1, (byte) pops);
        Arrays.fill(PUSHES, from, to + 1, (byte) pushes);
        Arrays.fill(FLOATS, from, to + 1, floats);
    }
}
