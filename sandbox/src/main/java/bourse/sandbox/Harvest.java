package bourse.sandbox;

import bourse.sandbox.child.Child;
import bourse.sandbox.child.Wire;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// Brings what a program left to the output directory, and believes nothing of what it is told about it.
///
/// Every name is built from checked parts under a directory that only this process writes to, and nothing is
/// made but new directories and new regular files. So there is no link to follow and no way out.
public final class Harvest {
    private static final int LONGEST_PATH = 8192;
    private static final int DEEPEST = 33;

    private final Path output;
    private final Limits limits;
    private long bytes;
    private int files;

    /// @param output an empty directory
    public Harvest(Path output, Limits limits) {
        this.output = output;
        this.limits = limits;
    }

    /// What was left breaks the rules.
    public static final class Refused extends IOException {
        private static final long serialVersionUID = 1;
        private final Refusal refusal;

        private Refused(Cause cause, String message) {
            super(message);
            refusal = new Refusal(cause, message);
        }

        public Refusal refusal() {
            return refusal;
        }
    }

    /// @throws IOException when the child breaks the rules or falls silent
    /// @throws UncheckedIOException when this machine can not store the files
    void read(DataInputStream in) throws IOException {
        while (true) {
            int kind = in.readUnsignedByte();
            if (kind == Child.DONE) {
                return;
            }
            var name = Wire.readText(in, LONGEST_PATH);
            switch (kind) {
                case Child.DIRECTORY -> directory(name);
                case Child.FILE -> {
                    var content = Wire.readBytes(in, (int) (limits.outputBytes() - bytes));
                    file(name, content.length, new ByteArrayInputStream(content));
                }
                default -> throw new IOException("sends something unknown: " + kind);
            }
        }
    }

    /// Makes a directory, whose parent is made already.
    ///
    /// @throws UncheckedIOException when this machine can not store it
    public void directory(String name) throws Refused {
        var path = next(name);
        try {
            Files.createDirectory(path);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Stores a file of `size` bytes, whose parent is made already.
    ///
    /// @throws IOException when the content can not be read
    /// @throws UncheckedIOException when this machine can not store it
    public void file(String name, long size, InputStream content) throws IOException {
        var path = next(name);
        charge(size);
        try (var out = create(path)) {
            var buffer = new byte[1 << 16];
            for (long left = size; left > 0; ) {
                int some = content.read(buffer, 0, (int) Math.min(left, buffer.length));
                if (some < 0) {
                    throw new EOFException("ends in the middle of a file");
                }
                write(out, buffer, some);
                left -= some;
            }
        }
    }

    /// Stores a file with the content of one that is stored already.
    ///
    /// @throws UncheckedIOException when this machine can not store it
    public void copy(String name, String earlier) throws Refused {
        var path = next(name);
        try {
            var original = checked(earlier);
            charge(Files.size(original));
            Files.copy(original, path);
        } catch (Refused e) {
            throw e;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// What is neither a file nor a directory is not delivered.
    public Refused strange(String name) {
        return new Refused(
                Cause.OUTPUT_NOT_PLAIN,
                "The program left something that is neither a file nor a directory: " + printable(name) + ".");
    }

    /// Leaves the output directory as empty as it was.
    public void discard() {
        Trees.empty(output);
    }

    /// The place of one more file or directory.
    private Path next(String name) throws Refused {
        if (++files > limits.outputFiles()) {
            throw new Refused(Cause.TOO_MANY_FILES, "The program made more than " + limits.outputFiles() + " files.");
        }
        return checked(name);
    }

    private void charge(long size) throws Refused {
        if (size < 0 || size > limits.outputBytes() - bytes) {
            throw new Refused(
                    Cause.OUTPUT_TOO_LARGE,
                    "The program wrote more than " + limits.outputBytes() + " bytes to its files.");
        }
        bytes += size;
    }

    private Path checked(String name) throws Refused {
        var parts = name.split("/", -1);
        var path = output;
        for (var part : parts) {
            boolean plain = part.chars().allMatch(c -> c >= ' ' && c <= '~');
            if (!plain || part.isEmpty() || part.equals(".") || part.equals("..") || part.length() > 255) {
                throw new Refused(
                        Cause.OUTPUT_NOT_PLAIN,
                        "The program left a file whose name is not printable ASCII of 1 to 255 characters: "
                                + printable(name) + ".");
            }
            path = path.resolve(part);
        }
        if (parts.length > DEEPEST) {
            throw new Refused(Cause.OUTPUT_NOT_PLAIN, "The program left a file that is nested too deep.");
        }
        return path;
    }

    private static String printable(String name) {
        var plain = name.replaceAll("[^ -~]", "?");
        return plain.length() > 100 ? plain.substring(0, 100) + "…" : plain;
    }

    private static OutputStream create(Path path) {
        try {
            return Files.newOutputStream(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void write(OutputStream out, byte[] buffer, int length) {
        try {
            out.write(buffer, 0, length);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
