package bourse.worker;

import bourse.protocol.Blobs;
import bourse.protocol.Bytes;
import bourse.protocol.Chain.Index;
import bourse.protocol.InputFile;
import bourse.protocol.Malformed;
import bourse.protocol.Params;
import bourse.protocol.Pool.Assignment;
import bourse.protocol.Pool.Progress;
import bourse.protocol.Result;
import bourse.protocol.ResultArchive;
import bourse.protocol.ResultLink;
import bourse.sandbox.Job;
import bourse.sandbox.Outcome;
import bourse.sandbox.Sandbox;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// From an assignment to a result in storage: everything that can be done again.
final class Attempt {
    private static final Logger LOG = LoggerFactory.getLogger(Attempt.class);
    private final AssignmentCheck check;
    private final Inputs inputs;
    private final Sandbox sandbox;
    private final Blobs blobs;
    private final Settings settings;
    private final Path work;

    /// @param work where each task gets a directory for as long as it takes
    Attempt(AssignmentCheck check, Inputs inputs, Sandbox sandbox, Blobs blobs, Settings settings, Path work) {
        this.check = check;
        this.inputs = inputs;
        this.sandbox = sandbox;
        this.blobs = blobs;
        this.settings = settings;
        this.work = work;
    }

    /// @param lease is told of each phase
    /// @throws InterruptedException also if the pool does not want the result any more
    Promise make(Assignment assignment, Lease lease) throws GaveUp, InterruptedException {
        check.check(assignment);
        var directory = work.resolve(assignment.task().toString());
        try {
            Trees.delete(directory);
            return compute(assignment, Files.createDirectories(directory), lease);
        } catch (Malformed e) {
            throw GaveUp.program(Text.of(e));
        } catch (IOException | UncheckedIOException e) {
            if (Thread.interrupted()) {
                throw new InterruptedException("interrupted while it read or wrote: " + e);
            }
            LOG.warn("task {}: can not read or write", assignment.task(), e);
            throw GaveUp.worker("this worker could not read or write: " + Text.reason(e));
        } finally {
            Trees.discard(directory);
        }
    }

    private Promise compute(Assignment assignment, Path directory, Lease lease)
            throws GaveUp, IOException, InterruptedException {
        lease.tell(new Progress.Fetching());
        var deal = assignment.deal();
        var params = Params.parse(deal.params());
        var files = InputFile.parseAll(params.inputFiles());
        var in = Files.createDirectory(directory.resolve("in"));
        var out = Files.createDirectory(directory.resolve("out"));
        var program = inputs.fetchProgram(assignment.app(), directory);
        if (!sandbox.kinds().contains(program.getClass())) {
            throw GaveUp.worker(
                    "this worker does not run apps of type " + assignment.app().type());
        }
        if (assignment.dataset().isPresent()) {
            inputs.fetchDataset(assignment.dataset().get(), in);
        }
        inputs.fetchFiles(files, in, deal.category().reference());

        lease.tell(new Progress.Computing());
        var environment = Environment.of(assignment, files);
        run(new Job(program, params.arguments(), environment, in, out, settings.limitsOf(deal.category())));
        var result = Result.read(out);
        if (deal.hasCallback() && result.callbackData().equals(Bytes.EMPTY)) {
            throw GaveUp.program(
                    "the deal calls back a contract, but the program left no callback-data in computed.json");
        }
        var zip = directory.resolve("result.zip");
        ResultArchive.pack(out, zip);
        return new Promise(
                new Index(deal.id(), assignment.index()),
                assignment.authorization(),
                deal.trust(),
                result.digest(),
                new ResultLink(blobs.put(zip)),
                result.callbackData());
    }

    private void run(Job job) throws GaveUp, IOException, InterruptedException {
        switch (sandbox.run(job)) {
            case Outcome.Finished finished -> {
                write(job.output().resolve(Result.STDOUT), finished.stdout());
                write(job.output().resolve(Result.STDERR), finished.stderr());
            }
            case Outcome.Failed failed -> {
                var message = Text.brief(failed.message()).replaceAll("\\.$", "");
                var tail = Text.tail(failed.stderr());
                var sentence = tail.isEmpty() ? message : message + "; the end of its stderr: " + tail;
                throw failed.cause().programsFault() ? GaveUp.program(sentence) : GaveUp.worker(sentence);
            }
        }
    }

    private static void write(Path file, byte[] bytes) throws GaveUp, IOException {
        if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            throw GaveUp.program("the program wrote " + file.getFileName()
                    + " itself, which is where its standard streams are kept: write to another name");
        }
        Files.write(file, bytes);
    }
}
