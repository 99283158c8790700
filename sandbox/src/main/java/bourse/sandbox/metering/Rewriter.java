package bourse.sandbox.metering;

import static bourse.sandbox.metering.Operation.BLOCK;
import static bourse.sandbox.metering.Operation.BR;
import static bourse.sandbox.metering.Operation.CALL;
import static bourse.sandbox.metering.Operation.CALL_INDIRECT;
import static bourse.sandbox.metering.Operation.END;
import static bourse.sandbox.metering.Operation.GLOBAL_GET;
import static bourse.sandbox.metering.Operation.GLOBAL_SET;
import static bourse.sandbox.metering.Operation.I32_CONST;
import static bourse.sandbox.metering.Operation.I64_CONST;
import static bourse.sandbox.metering.Operation.IF;
import static bourse.sandbox.metering.Operation.LOCAL_GET;
import static bourse.sandbox.metering.Operation.LOCAL_SET;
import static bourse.sandbox.metering.Operation.LOCAL_TEE;
import static bourse.sandbox.metering.Operation.LOOP;
import static bourse.sandbox.metering.Operation.MEMORY_COPY;
import static bourse.sandbox.metering.Operation.MEMORY_FILL;
import static bourse.sandbox.metering.Operation.MEMORY_GROW;
import static bourse.sandbox.metering.Operation.MEMORY_INIT;
import static bourse.sandbox.metering.Operation.RETURN;
import static bourse.sandbox.metering.Operation.TABLE_COPY;
import static bourse.sandbox.metering.Operation.TABLE_FILL;
import static bourse.sandbox.metering.Operation.TABLE_GROW;
import static bourse.sandbox.metering.Operation.TABLE_INIT;
import static bourse.sandbox.metering.Operation.UNREACHABLE;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/// Writes one function again, with its metering.
///
/// ```
///     fuel := $fuel - cost of the first stretch          while the function runs, the fuel is a local, which the
///     $depth := $depth - weight                          engine keeps in a register
///     if (fuel | $depth) < 0 then $fuel := fuel, trap
///     block
///         …  fuel -= cost                                where the way parts or joins
///         …  loop  fuel -= cost, trap if below 0
///         …  $fuel := fuel, call, fuel := $fuel
///         …  return, which is now a branch out of the block
///     end
///     $fuel := fuel, $depth := $depth + weight
/// ```
///
/// Between two checks there is only straight code, so what runs after the fuel is gone is bounded by the
/// function's length. A function that neither calls nor loops leaves the checks to its caller.
final class Rewriter {
    private static final int I64_SUB = 0x7d;
    private static final int I64_ADD = 0x7c;
    private static final int I64_OR = 0x84;
    private static final int I64_LT_S = 0x53;
    private static final int I64_SHR_U = 0x88;
    private static final int I64_SHL = 0x86;
    private static final int I64_EXTEND_I32_U = 0xad;
    private static final int I32_EQ = 0x46;
    private static final int F32_NE = 0x5c;
    private static final int F64_NE = 0x62;

    private final Module module;
    private final Analysis analysis;
    private final int fuelGlobal;
    private final Writer out = new Writer();

    /// All locals, those of the program first.
    private byte[] locals;

    private int localCount;

    /// Which local keeps a value of a type at a place of the stack.
    private final Map<Integer, Integer> kept = new HashMap<>();

    private final int fuel;
    private final int length;
    private final int float32;
    private final int float64;

    private Rewriter(Module module, Analysis analysis, byte[] locals) {
        this.module = module;
        this.analysis = analysis;
        this.locals = locals;
        localCount = locals.length;
        fuelGlobal = module.addedGlobals();
        fuel = addLocal(Module.I64);
        length = addLocal(Module.I32);
        float32 = addLocal(Module.F32);
        float64 = addLocal(Module.F64);
    }

    /// @param body the function's body behind its locals
    static Writer rewrite(Module module, int type, byte[] locals, Reader body) {
        var signature = module.type(type);
        var analysis = Analysis.of(module, signature, locals, body, body.rest().length);
        var rewriter = new Rewriter(module, analysis, locals);
        rewriter.write(type, body);
        return rewriter.locals(signature.parameters().length).raw(rewriter.out.bytes());
    }

    private int addLocal(byte type) {
        if (localCount == locals.length) {
            locals = Arrays.copyOf(locals, localCount + 8);
        }
        locals[localCount] = type;
        return localCount++;
    }

    private void write(int type, Reader body) {
        // One for each call, and more for a large frame, so that a given depth always fits on the machine's stack.
        int weight = analysis.calls() ? 1 + (fuel + analysis.mostValues()) / 32 : 0;
        global(GLOBAL_GET, fuelGlobal).constant(analysis.costAfter(-1)).op(I64_SUB);
        local(LOCAL_SET, fuel);
        if (weight > 0) {
            global(GLOBAL_GET, fuelGlobal + 1).constant(weight).op(I64_SUB);
            global(GLOBAL_SET, fuelGlobal + 1);
            local(LOCAL_GET, fuel).global(GLOBAL_GET, fuelGlobal + 1).op(I64_OR).trapIfNegative();
        } else if (analysis.loops()) {
            local(LOCAL_GET, fuel).trapIfNegative();
        }
        out.u8(BLOCK).s64(module.blockType(type));
        body(body);
        local(LOCAL_GET, fuel).global(GLOBAL_SET, fuelGlobal);
        if (weight > 0) {
            global(GLOBAL_GET, fuelGlobal + 1).constant(weight).op(I64_ADD);
            global(GLOBAL_SET, fuelGlobal + 1);
        }
        out.u8(END);
    }

    private Writer locals(int parameters) {
        var groups = new Writer();
        int count = 0;
        for (int from = parameters; from < localCount; count++) {
            int to = from;
            while (to < localCount && locals[to] == locals[from]) {
                to++;
            }
            groups.u32(to - from).u8(locals[from]);
            from = to;
        }
        return new Writer().u32(count).raw(groups.bytes());
    }

    private void body(Reader body) {
        var operation = new Operation(body);
        int nesting = 0;
        for (int ordinal = 0; operation.next(); ordinal++) {
            int code = operation.code();
            analysis.spillBefore(ordinal).ifPresent(this::keep);
            switch (code) {
                case BLOCK, LOOP, IF -> nesting++;
                case END -> nesting--;
                case CALL, CALL_INDIRECT -> local(LOCAL_GET, fuel).global(GLOBAL_SET, fuelGlobal);
                case MEMORY_COPY, MEMORY_FILL, MEMORY_INIT -> chargeLength(I64_SHR_U, 3);
                case TABLE_COPY, TABLE_FILL, TABLE_INIT, TABLE_GROW -> chargeLength(I64_SHL, 0);
                case MEMORY_GROW -> chargeLength(I64_SHL, 10);
                default -> {}
            }
            if (code == RETURN) {
                out.u8(BR).u32(nesting);
            } else {
                out.raw(operation.bytes());
            }
            switch (code) {
                case CALL, CALL_INDIRECT -> global(GLOBAL_GET, fuelGlobal).local(LOCAL_SET, fuel);
                case MEMORY_GROW -> noteRefusal();
                default -> {}
            }
            analysis.spillAfter(ordinal).ifPresent(this::restore);
            if (analysis.isCanonical(ordinal)) {
                canonicalise(analysis.typeOf(ordinal));
            }
            int cost = analysis.costAfter(ordinal);
            if (cost > 0) {
                local(LOCAL_GET, fuel).constant(cost).op(I64_SUB).local(LOCAL_SET, fuel);
            }
            if (code == LOOP) {
                local(LOCAL_GET, fuel).trapIfNegative();
            }
        }
    }

    private void keep(Analysis.Spill spill) {
        int above = spill.height() + spill.kept().length;
        move(LOCAL_SET, spill.taken(), above);
        move(LOCAL_SET, spill.kept(), spill.height());
        move(LOCAL_GET, spill.taken(), above);
    }

    private void restore(Analysis.Spill spill) {
        int above = spill.height() + spill.kept().length;
        move(LOCAL_SET, spill.results(), above);
        move(LOCAL_GET, spill.kept(), spill.height());
        move(LOCAL_GET, spill.results(), above);
    }

    /// Between the stack and the locals that stand for its places from `height` on.
    private void move(int code, byte[] types, int height) {
        for (int i = 0; i < types.length; i++) {
            int place = code == LOCAL_SET ? types.length - 1 - i : i;
            byte type = types[place];
            local(code, kept.computeIfAbsent((height + place) << 8 | type, _ -> addLocal(type)));
        }
    }

    /// Takes the length on top of the stack, shifted, from the fuel: 8 bytes, an element, or a 64th of a page
    /// are one.
    private void chargeLength(int shift, int by) {
        local(LOCAL_TEE, length).local(LOCAL_GET, fuel).local(LOCAL_GET, length);
        op(I64_EXTEND_I32_U)
                .constant(by)
                .op(shift)
                .op(I64_SUB)
                .local(LOCAL_TEE, fuel)
                .trapIfNegative();
    }

    private void noteRefusal() {
        local(LOCAL_TEE, length).local(LOCAL_GET, length);
        out.u8(I32_CONST).s64(-1).u8(I32_EQ).u8(I64_EXTEND_I32_U);
        global(GLOBAL_GET, fuelGlobal + 2).op(I64_OR).global(GLOBAL_SET, fuelGlobal + 2);
    }

    /// A branch that is never taken costs the engine less than a choice.
    private void canonicalise(byte type) {
        boolean wide = type == Module.F64;
        int local = wide ? float64 : float32;
        local(LOCAL_TEE, local)
                .local(LOCAL_GET, local)
                .op(wide ? F64_NE : F32_NE)
                .op(IF)
                .op(0x40);
        if (wide) {
            out.u8(Operation.F64_CONST).raw(new byte[] {0, 0, 0, 0, 0, 0, (byte) 0xf8, 0x7f});
        } else {
            out.u8(Operation.F32_CONST).raw(new byte[] {0, 0, (byte) 0xc0, 0x7f});
        }
        local(LOCAL_SET, local).op(END).local(LOCAL_GET, local);
    }

    private void trapIfNegative() {
        constant(0).op(I64_LT_S).op(IF).op(0x40);
        local(LOCAL_GET, fuel).global(GLOBAL_SET, fuelGlobal).op(UNREACHABLE).op(END);
    }

    private Rewriter op(int code) {
        out.u8(code);
        return this;
    }

    private Rewriter constant(long value) {
        out.u8(I64_CONST).s64(value);
        return this;
    }

    private Rewriter local(int code, int index) {
        out.u8(code).u32(index);
        return this;
    }

    private Rewriter global(int code, int index) {
        out.u8(code).u32(index);
        return this;
    }
}
