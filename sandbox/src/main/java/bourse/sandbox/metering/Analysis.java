package bourse.sandbox.metering;

import bourse.sandbox.Cause;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// What has to be known of a function before it is rewritten: the cost of each straight stretch of code, the
/// most values it ever holds, the few floats whose NaNs must be made canonical, and the values that must be out
/// of the way when it loops.
///
/// **NaN.** The result of float arithmetic may be a NaN whose bits differ from one processor to the next. It
/// only matters where bits show: in a store, a reinterpretation, a sign, a call, a global. So every value on
/// the stack remembers the instruction that produced it while its NaN is still undefined, and only when such a
/// value reaches a place where bits show is that instruction marked. A local into which nothing but arithmetic
/// is ever written passes the question on to whoever reads it. The program can't tell this from canonicalising
/// after each operation.
///
/// **Loops.** A compiler likes to leave a value on the stack, an address say, while it loops for what to store
/// there. The JVM's compiler gives up on a running loop that it meets with a stack that is not empty, and then
/// it takes twenty times as long. So what lies on the stack around a block with a loop in it is kept in locals
/// meanwhile.
final class Analysis {
    /// Any value whose bits are defined.
    private static final int DEFINED = -1;

    /// A float that is no NaN.
    private static final int NUMBER = -2;

    /// With more on the stack than any compiler leaves there, a loop is as slow as it is.
    private static final int MOST_KEPT = 32;

    private static final long EMPTY_BLOCK = -64;

    private final Module module;
    private final byte[] locals;
    private final boolean[] undefined;
    private final int[] costs;
    private final byte[] producerTypes;
    private final BitSet canonical = new BitSet();
    private boolean settled = true;
    private boolean calls;
    private boolean loops;
    private int mostValues;

    private final Map<Integer, Spill> spillsBefore = new HashMap<>();
    private final Map<Integer, Spill> spillsAfter = new HashMap<>();

    private int[] stack = new int[64];
    private byte[] types = new byte[64];
    private int size;
    private Frame[] frames = new Frame[16];
    private int depth;
    private int segment = -1;

    /// Values to keep in locals while a block runs.
    ///
    /// @param height how many values lie below, in blocks further out
    /// @param kept types of the values to keep
    /// @param taken types of the values above them, which go into the block
    /// @param results types of the values that come out of it
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Spill(int height, byte[] kept, byte[] taken, byte[] results) {}

    private static final class Frame {
        final int opener;
        final int height;
        final byte[] parameters;
        final byte[] results;
        Optional<Spill> spill = Optional.empty();
        int openedAt;
        boolean loops;
        boolean dead;
        boolean targeted;

        Frame(int opener, int height, byte[] parameters, byte[] results) {
            this.opener = opener;
            this.height = height;
            this.parameters = parameters;
            this.results = results;
        }

        int arity() {
            return opener == Operation.LOOP ? parameters.length : results.length;
        }
    }

    private Analysis(Module module, byte[] locals, boolean[] undefined, int length) {
        this.module = module;
        this.locals = locals;
        this.undefined = undefined;
        costs = new int[length + 1];
        producerTypes = new byte[length];
    }

    /// `code` is the body behind its locals, `length` bytes long; `locals` are all types, parameters first.
    static Analysis of(Module module, Module.Signature signature, byte[] locals, Reader code, int length) {
        var undefined = new boolean[locals.length];
        for (int i = signature.parameters().length; i < locals.length; i++) {
            undefined[i] = isFloat(locals[i]);
        }
        // Usually twice. A chain of copies could take long, and gives up the shortcut instead.
        for (int attempt = 0; ; attempt++) {
            var analysis = new Analysis(module, locals, undefined, length);
            analysis.run(signature, new Operation(code.from(code.position())));
            if (analysis.settled) {
                return analysis;
            }
            if (attempt == 3) {
                Arrays.fill(undefined, false);
            }
        }
    }

    /// The cost of the straight code behind instruction `ordinal`, up to the next place where the way parts or
    /// joins; 0 where no such stretch begins. -1 is the start of the function.
    int costAfter(int ordinal) {
        return costs[ordinal + 1];
    }

    /// Whether the result of instruction `ordinal` must be made canonical.
    boolean isCanonical(int ordinal) {
        return canonical.get(ordinal);
    }

    /// The float type of a result that must be made canonical.
    byte typeOf(int ordinal) {
        return producerTypes[ordinal];
    }

    /// What to keep before the block that instruction `ordinal` opens.
    Optional<Spill> spillBefore(int ordinal) {
        return Optional.ofNullable(spillsBefore.get(ordinal));
    }

    /// What to bring back after the block that instruction `ordinal` ends.
    Optional<Spill> spillAfter(int ordinal) {
        return Optional.ofNullable(spillsAfter.get(ordinal));
    }

    boolean calls() {
        return calls;
    }

    boolean loops() {
        return loops;
    }

    /// The most operands on the stack at once.
    int mostValues() {
        return mostValues;
    }

    private void run(Module.Signature signature, Operation operation) {
        open(Operation.BLOCK, new byte[0], signature.results());
        int ordinal = 0;
        for (; operation.next(); ordinal++) {
            if (depth == 0) {
                throw operation.malformed("has code behind the end of a function");
            }
            step(operation, ordinal);
        }
        if (depth != 0) {
            throw operation.malformed("has a function without an end");
        }
    }

    private void step(Operation operation, int ordinal) {
        int code = operation.code();
        boolean structural =
                code == Operation.BLOCK || code == Operation.LOOP || code == Operation.ELSE || code == Operation.END;
        if (!structural) {
            costs[segment + 1]++;
        }
        switch (code) {
            case Operation.UNREACHABLE -> die(ordinal);
            case Operation.BLOCK -> enter(operation, ordinal);
            case Operation.LOOP -> {
                enter(operation, ordinal);
                noteLoop();
                segment = ordinal;
            }
            case Operation.IF -> {
                enter(operation, ordinal);
                segment = ordinal;
            }
            case Operation.ELSE -> otherwise(operation, ordinal);
            case Operation.END -> leave(ordinal);
            case Operation.BR -> {
                branch(operation, operation.index());
                die(ordinal);
            }
            case Operation.BR_IF -> {
                observe();
                branch(operation, operation.index());
                segment = ordinal;
            }
            case Operation.BR_TABLE -> {
                observe();
                for (int label : operation.labels()) {
                    branch(operation, label);
                }
                die(ordinal);
            }
            case Operation.RETURN -> {
                branch(operation, depth - 1);
                die(ordinal);
            }
            case Operation.CALL -> call(module.signatureOf(operation.index()));
            case Operation.CALL_INDIRECT -> {
                observe();
                call(module.type(operation.index()));
            }
            case Operation.SELECT, Operation.SELECT_TYPED -> select(ordinal);
            case Operation.LOCAL_GET -> get(local(operation), ordinal);
            case Operation.LOCAL_SET -> set(local(operation), pop());
            case Operation.LOCAL_TEE -> {
                int value = pop();
                set(local(operation), value);
                push(value, locals[operation.index()]);
            }
            case Operation.GLOBAL_GET -> push(DEFINED, module.globalType(operation.index()));
            case Operation.GLOBAL_SET -> {
                module.globalType(operation.index());
                observe();
            }
            case Operation.F32_CONST, Operation.F64_CONST ->
                push(operation.isNan() ? DEFINED : NUMBER, operation.result());
            default -> plain(operation, ordinal);
        }
    }

    private void plain(Operation operation, int ordinal) {
        switch (operation.floats()) {
            case OBSERVES -> {
                for (int i = 0; i < operation.pops(); i++) {
                    observe();
                }
                if (operation.result() != Module.NONE) {
                    push(DEFINED, operation.result());
                }
            }
            case READS -> {
                popAll(operation.pops());
                push(DEFINED, operation.result());
            }
            case COMPUTES -> {
                popAll(operation.pops());
                produce(ordinal, operation.result());
            }
            case PASSES -> {
                int value = pop();
                if (value >= 0) {
                    produce(ordinal, operation.result());
                } else {
                    push(value, operation.result());
                }
            }
            case NEVER_NAN -> {
                pop();
                push(NUMBER, operation.result());
            }
        }
    }

    private void select(int ordinal) {
        pop();
        byte type = size > 0 ? types[size - 1] : Module.NONE;
        int second = pop();
        int first = pop();
        int producer = Math.max(first, second);
        if (producer < 0) {
            push(first == NUMBER && second == NUMBER ? NUMBER : DEFINED, type);
        } else if (first == DEFINED || second == DEFINED) {
            show(producer);
            push(DEFINED, type);
        } else {
            produce(ordinal, producerTypes[producer]);
        }
    }

    private void get(int local, int ordinal) {
        if (undefined[local]) {
            produce(ordinal, locals[local]);
        } else {
            push(DEFINED, locals[local]);
        }
    }

    private void set(int local, int value) {
        if (!undefined[local]) {
            show(value);
        } else if (value == DEFINED) {
            undefined[local] = false;
            settled = false;
        }
    }

    private void call(Module.Signature signature) {
        calls = true;
        for (int i = 0; i < signature.parameters().length; i++) {
            observe();
        }
        pushAll(signature.results());
    }

    private int local(Operation operation) {
        // The pass adds locals behind these. The program must not reach them.
        if (operation.index() >= locals.length) {
            throw operation.malformed("uses a local that is not there");
        }
        return operation.index();
    }

    private void enter(Operation operation, int ordinal) {
        long type = operation.operand();
        byte[] parameters = type >= 0 ? module.type((int) type).parameters() : new byte[0];
        byte[] results = type >= 0
                ? module.type((int) type).results()
                : type == EMPTY_BLOCK ? new byte[0] : new byte[] {(byte) (type & 0x7f)};
        var spill = spill(operation, parameters, results);
        if (operation.code() == Operation.IF) {
            pop();
        }
        for (int i = 0; i < parameters.length; i++) {
            observe();
        }
        open(operation.code(), parameters, results);
        frames[depth - 1].spill = spill;
        frames[depth - 1].openedAt = ordinal;
    }

    /// What would have to be kept if there turns out to be a loop inside.
    private Optional<Spill> spill(Operation operation, byte[] parameters, byte[] results) {
        var frame = frames[depth - 1];
        var taken = operation.code() == Operation.IF ? append(parameters, Module.I32) : parameters;
        int above = size - taken.length;
        int count = above - frame.height;
        if (frame.dead || count < 1 || count > MOST_KEPT) {
            return Optional.empty();
        }
        var kept = Arrays.copyOfRange(types, frame.height, above);
        for (byte type : kept) {
            if (type < Module.F64) { // a reference, or unknown
                return Optional.empty();
            }
        }
        return Optional.of(new Spill(frame.height, kept, taken, results));
    }

    private static byte[] append(byte[] types, byte type) {
        var longer = Arrays.copyOf(types, types.length + 1);
        longer[types.length] = type;
        return longer;
    }

    /// All blocks around it have a loop inside, from here on outwards until one that knows.
    private void noteLoop() {
        loops = true;
        for (int i = depth - 1; i >= 0 && !frames[i].loops; i--) {
            frames[i].loops = true;
        }
    }

    private void open(int opener, byte[] parameters, byte[] results) {
        if (depth == Module.MAX_NESTING) {
            throw new Refused(Cause.TOO_COMPLEX, "Blocks are nested more than " + Module.MAX_NESTING + " deep.");
        }
        if (depth == frames.length) {
            frames = Arrays.copyOf(frames, 2 * depth);
        }
        frames[depth++] = new Frame(opener, size, parameters, results);
        pushAll(parameters);
    }

    private void otherwise(Operation operation, int ordinal) {
        var frame = frames[--depth];
        if (frame.opener != Operation.IF) {
            throw operation.malformed("has an else without an if");
        }
        observeAll(frame, frame.results.length);
        size = frame.height;
        open(Operation.ELSE, frame.parameters, frame.results);
        var other = frames[depth - 1];
        other.spill = frame.spill;
        other.openedAt = frame.openedAt;
        other.loops = frame.loops;
        other.targeted = true;
        segment = ordinal;
    }

    private void leave(int ordinal) {
        var frame = frames[depth - 1];
        observeAll(frame, frame.results.length);
        depth--;
        size = frame.height;
        pushAll(frame.results);
        if (frame.loops && frame.spill.isPresent()) {
            spillsBefore.put(frame.openedAt, frame.spill.get());
            spillsAfter.put(ordinal, frame.spill.get());
        }
        boolean joins = frame.opener == Operation.IF || (frame.opener != Operation.LOOP && frame.targeted);
        if (joins || frame.dead) {
            segment = ordinal;
        }
    }

    private void branch(Operation operation, int label) {
        // The pass puts a block around the body. The program must not jump over its end.
        if (label >= depth) {
            throw operation.malformed("branches out of its function");
        }
        var target = frames[depth - 1 - label];
        target.targeted = true;
        observeAll(frames[depth - 1], target.arity());
    }

    /// What follows is never reached, until the block ends.
    private void die(int ordinal) {
        var frame = frames[depth - 1];
        frame.dead = true;
        size = frame.height;
        segment = ordinal;
    }

    private void observeAll(Frame frame, int count) {
        for (int i = 1; i <= count && size - i >= frame.height; i++) {
            show(stack[size - i]);
        }
    }

    private void observe() {
        show(pop());
    }

    private void show(int value) {
        if (value >= 0) {
            canonical.set(value);
        }
    }

    private void popAll(int count) {
        for (int i = 0; i < count; i++) {
            pop();
        }
    }

    private int pop() {
        // Below a dead frame anything may be popped; in live code the engine's validation refuses it later.
        return size > frames[depth - 1].height ? stack[--size] : DEFINED;
    }

    private void produce(int ordinal, byte type) {
        producerTypes[ordinal] = type;
        push(ordinal, type);
    }

    private void pushAll(byte[] all) {
        for (byte type : all) {
            push(DEFINED, type);
        }
    }

    private void push(int value, byte type) {
        if (size == stack.length) {
            stack = Arrays.copyOf(stack, 2 * size);
            types = Arrays.copyOf(types, 2 * size);
        }
        types[size] = type;
        stack[size++] = value;
        mostValues = Math.max(mostValues, size);
    }

    private static boolean isFloat(byte type) {
        return type == Module.F32 || type == Module.F64;
    }
}
