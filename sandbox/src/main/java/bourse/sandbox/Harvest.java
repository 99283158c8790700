package bourse.sandbox;

import bourse.sandbox.child.Child;
import bourse.sandbox.child.Wire;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// Brings the files that a child sends to the output directory, and believes none of its words.
///
/// Every name is built from checked parts under a directory that only this process writes to, and nothing is
/// made but new directories and new regular files. So there is no link to follow and no way out.
final class Harvest {
    private static final int LONGEST_PATH = 8192;
    private static final int DEEPEST = 33;

    private final Path output;
    private final Limits limits;
    private long bytes;
    private int files;

    Harvest(Path output, Limits limits) {
        this.output = output;
        this.limits = limits;
    }

    /// @throws IOException when the child breaks the rules or falls silent
    /// @throws UncheckedIOException when this machine can not store the files
    void read(DataInputStream in) throws IOException {
        while (true) {
            int kind = in.readUnsignedByte();
            if (kind == Child.DONE) {
                return;
            }
            if (++files > limits.outputFiles()) {
                throw new IOException("sends more than " + limits.outputFiles() + " files");
            }
            var path = checked(Wire.readText(in, LONGEST_PATH));
            switch (kind) {
                case Child.DIRECTORY -> store(path, new byte[0], true);
                case Child.FILE -> {
                    long room = limits.outputBytes() - bytes;
                    var content = Wire.readBytes(in, (int) room);
                    bytes += content.length;
                    store(path, content, false);
                }
                default -> throw new IOException("sends something unknown: " + kind);
            }
        }
    }

    /// Leaves the output directory as empty as it was.
    void discard() {
        Trees.empty(output);
    }

    private Path checked(String name) throws IOException {
        var parts = name.split("/", -1);
        var path = output;
        for (var part : parts) {
            boolean plain = part.chars().allMatch(c -> c >= ' ' && c <= '~');
            if (!plain || part.isEmpty() || part.equals(".") || part.equals("..") || part.length() > 255) {
                throw new IOException("sends a file with an impossible name");
            }
            path = path.resolve(part);
        }
        if (parts.length > DEEPEST) {
            throw new IOException("sends a file that is nested too deep");
        }
        return path;
    }

    private static void store(Path path, byte[] content, boolean directory) {
        try {
            if (directory) {
                Files.createDirectory(path);
            } else {
                Files.write(path, content, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
