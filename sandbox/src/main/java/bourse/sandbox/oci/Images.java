package bourse.sandbox.oci;

import bourse.sandbox.Cause;
import bourse.sandbox.Program;
import com.github.dockerjava.api.async.ResultCallback;
import com.github.dockerjava.api.command.InspectImageResponse;
import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.model.PullResponseItem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The images that programs need: brought when they are asked for, kept while there is room.
///
/// The daemon's store is the cache. A file for each image that was pulled here says so, from before its first byte,
/// and its time is the image's last use. What was on the machine already is used, and never removed.
final class Images {
    private static final Logger LOG = LoggerFactory.getLogger(Images.class);
    private static final Duration LOOK = Duration.ofMillis(200);
    private static final long LEAST_LOSS = 1L << 30;

    private final Daemon daemon;
    private final Terms terms;
    private final Path records;
    private final Map<Reference, Pull> pulls = new HashMap<>();
    private final Map<Reference, Integer> inUse = new HashMap<>();

    /// An image that is there.
    ///
    /// @param volumes paths that it wants writable
    record Image(String id, List<String> volumes) {}

    /// Holds an image in the cache.
    final class Lease implements AutoCloseable {
        private final Reference reference;
        private final Image image;

        private Lease(Reference reference, Image image) {
            this.reference = reference;
            this.image = image;
        }

        Image image() {
            return image;
        }

        @Override
        public void close() {
            release(reference);
        }
    }

    /// @param records a directory of its own, which outlives the process
    Images(Daemon daemon, Terms terms, Path records) {
        this.daemon = daemon;
        this.terms = terms;
        this.records = records;
        dropUnfinished();
    }

    /// Waits for the image, if it is not there yet, together with all others who need it.
    Lease take(Program.Image wanted) throws Unusable, InterruptedException {
        var reference = Reference.of(wanted);
        hold(reference);
        boolean taken = false;
        try {
            var found = find(reference);
            var image = found.isPresent() ? found.get() : pull(reference);
            requirePlatform(image);
            touch(reference);
            var volumes = Optional.ofNullable(image.getConfig())
                    .map(config -> config.getVolumes())
                    .map(map -> List.copyOf(map.keySet()))
                    .orElse(List.of());
            taken = true;
            return new Lease(reference, new Image(String.valueOf(image.getId()), volumes));
        } finally {
            if (!taken) {
                release(reference);
            }
        }
    }

    private Optional<InspectImageResponse> find(Reference reference) {
        return daemon.image(reference.toString());
    }

    private void requirePlatform(InspectImageResponse image) throws Unusable {
        var architecture = String.valueOf(image.getArch());
        var system = String.valueOf(image.getOs());
        if (!architecture.equals(daemon.architecture()) || !system.equals(daemon.system())) {
            throw new Unusable(
                    Cause.OTHER_PLATFORM,
                    "The image is for %s on %s, and this machine is %s on %s."
                            .formatted(
                                    Unusable.brief(system),
                                    Unusable.brief(architecture),
                                    daemon.system(),
                                    daemon.architecture()));
        }
    }

    /* ONE PULL FOR ALL WHO WAIT */

    private InspectImageResponse pull(Reference reference) throws Unusable, InterruptedException {
        while (true) {
            var pull = join(reference);
            if (pull.isEmpty()) {
                continue;
            }
            try {
                return pull.get().result.get();
            } catch (ExecutionException e) {
                if (e.getCause() instanceof Unusable unusable) {
                    throw unusable;
                }
                throw new IllegalStateException("can not pull " + reference, e.getCause());
            } finally {
                leave(pull.get());
            }
        }
    }

    /// Empty after waiting for one that was given up: nobody may pull while it cleans up.
    private Optional<Pull> join(Reference reference) throws InterruptedException {
        Pull pull;
        synchronized (pulls) {
            var under = pulls.get(reference);
            if (under == null || !under.abandoned) {
                pull = under == null ? new Pull(reference) : under;
                pull.waiting++;
                if (under == null) {
                    pulls.put(reference, pull);
                    Thread.ofVirtual().name("sandbox-pull").start(pull::run);
                }
                return Optional.of(pull);
            }
            pull = under;
        }
        pull.ended.await();
        return Optional.empty();
    }

    private void leave(Pull pull) {
        synchronized (pulls) {
            if (--pull.waiting == 0) {
                pull.abandoned = true;
            }
        }
    }

    private final class Pull extends ResultCallback.Adapter<PullResponseItem> {
        private final Reference reference;
        private final CompletableFuture<InspectImageResponse> result = new CompletableFuture<>();
        private final CountDownLatch said = new CountDownLatch(1);
        private final CountDownLatch ended = new CountDownLatch(1);
        private final Map<String, Long> layers = new ConcurrentHashMap<>();
        private volatile String error = "";
        private volatile boolean abandoned;
        private int waiting;

        private Pull(Reference reference) {
            this.reference = reference;
        }

        @Override
        public void onNext(PullResponseItem item) {
            var progress = item.getProgressDetail();
            if (item.getId() != null && progress != null && progress.getTotal() != null) {
                layers.put(item.getId(), progress.getTotal());
            }
            if (item.getErrorDetail() != null) {
                error = String.valueOf(item.getErrorDetail().getMessage());
            }
        }

        @Override
        public void onError(Throwable failure) {
            error = String.valueOf(failure.getMessage());
            said.countDown();
        }

        @Override
        public void onComplete() {
            said.countDown();
        }

        void run() {
            try {
                write(reference, 0);
                var image = bring();
                write(reference, Math.max(1, size(image)));
                result.complete(image);
                evict();
            } catch (Unusable | InterruptedException | RuntimeException e) {
                undo();
                result.completeExceptionally(e);
            } finally {
                synchronized (pulls) {
                    pulls.remove(reference);
                }
                ended.countDown();
            }
        }

        private InspectImageResponse bring() throws Unusable, InterruptedException {
            try {
                daemon.docker().pullImageCmd(reference.toString()).exec(this);
                watch();
            } finally {
                hangUp();
            }
            if (!error.isEmpty()) {
                throw refusal(error);
            }
            var image = find(reference);
            if (image.isEmpty()) {
                throw new Unusable(Cause.PULL_FAILED, "The image " + reference + " came, but is not there.");
            } else if (size(image.get()) > terms.imageBytes()) {
                throw tooLarge();
            }
            return image.get();
        }

        private void watch() throws Unusable, InterruptedException {
            long end = System.nanoTime() + terms.pullTime().toNanos();
            long room = daemon.room();
            while (!said.await(LOOK.toMillis(), TimeUnit.MILLISECONDS)) {
                if (abandoned) {
                    throw new InterruptedException("nobody waits for the image any more");
                } else if (layers.values().stream().mapToLong(Long::longValue).sum() > terms.imageBytes()) {
                    throw tooLarge();
                } else if (room - daemon.room() > Math.max(3 * terms.imageBytes(), LEAST_LOSS)) {
                    // Podman does not say how much is to come, and what is packed may unfold. Others write, too.
                    throw new Unusable(Cause.PULL_FAILED, "The machine's disk filled up while the image came.");
                } else if (System.nanoTime() > end) {
                    throw new Unusable(
                            Cause.PULL_TIMED_OUT,
                            "The image did not come within " + terms.pullTime().toSeconds() + " s.");
                }
            }
        }

        private Unusable tooLarge() {
            return new Unusable(Cause.IMAGE_TOO_LARGE, "The image is larger than " + terms.imageBytes() + " bytes.");
        }

        private Unusable refusal(String message) {
            var words = message.toLowerCase(Locale.ROOT);
            boolean missing = Stream.of("manifest unknown", "name unknown", "not found", "unauthorized", "denied")
                    .anyMatch(words::contains);
            return missing && !words.contains("no such host")
                    ? new Unusable(Cause.IMAGE_NOT_FOUND, "There is no public image " + reference + ".")
                    : new Unusable(Cause.PULL_FAILED, "The image did not come: " + Unusable.brief(message) + ".");
        }

        /// A daemon stops pulling when nobody listens.
        private void hangUp() {
            try {
                close();
            } catch (IOException e) {
                LOG.debug("pull of {}: {}", reference, e.toString());
            }
        }

        private void undo() {
            try {
                remove(read(record(reference)));
            } catch (RuntimeException e) {
                LOG.warn("can not take back the pull of {}, the next start will", reference, e);
            }
        }
    }

    /* WHAT IS KEPT */

    private void hold(Reference reference) {
        synchronized (inUse) {
            inUse.merge(reference, 1, Integer::sum);
        }
    }

    private void release(Reference reference) {
        synchronized (inUse) {
            inUse.computeIfPresent(reference, (_, count) -> count == 1 ? null : count - 1);
        }
    }

    /// Removes the images that were not used for the longest time, until the others have room.
    private void evict() {
        synchronized (inUse) {
            var kept = records().stream().filter(one -> one.bytes() > 0).toList();
            long total = kept.stream().mapToLong(Entry::bytes).sum();
            for (var one : kept) {
                if (total > terms.cacheBytes() && inUse.keySet().stream().noneMatch(one::isOf)) {
                    remove(one);
                    total -= one.bytes();
                }
            }
        }
    }

    /// What a process that died had begun to pull.
    private void dropUnfinished() {
        records().stream().filter(record -> record.bytes() == 0).forEach(this::remove);
    }

    private void remove(Entry record) {
        try {
            daemon.docker().removeImageCmd(record.reference()).exec();
        } catch (NotFoundException _) {
            // It is gone.
        } catch (DockerException e) {
            LOG.warn("can not remove the image {}: {}", record.reference(), e.getMessage());
            return;
        }
        try {
            Files.deleteIfExists(record.file());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// @param bytes 0 while it is being pulled
    private record Entry(Path file, String reference, long bytes, FileTime used) {
        /// Also under another name.
        boolean isOf(Reference other) {
            return file.getFileName().toString().equals(other.digest());
        }
    }

    /// The one that was used last comes last.
    private List<Entry> records() {
        try (var files = Files.list(records)) {
            return files.map(Images::read)
                    .sorted(Comparator.comparing(Entry::used))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Entry read(Path file) {
        try {
            var words = Files.readString(file).split(" ", -1);
            return new Entry(file, words[0], Long.parseLong(words[1]), Files.getLastModifiedTime(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void write(Reference reference, long bytes) {
        try {
            var next = Files.writeString(records.resolveSibling(reference.digest()), reference + " " + bytes);
            Files.move(next, record(reference), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void touch(Reference reference) {
        try {
            Files.setLastModifiedTime(record(reference), FileTime.from(Instant.now()));
        } catch (NoSuchFileException _) {
            // Not pulled here.
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path record(Reference reference) {
        return records.resolve(reference.digest());
    }

    private static long size(InspectImageResponse image) {
        return Optional.ofNullable(image.getSize()).orElse(0L);
    }
}
