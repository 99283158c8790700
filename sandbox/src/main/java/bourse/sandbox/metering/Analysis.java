package bourse.sandbox.metering;

import bourse.sandbox.Cause;
import java.util.Arrays;
import java.util.BitSet;

/// What has to be known of a function before it is rewritten: the cost of each straight stretch of code, the most
/// values it ever holds, and the few floats whose NaNs must be made canonical.
///
/// **NaN.** The result of float arithmetic may be a NaN whose bits differ from one processor to the next. It only
/// matters where bits show: in a store, a reinterpretation, a sign, a call, a global. So every value on the stack
/// remembers the instruction that produced it while its NaN is still undefined, and only when such a value reaches a
/// place where bits show is that instruction marked. A local into which nothing but arithmetic is ever written passes
/// the question on to whoever reads it. The program can't tell this from canonicalising after each operation.
final class Analysis {
    /// Any value whose bits are defined.
    private static final int DEFINED = -1;

    /// A float that is no NaN.
    private static final int NUMBER = -2;

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

    private int[] stack = new int[64];
    private int size;
    private Frame[] frames = new Frame[16];
    private int depth;
    private int segment = -1;

    private static final class Frame {
        final int opener;
        final int height;
        final int parameters;
        final int results;
        boolean dead;
        boolean targeted;

        Frame(int opener, int height, int parameters, int results) {
            this.opener = opener;
            this.height = height;
            this.parameters = parameters;
            this.results = results;
        }

        int arity() {
            return opener == Operation.LOOP ? parameters : results;
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

    /// The cost of the straight code behind instruction `ordinal`, up to the next place where the way parts or joins;
    /// 0 where no such stretch begins. -1 is the start of the function.
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
        open(Operation.BLOCK, 0, signature.results().length);
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
            case Operation.BLOCK -> enter(operation);
            case Operation.LOOP -> {
                loops = true;
                enter(operation);
                segment = ordinal;
            }
            case Operation.IF -> {
                pop();
                enter(operation);
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
                push(value);
            }
            case Operation.GLOBAL_GET -> {
                module.requireGlobal(operation.index());
                push(DEFINED);
            }
            case Operation.GLOBAL_SET -> {
                module.requireGlobal(operation.index());
                observe();
            }
            case Operation.F32_CONST, Operation.F64_CONST -> push(operation.isNan() ? DEFINED : NUMBER);
            default -> plain(operation, ordinal);
        }
    }

    private void plain(Operation operation, int ordinal) {
        switch (operation.floats()) {
            case OBSERVES -> {
                for (int i = 0; i < operation.pops(); i++) {
                    observe();
                }
                for (int i = 0; i < operation.pushes(); i++) {
                    push(DEFINED);
                }
            }
            case READS -> {
                popAll(operation.pops());
                push(DEFINED);
            }
            case COMPUTES -> {
                popAll(operation.pops());
                produce(ordinal, operation.computedType());
            }
            case PASSES -> {
                int value = pop();
                if (value >= 0) {
                    produce(ordinal, operation.computedType());
                } else {
                    push(value);
                }
            }
            case NEVER_NAN -> {
                pop();
                push(NUMBER);
            }
        }
    }

    private void select(int ordinal) {
        pop();
        int second = pop();
        int first = pop();
        int producer = Math.max(first, second);
        if (producer < 0) {
            push(first == NUMBER && second == NUMBER ? NUMBER : DEFINED);
        } else if (first == DEFINED || second == DEFINED) {
            show(producer);
            push(DEFINED);
        } else {
            produce(ordinal, producerTypes[producer]);
        }
    }

    private void get(int local, int ordinal) {
        if (undefined[local]) {
            produce(ordinal, locals[local]);
        } else {
            push(DEFINED);
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
        for (int i = 0; i < signature.results().length; i++) {
            push(DEFINED);
        }
    }

    private int local(Operation operation) {
        // The pass adds locals behind these. The program must not reach them.
        if (operation.index() >= locals.length) {
            throw operation.malformed("uses a local that is not there");
        }
        return operation.index();
    }

    private void enter(Operation operation) {
        long type = operation.operand();
        var signature = type >= 0 ? module.type((int) type) : null;
        int parameters = signature == null ? 0 : signature.parameters().length;
        int results = signature != null ? signature.results().length : type == -64 ? 0 : 1;
        for (int i = 0; i < parameters; i++) {
            observe();
        }
        open(operation.code(), parameters, results);
    }

    private void open(int opener, int parameters, int results) {
        if (depth == Module.MAX_NESTING) {
            throw new Refused(Cause.TOO_COMPLEX, "Blocks are nested more than " + Module.MAX_NESTING + " deep.");
        }
        if (depth == frames.length) {
            frames = Arrays.copyOf(frames, 2 * depth);
        }
        frames[depth++] = new Frame(opener, size, parameters, results);
        for (int i = 0; i < parameters; i++) {
            push(DEFINED);
        }
    }

    private void otherwise(Operation operation, int ordinal) {
        var frame = frames[--depth];
        if (frame.opener != Operation.IF) {
            throw operation.malformed("has an else without an if");
        }
        observeAll(frame, frame.results);
        size = frame.height;
        open(Operation.ELSE, frame.parameters, frame.results);
        frames[depth - 1].targeted = true;
        segment = ordinal;
    }

    private void leave(int ordinal) {
        var frame = frames[depth - 1];
        observeAll(frame, frame.results);
        depth--;
        size = frame.height;
        for (int i = 0; i < frame.results; i++) {
            push(DEFINED);
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
        push(ordinal);
    }

    private void push(int value) {
        if (size == stack.length) {
            stack = Arrays.copyOf(stack, 2 * size);
        }
        stack[size++] = value;
        mostValues = Math.max(mostValues, size);
    }

    private static boolean isFloat(byte type) {
        return type == Module.F32 || type == Module.F64;
    }
}
