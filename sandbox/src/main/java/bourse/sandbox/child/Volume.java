package bourse.sandbox.child;

import bourse.sandbox.Cause;
import bourse.sandbox.Limits;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// The files a program sees: its input, read from disk where it is asked for, and its output, in memory.
///
/// There is no link, no owner and no time in it, names come in order, and inodes are numbered as they are made:
/// so it looks the same everywhere.
final class Volume {
    static final int MAX_DEPTH = 32;

    private final Limits limits;
    private final Directory input;
    private final Directory output;
    private long inodes;
    private long bytes;
    private int files;

    Volume(Path input, Limits limits) {
        this.limits = limits;
        this.input = new Directory(++inodes, 0, false);
        this.output = new Directory(++inodes, 0, true);
        try {
            read(input, this.input);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Something with a name.
    sealed interface Node {
        long inode();
    }

    static final class Directory implements Node {
        private final long inode;
        private final boolean writable;
        private final SortedMap<String, Node> entries = new TreeMap<>();
        private int depth;

        private Directory(long inode, int depth, boolean writable) {
            this.inode = inode;
            this.depth = depth;
            this.writable = writable;
        }

        @Override
        public long inode() {
            return inode;
        }

        boolean writable() {
            return writable;
        }

        SortedMap<String, Node> entries() {
            return entries;
        }

        private int height() {
            return 1
                    + entries.values().stream()
                            .mapToInt(node -> node instanceof Directory directory ? directory.height() : 0)
                            .max()
                            .orElse(0);
        }

        private void moveTo(int newDepth) {
            depth = newDepth;
            for (var node : entries.values()) {
                if (node instanceof Directory directory) {
                    directory.moveTo(newDepth + 1);
                }
            }
        }

        private boolean contains(Directory other) {
            return this == other
                    || entries.values().stream()
                            .anyMatch(node -> node instanceof Directory directory && directory.contains(other));
        }
    }

    sealed interface File extends Node {
        long size();

        /// Reads up to `length` bytes from `position`; fewer only at the end.
        byte[] read(long position, int length);

        /// Before the first read. May be opened several times, and is closed as often.
        void open();

        void close();
    }

    private static final class InputFile implements File {
        private final long inode;
        private final Path path;
        private final long size;
        private Optional<FileChannel> channel = Optional.empty();
        private int opened;

        private InputFile(long inode, Path path, long size) {
            this.inode = inode;
            this.path = path;
            this.size = size;
        }

        @Override
        public long inode() {
            return inode;
        }

        @Override
        public long size() {
            return size;
        }

        @Override
        public byte[] read(long position, int length) {
            var buffer = ByteBuffer.allocate(Math.clamp(size - position, 0, length));
            try {
                while (buffer.hasRemaining()
                        && channel.orElseThrow().read(buffer, position + buffer.position()) >= 0) {}
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return Arrays.copyOf(buffer.array(), buffer.position());
        }

        @Override
        public void open() {
            try {
                if (opened++ == 0) {
                    channel = Optional.of(FileChannel.open(path));
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public void close() {
            try {
                if (--opened == 0) {
                    channel.orElseThrow().close();
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    final class OutputFile implements File {
        private final long inode;
        private byte[] content = {};
        private int size;
        private int opened;
        private boolean linked = true;

        private OutputFile(long inode) {
            this.inode = inode;
        }

        @Override
        public long inode() {
            return inode;
        }

        @Override
        public long size() {
            return size;
        }

        @Override
        public byte[] read(long position, int length) {
            int from = Math.clamp(position, 0, size);
            return Arrays.copyOfRange(content, from, from + Math.min(length, size - from));
        }

        void write(long position, byte[] data) {
            if (data.length > 0) {
                long end = position + data.length;
                if (end > size) {
                    resize(end);
                }
                System.arraycopy(data, 0, content, (int) position, data.length);
            }
        }

        /// Cuts the file, or fills it up with zeros.
        void resize(long newSize) {
            charge(newSize - size);
            if (newSize > content.length) {
                content = Arrays.copyOf(
                        content, (int) Math.min(Math.max(newSize, 2L * content.length), limits.outputBytes()));
            } else if (newSize < size) {
                Arrays.fill(content, (int) newSize, size, (byte) 0);
            }
            size = (int) newSize;
        }

        @Override
        public void open() {
            opened++;
        }

        @Override
        public void close() {
            opened--;
            forget();
        }

        private void unlink() {
            linked = false;
            forget();
        }

        /// Whoever still holds a file that has no name pays for it too.
        private void forget() {
            if (opened == 0 && !linked) {
                resize(0);
                content = new byte[0];
            }
        }
    }

    Directory input() {
        return input;
    }

    Directory output() {
        return output;
    }

    OutputFile createFile(Directory parent, String name) {
        countFile();
        var file = new OutputFile(++inodes);
        parent.entries.put(name, file);
        return file;
    }

    /// False when it would be too deep.
    boolean createDirectory(Directory parent, String name) {
        if (parent.depth == MAX_DEPTH) {
            return false;
        }
        countFile();
        parent.entries.put(name, new Directory(++inodes, parent.depth + 1, true));
        return true;
    }

    void remove(Directory parent, String name) {
        var node = parent.entries.remove(name);
        if (node instanceof OutputFile file) {
            file.unlink();
        }
        files--;
    }

    /// False when it would be too deep, or inside itself.
    boolean rename(Directory from, String name, Directory to, String newName) {
        var node = from.entries.get(name);
        if (node instanceof Directory directory) {
            if (directory.contains(to) || to.depth + directory.height() > MAX_DEPTH) {
                return false;
            }
            directory.moveTo(to.depth + 1);
        }
        if (to.entries.containsKey(newName)) {
            remove(to, newName);
        }
        from.entries.remove(name);
        to.entries.put(newName, node);
        return true;
    }

    private void countFile() {
        if (++files > limits.outputFiles()) {
            throw Stop.because(Cause.TOO_MANY_FILES, "The program made more than " + limits.outputFiles() + " files.");
        }
    }

    private void charge(long more) {
        bytes += more;
        if (bytes > limits.outputBytes()) {
            throw Stop.because(
                    Cause.OUTPUT_TOO_LARGE,
                    "The program wrote more than " + limits.outputBytes() + " bytes to its files.");
        }
    }

    private void read(Path from, Directory into) throws IOException {
        var children = new TreeMap<String, Path>();
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(from)) {
            stream.forEach(path -> children.put(path.getFileName().toString(), path));
        }
        for (var child : children.entrySet()) {
            var path = child.getValue();
            if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
                var directory = new Directory(++inodes, into.depth + 1, false);
                into.entries.put(child.getKey(), directory);
                read(path, directory);
            } else {
                into.entries.put(child.getKey(), new InputFile(++inodes, path, Files.size(path)));
            }
        }
    }
}
