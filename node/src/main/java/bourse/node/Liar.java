package bourse.node;

import bourse.protocol.Result;
import bourse.sandbox.Isolation;
import bourse.sandbox.Job;
import bourse.sandbox.Outcome;
import bourse.sandbox.Program;
import bourse.sandbox.Sandbox;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Set;

/// A sandbox whose owner lies, for watching the vote defend the requester: it computes, and then changes every
/// answer. All liars change it in the same way, which is the worst that they can do.
final class Liar implements Sandbox {
    private static final byte[] FORGED = "forged\n".getBytes(StandardCharsets.UTF_8);
    private final Sandbox honest;

    Liar(Sandbox honest) {
        this.honest = honest;
    }

    @Override
    public Outcome run(Job job) throws InterruptedException {
        return switch (honest.run(job)) {
            case Outcome.Finished finished -> {
                forge(job.output());
                var stdout = new byte[finished.stdout().length + FORGED.length];
                System.arraycopy(finished.stdout(), 0, stdout, 0, finished.stdout().length);
                System.arraycopy(FORGED, 0, stdout, finished.stdout().length, FORGED.length);
                yield new Outcome.Finished(stdout, finished.stderr(), finished.fuel(), finished.elapsed());
            }
            // What fails for everyone, a liar claims to have done.
            case Outcome.Failed failed ->
                new Outcome.Finished(FORGED, failed.stderr(), failed.fuel(), failed.elapsed());
        };
    }

    private static void forge(Path output) {
        try {
            for (var file : files(output)) {
                if (file.endsWith(Result.COMPUTED)) {
                    // Callback data: another byte at its end. A path stays: what it names is changed below.
                    var text = Files.readString(file);
                    Files.writeString(
                            file, text.replaceAll("(\"callback-data\"\\s*:\\s*\"0x[0-9a-fA-F]*)\"", "$1ff\""));
                } else {
                    Files.write(file, FORGED, StandardOpenOption.APPEND);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<Path> files(Path output) throws IOException {
        try (var files = Files.walk(output)) {
            return files.filter(Files::isRegularFile).toList();
        }
    }

    @Override
    public void pause() {
        honest.pause();
    }

    @Override
    public void resume() {
        honest.resume();
    }

    @Override
    public Set<Class<? extends Program>> kinds() {
        return honest.kinds();
    }

    @Override
    public Isolation isolation() {
        return honest.isolation();
    }

    @Override
    public void close() {}
}
