package bourse.chain;

import bourse.protocol.Bytes32;
import java.io.BufferedWriter;
import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/// The blocks that a development chain has mined since its last checkpoints, one a line: all it takes to mine them
/// again, to the same hashes.
final class Journal implements Closeable {
    private static final JsonMapper JSON = new JsonMapper();

    private final Path file;
    private final Deque<Entry> entries = new ArrayDeque<>();
    private BufferedWriter writer;

    /// One block.
    ///
    /// @param transactions signed, in the order of the block
    /// @param balances what was given to accounts before it, without a transaction
    record Entry(long block, Bytes32 hash, long time, List<String> transactions, Map<String, String> balances) {}

    private Journal(Path file, BufferedWriter writer) {
        this.file = file;
        this.writer = writer;
    }

    static Journal at(Path file) throws IOException {
        var journal = new Journal(file, writer(file));
        for (var line : Files.readAllLines(file, StandardCharsets.UTF_8)) {
            try {
                journal.remember(JSON.readValue(line, Entry.class));
            } catch (JacksonException e) {
                // The last line may be torn. Whatever follows a torn line has no parent.
                break;
            }
        }
        return journal;
    }

    void append(Entry entry) throws IOException {
        remember(entry);
        write(writer, entry);
        writer.flush();
    }

    List<Entry> after(long block) {
        return entries.stream().filter(entry -> entry.block() > block).toList();
    }

    /// Forgets the blocks up to and with `block`.
    void cut(long block) throws IOException {
        entries.removeIf(entry -> entry.block() <= block);
        writer.close();
        var shorter = file.resolveSibling(file.getFileName() + ".new");
        Files.deleteIfExists(shorter);
        try (var copy = writer(shorter)) {
            for (var entry : entries) {
                write(copy, entry);
            }
        }
        Files.move(shorter, file, StandardCopyOption.ATOMIC_MOVE);
        writer = writer(file);
    }

    /// A block takes the place of those of its height and above: the chain was reorganised.
    private void remember(Entry entry) {
        while (!entries.isEmpty() && entries.getLast().block() >= entry.block()) {
            entries.removeLast();
        }
        entries.addLast(entry);
    }

    private static void write(BufferedWriter writer, Entry entry) throws IOException {
        writer.write(JSON.writeValueAsString(entry));
        writer.newLine();
    }

    private static BufferedWriter writer(Path file) throws IOException {
        return Files.newBufferedWriter(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    @Override
    public void close() throws IOException {
        writer.close();
    }
}
