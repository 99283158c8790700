package bourse.sandbox.oci;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.throwable;
import static org.awaitility.Awaitility.await;

import bourse.sandbox.Cause;
import bourse.sandbox.Program;
import com.github.dockerjava.api.exception.DockerException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.FutureTask;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Images from a real registry's protocol, brought by real podman.
@Tag("containers")
final class ImagesTest {
    private static final Terms TERMS =
            new Terms(1, 32, false, Duration.ofSeconds(20), 8L << 20, 10L << 20, Optional.empty());
    private static final Registry.Recipe PLAIN = Registry.Recipe.PLAIN;
    /// Half a minute for an image.
    private static final Registry.Recipe SLOW = PLAIN.withDelay(1_000);

    @TempDir
    static Path scratch;

    private static Registry registry;
    private static Podman podman;

    @TempDir
    Path directory;

    private Daemon daemon;
    private Path records;

    @BeforeAll
    static void open() throws IOException {
        registry = new Registry();
        podman = Podman.start(scratch, registry.host());
    }

    @AfterAll
    static void close() throws IOException {
        if (podman != null) {
            podman.close();
        }
        registry.close();
    }

    @BeforeEach
    void connect() throws IOException {
        daemon = new Daemon(podman.socket(), directory, "images");
        records = Files.createDirectory(directory.resolve("records"));
    }

    /// What a test has evicted may just be going, and podman then fails to list it.
    @AfterEach
    void disconnect() {
        var docker = daemon.docker();
        await().ignoreExceptionsInstanceOf(DockerException.class).until(() -> {
            var images = docker.listImagesCmd().withShowAll(true).exec();
            images.forEach(image ->
                    docker.removeImageCmd(image.getId()).withForce(true).exec());
            return images.isEmpty();
        });
        daemon.close();
    }

    @Test
    void bringsAnImageOnce() throws Exception {
        var reference = registry.offer("once", PLAIN);
        var images = images(TERMS);

        images.take(image(reference)).close();
        int asked = registry.asked(reference);
        images.take(image(reference)).close();

        assertThat(asked).isPositive();
        assertThat(registry.asked(reference)).isEqualTo(asked);
        assertThat(records).isDirectoryContaining(record -> true);
    }

    @Test
    void joinsThoseWhoWaitForOneImage() throws Exception {
        var alone = registry.offer("alone", PLAIN.withDelay(20));
        images(TERMS).take(image(alone)).close();
        var reference = registry.offer("joined", PLAIN.withDelay(20));
        var images = images(TERMS);

        var takers = Stream.generate(() -> start(images, reference)).limit(5).toList();

        for (var taker : takers) {
            taker.get();
        }
        assertThat(registry.asked(reference)).isEqualTo(registry.asked(alone));
    }

    @Test
    void goesOnForTheOthersWhenOneLeaves() throws Exception {
        var reference = registry.offer("left", PLAIN.withDelay(50));
        var images = images(TERMS);
        var first = new FutureTask<>(() -> images.take(image(reference)));
        var thread = Thread.ofVirtual().start(first);
        await().until(() -> registry.asked(reference) > 0);
        var second = start(images, reference);
        Thread.sleep(200);

        thread.interrupt();

        assertThatThrownBy(first::get).hasCauseInstanceOf(InterruptedException.class);
        assertThat(second.get()).isTrue();
    }

    @Test
    void leavesNothingOfAPullThatNobodyWaitsFor() throws Exception {
        var reference = registry.offer("dropped", SLOW);
        var images = images(TERMS);
        var taker = new FutureTask<>(() -> images.take(image(reference)));
        var thread = Thread.ofVirtual().start(taker);
        await().until(() -> registry.asked(reference) > 0);

        thread.interrupt();

        assertThatThrownBy(taker::get).hasCauseInstanceOf(InterruptedException.class);
        await().untilAsserted(() -> assertThat(records).isEmptyDirectory());
        assertThat(daemon.image(reference)).isEmpty();
    }

    @Test
    void removesWhatADeadProcessHadBegunToPull() throws Exception {
        var reference = registry.offer("begun", PLAIN);
        images(TERMS).take(image(reference)).close();
        Files.writeString(record(reference), reference + " 0");

        images(TERMS);

        assertThat(records).isEmptyDirectory();
        assertThat(daemon.image(reference)).isEmpty();
    }

    @Test
    void givesUpInTime() {
        var terms = new Terms(1, 1, false, Duration.ofSeconds(2), 8L << 20, 10L << 20, Optional.empty());
        var reference = registry.offer("slow", SLOW);

        assertRefused(reference, terms, Cause.PULL_TIMED_OUT);
        assertThat(records).isEmptyDirectory();
        assertThat(daemon.image(reference)).isEmpty();
    }

    @Test
    void keepsNoImageThatIsTooLarge() {
        var reference = registry.offer("large", PLAIN.withPadding(9 << 20));

        assertRefused(reference, TERMS, Cause.IMAGE_TOO_LARGE);
        assertThat(records).isEmptyDirectory();
        assertThat(daemon.image(reference)).isEmpty();
    }

    @Test
    void knowsWhatIsNotThereFromWhoDoesNotAnswer() {
        var digest = "@sha256:" + "1".repeat(64);

        assertRefused(registry.host() + "/nothing" + digest, TERMS, Cause.IMAGE_NOT_FOUND);
        assertRefused("127.0.0.1:1/nothing" + digest, TERMS, Cause.PULL_FAILED);
    }

    @Test
    void refusesAnImageForAnotherProcessor() {
        assertRefused(registry.offer("other", PLAIN.withArchitecture("s390x")), TERMS, Cause.OTHER_PLATFORM);
    }

    @Test
    void removesTheImageThatWasNotUsedForLongest() throws Exception {
        var images = images(TERMS);
        var references = Stream.of("a", "b", "c")
                .map(name -> registry.offer("evict-" + name, PLAIN.withPadding(2 << 20)))
                .toList();
        var held = images.take(image(references.get(0)));
        images.take(image(references.get(1))).close();
        Files.setLastModifiedTime(record(references.get(0)), FileTime.from(Instant.EPOCH));

        images.take(image(references.get(2))).close();

        await().untilAsserted(() -> assertThat(daemon.image(references.get(1))).isEmpty());
        assertThat(daemon.image(references.get(0))).as("in use").isPresent();
        assertThat(daemon.image(references.get(2))).as("new").isPresent();
        held.close();
    }

    @Test
    void removesNoImageThatWasThereBefore() throws Exception {
        var before = registry.offer("before", PLAIN.withPadding(2 << 20));
        daemon.docker().pullImageCmd(before).start().awaitCompletion();
        var terms = new Terms(1, 1, false, Duration.ofSeconds(20), 8L << 20, 0, Optional.empty());
        var images = images(terms);

        images.take(image(before)).close();
        for (var name : List.of("after", "later")) {
            images.take(image(registry.offer(name, PLAIN))).close();
        }

        assertThat(daemon.image(before)).isPresent();
    }

    private Images images(Terms terms) {
        return new Images(daemon, terms, records);
    }

    private static Program.Image image(String reference) {
        return new Program.Image(reference, Optional.empty(), false);
    }

    private static FutureTask<Boolean> start(Images images, String reference) {
        var taker = new FutureTask<>(() -> {
            images.take(image(reference)).close();
            return true;
        });
        Thread.ofVirtual().start(taker);
        return taker;
    }

    private Path record(String reference) {
        return records.resolve(reference.substring(reference.indexOf("@sha256:") + 8));
    }

    private void assertRefused(String reference, Terms terms, Cause cause) {
        assertThatThrownBy(() -> images(terms).take(image(reference)))
                .asInstanceOf(throwable(Unusable.class))
                .satisfies(
                        e -> assertThat(e.refusal().cause()).as(e.getMessage()).isEqualTo(cause));
    }
}
