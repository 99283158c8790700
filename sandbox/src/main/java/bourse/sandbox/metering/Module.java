package bourse.sandbox.metering;

import bourse.sandbox.Cause;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// A module on its way through the pass, section by section.
final class Module {
    static final byte I32 = 0x7f;
    static final byte I64 = 0x7e;
    static final byte F32 = 0x7d;
    static final byte F64 = 0x7c;

    /// The pass does not look closer at references.
    static final byte REFERENCE = 0x70;

    static final byte NONE = 0;

    static final int MAX_BYTES = 16 << 20;
    static final int MAX_ITEMS = 100_000;
    static final int MAX_PARAMETERS = 100;
    static final int MAX_LOCALS = 10_000;
    static final int MAX_LOCALS_TOGETHER = 2_000_000;
    static final int MAX_NESTING = 1_000;
    static final int MAX_LABELS = 20_000;
    static final int MAX_TABLE = 1_000_000;
    static final int MAX_PAGES = 32_767;

    /// In the order in which they have to stand: the data count goes before the code.
    private static final List<Integer> ORDER = List.of(1, 2, 3, 4, 5, 6, 7, 8, 9, 12, 10, 11);

    /// The types of a function's parameters and results, as the format writes them.
    @SuppressWarnings("ArrayRecordComponent") // never compared, never handed out
    record Signature(byte[] parameters, byte[] results) {
        @Override
        public String toString() {
            return letters(parameters) + ":" + letters(results);
        }

        private static String letters(byte[] types) {
            var text = new StringBuilder();
            for (byte type : types) {
                text.append(type == I32 ? 'i' : type == I64 ? 'I' : '?');
            }
            return text.toString();
        }
    }

    private final List<Signature> types = new ArrayList<>();
    /// The index of a block type without parameters for the results of a type; only for more than one result.
    private final Map<Integer, Integer> resultTypes = new HashMap<>();

    private final List<Integer> functions = new ArrayList<>();
    private final Map<String, Integer> exportedFunctions = new HashMap<>();
    private final Writer out = new Writer();
    private int importedFunctions;
    private byte[] globalTypes = {};
    private int initialPages;
    private int maximumPages = MAX_PAGES;
    private int localsTogether;

    private Module() {}

    static Metered metered(byte[] bytes) {
        return new Module().rewrite(bytes);
    }

    private Metered rewrite(byte[] bytes) {
        if (bytes.length > MAX_BYTES) {
            throw new Refused(Cause.TOO_COMPLEX, "The module is larger than " + (MAX_BYTES >> 20) + " MiB.");
        }
        var in = new Reader(bytes);
        if (bytes.length < 8 || in.i32() != 0x6d736100) {
            throw new Refused(Cause.NOT_WASM, "The file is not WebAssembly: it does not begin with \\0asm.");
        }
        if (in.i32() != 1) {
            throw new Refused(Cause.NOT_WASM, "The module is not of version 1; components are not offered.");
        }
        out.raw(Arrays.copyOf(bytes, 8));
        boolean globalsWritten = false;
        int last = -1;
        while (!in.atEnd()) {
            int id = in.u8();
            var section = in.part(in.u32());
            if (id == 0) {
                continue; // names and debug information: not for running
            }
            int place = ORDER.indexOf(id);
            if (id == 13) {
                throw new Refused(Cause.FEATURE_NOT_OFFERED, "The program uses exceptions, which are not offered.");
            } else if (place <= last) {
                throw in.malformed("has an unknown section, or one in the wrong place");
            }
            last = place;
            if (id >= 6 && !globalsWritten) {
                globals(id == 6 ? section : new Reader(new byte[1]));
                globalsWritten = true;
            }
            switch (id) {
                case 1 -> types(section);
                case 2 -> imports(section);
                case 3 -> functions(section);
                case 4 -> tables(section);
                case 5 -> memory(section);
                case 6 -> {}
                case 7 -> exports(section);
                case 10 -> code(section);
                default -> section(id, new Writer().raw(section.rest()));
            }
        }
        requireStart();
        return new Metered(out.bytes(), globalTypes.length, initialPages, maximumPages);
    }

    private void requireStart() {
        var start = exportedFunctions.get("_start");
        if (start == null || !signatureOf(start).toString().equals(":")) {
            throw new Refused(
                    Cause.NOT_WASM, "The module has no function _start without parameters: it is not a WASI command.");
        }
    }

    private void types(Reader in) {
        int count = count(in, "types");
        for (int i = 0; i < count; i++) {
            if (in.u8() != 0x60) {
                throw new Refused(Cause.FEATURE_NOT_OFFERED, "Only types of functions are offered.");
            }
            types.add(new Signature(valueTypes(in), valueTypes(in)));
        }
        int added = 0;
        for (int i = 0; i < count; i++) {
            if (types.get(i).results().length > 1) {
                resultTypes.put(i, count + added++);
            }
        }
        var section = new Writer().u32(count + added);
        types.forEach(type -> signature(section, type));
        types.stream()
                .filter(type -> type.results().length > 1)
                .forEach(type -> signature(section, new Signature(new byte[0], type.results())));
        section(1, section);
    }

    private static void signature(Writer section, Signature type) {
        section.u8(0x60).u32(type.parameters().length).raw(type.parameters());
        section.u32(type.results().length).raw(type.results());
    }

    private static byte[] valueTypes(Reader in) {
        int count = in.u32();
        if (count > MAX_PARAMETERS) {
            throw new Refused(
                    Cause.TOO_COMPLEX, "A function has more than " + MAX_PARAMETERS + " parameters or results.");
        }
        var types = new byte[count];
        for (int i = 0; i < count; i++) {
            types[i] = valueType(in);
        }
        return types;
    }

    private static byte valueType(Reader in) {
        int type = in.u8();
        return switch (type) {
            case I32, I64, F32, F64, REFERENCE, 0x6f -> (byte) type;
            case 0x7b -> throw new Refused(Cause.FEATURE_NOT_OFFERED, "The program uses SIMD, which is not offered.");
            default ->
                throw new Refused(Cause.FEATURE_NOT_OFFERED, "The program uses a type of value that is not offered.");
        };
    }

    private void imports(Reader in) {
        int count = count(in, "imports");
        for (int i = 0; i < count; i++) {
            var module = in.name();
            var name = in.name();
            int kind = in.u8();
            var offered = module.equals(Wasi.MODULE) ? Wasi.FUNCTIONS.get(name) : null;
            if (kind != 0 || offered == null) {
                throw new Refused(
                        Cause.IMPORT_NOT_OFFERED,
                        "The program imports %s.%s; only functions of %s are offered."
                                .formatted(module, name, Wasi.MODULE));
            }
            int type = in.u32();
            if (!type(type).toString().equals(offered)) {
                throw new Refused(Cause.IMPORT_NOT_OFFERED, "The program imports " + name + " with another type.");
            }
            functions.add(type);
        }
        importedFunctions = count;
        section(2, in);
    }

    private void functions(Reader in) {
        int count = count(in, "functions");
        for (int i = 0; i < count; i++) {
            int type = in.u32();
            type(type);
            functions.add(type);
        }
        section(3, in);
    }

    private void tables(Reader in) {
        int count = count(in, "tables");
        if (count > 100) {
            throw new Refused(Cause.TOO_COMPLEX, "The module has " + count + " tables.");
        }
        var section = new Writer().u32(count);
        for (int i = 0; i < count; i++) {
            section.u8(valueType(in));
            int flags = in.u8();
            int least = in.u32();
            // A 32-bit "no more than 2^32 - 1" means no limit at all.
            int most = (flags & 1) == 0 ? MAX_TABLE : (int) Math.min(MAX_TABLE, Integer.toUnsignedLong(in.size()));
            if (flags > 1 || least > most) {
                throw new Refused(Cause.TOO_COMPLEX, "A table has more than " + MAX_TABLE + " elements.");
            }
            section.u8(1).u32(least).u32(most);
        }
        section(4, section);
    }

    private void memory(Reader in) {
        int count = in.u32();
        if (count > 1) {
            throw new Refused(Cause.FEATURE_NOT_OFFERED, "Only one memory is offered.");
        }
        if (count == 1) {
            int flags = in.u8();
            if (flags > 1) {
                throw new Refused(
                        Cause.FEATURE_NOT_OFFERED, "The program uses shared or 64-bit memory, which is not offered.");
            }
            initialPages = in.u32();
            if (flags == 1) {
                maximumPages = Math.min(MAX_PAGES, in.u32());
            }
        }
        section(5, in);
    }

    private void globals(Reader in) {
        globalTypes = new byte[count(in, "globals")];
        int from = in.position();
        for (int i = 0; i < globalTypes.length; i++) {
            globalTypes[i] = valueType(in);
            in.u8();
            constant(in);
        }
        var section = new Writer().u32(globalTypes.length + Metered.GLOBALS).raw(in.copy(from, in.position()));
        for (int i = 0; i < Metered.GLOBALS; i++) {
            section.u8(I64).u8(1).u8(Operation.I64_CONST).s64(0).u8(Operation.END);
        }
        section(6, section);
    }

    private static void constant(Reader in) {
        var operation = new Operation(in);
        do {
            if (!operation.next()) {
                throw in.malformed("has a constant without an end");
            }
        } while (operation.code() != Operation.END);
    }

    private void exports(Reader in) {
        int count = count(in, "exports");
        for (int i = 0; i < count; i++) {
            var name = in.name();
            int kind = in.u8();
            int index = in.u32();
            if (kind == 0) {
                exportedFunctions.put(name, index);
            } else if (kind == 3) {
                globalType(index);
            }
        }
        section(7, in);
    }

    private void code(Reader in) {
        int count = count(in, "functions");
        if (count != functions.size() - importedFunctions) {
            throw in.malformed("declares another number of functions than it has");
        }
        var section = new Writer().u32(count);
        for (int i = 0; i < count; i++) {
            var body = in.part(in.u32());
            int type = functions.get(importedFunctions + i);
            section.sized(Rewriter.rewrite(this, type, locals(type(type), body), body));
        }
        section(10, section);
    }

    /// The types of all locals, parameters first.
    private byte[] locals(Signature signature, Reader body) {
        var locals = signature.parameters();
        int groups = body.u32();
        for (int i = 0; i < groups; i++) {
            int count = body.u32();
            byte type = valueType(body);
            localsTogether += Math.min(count, MAX_LOCALS);
            if (count > MAX_LOCALS - locals.length || localsTogether > MAX_LOCALS_TOGETHER) {
                throw new Refused(Cause.TOO_COMPLEX, "A function has more than " + MAX_LOCALS + " locals.");
            }
            int from = locals.length;
            locals = Arrays.copyOf(locals, from + count);
            Arrays.fill(locals, from, locals.length, type);
        }
        return locals;
    }

    private static int count(Reader in, String what) {
        int count = in.u32();
        if (count > MAX_ITEMS) {
            throw new Refused(Cause.TOO_COMPLEX, "The module has more than " + MAX_ITEMS + " " + what + ".");
        }
        return count;
    }

    private void section(int id, Reader whole) {
        section(id, new Writer().raw(whole.whole()));
    }

    private void section(int id, Writer content) {
        out.u8(id).sized(content);
    }

    Signature type(int index) {
        if (index >= types.size()) {
            throw new Refused(Cause.NOT_WASM, "The module uses type " + index + ", which is not there.");
        }
        return types.get(index);
    }

    Signature signatureOf(int function) {
        if (function >= functions.size()) {
            throw new Refused(Cause.NOT_WASM, "The module uses function " + function + ", which is not there.");
        }
        return type(functions.get(function));
    }

    /// The pass adds globals behind the program's own. The program must not reach them.
    byte globalType(int index) {
        if (index >= globalTypes.length) {
            throw new Refused(Cause.NOT_WASM, "The module uses global " + index + ", which is not there.");
        }
        return globalTypes[index];
    }

    /// The first of the globals that the pass adds.
    int addedGlobals() {
        return globalTypes.length;
    }

    /// The type of a block around the body of a function of type `index`: no parameters, the same results.
    long blockType(int index) {
        var results = type(index).results();
        return switch (results.length) {
            case 0 -> -64;
            case 1 -> results[0] - 0x80;
            default -> resultTypes.getOrDefault(index, 0);
        };
    }
}
