package bourse.sandbox;

import java.io.ByteArrayOutputStream;

/// Modules that no compiler would make.
public final class Modules {
    private Modules() {}

    /// A function with `locals` locals of 64 bits that calls itself for ever.
    public static byte[] recursive(int locals) {
        return module(1, body(new byte[] {1}, number(locals), new byte[] {0x7e, 0x10, 0, 0x0b}));
    }

    /// `functions` functions with `locals` locals each, and nothing else in them.
    public static byte[] many(int functions, int locals) {
        return module(functions, body(new byte[] {1}, number(locals), new byte[] {0x7e, 0x0b}));
    }

    /// A function of `bytes` times `instruction`.
    public static byte[] repeated(byte[] instruction, int times) {
        var code = new ByteArrayOutputStream();
        for (int i = 0; i < times; i++) {
            code.writeBytes(instruction);
        }
        return module(1, body(new byte[] {0}, code.toByteArray(), new byte[] {0x0b}));
    }

    /// Blocks in blocks.
    public static byte[] nested(int depth) {
        var code = new ByteArrayOutputStream();
        for (int i = 0; i < depth; i++) {
            code.writeBytes(new byte[] {0x02, 0x40});
        }
        for (int i = 0; i < depth; i++) {
            code.write(0x0b);
        }
        return module(1, body(new byte[] {0}, code.toByteArray(), new byte[] {0x0b}));
    }

    /// The same body again and again; the first function is `_start`.
    private static byte[] module(int functions, byte[] body) {
        var declared = new ByteArrayOutputStream();
        var code = new ByteArrayOutputStream();
        declared.writeBytes(number(functions));
        code.writeBytes(number(functions));
        for (int i = 0; i < functions; i++) {
            declared.write(0);
            code.writeBytes(body);
        }
        var module = new ByteArrayOutputStream();
        module.writeBytes(new byte[] {0, 'a', 's', 'm', 1, 0, 0, 0});
        module.writeBytes(section(1, new byte[] {1, 0x60, 0, 0}));
        module.writeBytes(section(3, declared.toByteArray()));
        module.writeBytes(section(7, new byte[] {1, 6, '_', 's', 't', 'a', 'r', 't', 0, 0}));
        module.writeBytes(section(10, code.toByteArray()));
        return module.toByteArray();
    }

    private static byte[] body(byte[]... parts) {
        var content = new ByteArrayOutputStream();
        for (var part : parts) {
            content.writeBytes(part);
        }
        return sized(content.toByteArray());
    }

    private static byte[] section(int id, byte[] content) {
        var section = new ByteArrayOutputStream();
        section.write(id);
        section.writeBytes(sized(content));
        return section.toByteArray();
    }

    private static byte[] sized(byte[] content) {
        var sized = new ByteArrayOutputStream();
        sized.writeBytes(number(content.length));
        sized.writeBytes(content);
        return sized.toByteArray();
    }

    private static byte[] number(int value) {
        var bytes = new ByteArrayOutputStream();
        int rest = value;
        for (; rest >= 0x80; rest >>>= 7) {
            bytes.write((rest & 0x7f) | 0x80);
        }
        bytes.write(rest);
        return bytes.toByteArray();
    }
}
