package bourse.worker;

import bourse.protocol.TaskId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/// The promises of one worker, each in a file of its own, so that he knows after a crash what he stands by.
///
/// INVARIANTS
/// - A promise is on disk, whole, before [#make] returns it.
/// - There is one promise a task. What is contributed or revealed is taken from it, so nothing else ever is.
final class Promises {
    private static final String ENDING = ".json";
    private static final JsonMapper JSON = new JsonMapper();
    private final Path directory;
    private final Map<TaskId, Promise> promises = new ConcurrentHashMap<>();
    private final ReentrantLock writing = new ReentrantLock();

    /// Reads back all that were made.
    ///
    /// @throws IllegalStateException if one can not be read: to forget it could mean to break it
    Promises(Path directory) throws IOException {
        this.directory = Files.createDirectories(directory);
        try (var files = Files.list(directory)) {
            for (var file :
                    files.filter(f -> f.toString().endsWith(ENDING)).sorted().toList()) {
                var promise = read(file);
                promises.put(promise.task(), promise);
            }
        }
    }

    private static Promise read(Path file) throws IOException {
        try {
            return JSON.readValue(Files.readAllBytes(file), Promise.class);
        } catch (JacksonException e) {
            throw new IllegalStateException("the promise in " + file + " can not be read: " + e.getMessage(), e);
        }
    }

    List<Promise> all() {
        return List.copyOf(promises.values());
    }

    Optional<Promise> of(TaskId task) {
        return Optional.ofNullable(promises.get(task));
    }

    /// Makes a promise, unless there is one for its task.
    ///
    /// @return the one that stands
    Promise make(Promise promise) throws IOException {
        writing.lock();
        try {
            var first = promises.get(promise.task());
            if (first == null) {
                write(promise);
                promises.put(promise.task(), promise);
            }
            return first == null ? promise : first;
        } finally {
            writing.unlock();
        }
    }

    private void write(Promise promise) throws IOException {
        var file = file(promise.task());
        var written = directory.resolve(file.getFileName() + ".tmp");
        try (var channel = FileChannel.open(
                written, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            var bytes = ByteBuffer.wrap(JSON.writeValueAsBytes(promise));
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        }
        Files.move(written, file, StandardCopyOption.ATOMIC_MOVE);
        // The file's name is part of the directory, which is written apart.
        try (var channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    void forget(TaskId task) {
        writing.lock();
        try {
            Files.deleteIfExists(file(task));
            promises.remove(task);
        } catch (IOException e) {
            throw new UncheckedIOException("can not forget the promise for task " + task, e);
        } finally {
            writing.unlock();
        }
    }

    private Path file(TaskId task) {
        return directory.resolve(task + ENDING);
    }
}
