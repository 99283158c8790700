package bourse.worker;

import bourse.protocol.Blobs;
import bourse.protocol.Bytes;
import bourse.protocol.Chain.Index;
import bourse.protocol.Deal;
import bourse.protocol.InputFile;
import bourse.protocol.Malformed;
import bourse.protocol.Params;
import bourse.protocol.Pool.Assignment;
import bourse.protocol.Pool.Cause;
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
import java.util.List;
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
            throw new GaveUp(Cause.PROGRAM_FAILED, Text.of(e));
        } catch (IOException | UncheckedIOException e) {
            if (Thread.interrupted()) {
                throw new InterruptedException("interrupted while it read or wrote: " + e);
            }
            LOG.warn("task {}: can not read or write", assignment.task(), e);
            throw new GaveUp(
                    Disk.isFull(e) ? Cause.DISK_FULL : Cause.WORKER_BROKEN,
                    "this worker could not read or write: " + Text.reason(e));
        } finally {
            Trees.discard(directory);
        }
    }

    private Promise compute(Assignment assignment, Path directory, Lease lease)
            throws GaveUp, IOException, InterruptedException {
        lease.tell(new Progress.Fetching());
        var deal = assignment.deal();
        var params = params(deal);
        var files = files(params);
        var in = Files.createDirectory(directory.resolve("in"));
        var out = Files.createDirectory(directory.resolve("out"));
        var program = inputs.fetchProgram(assignment.app(), directory);
        if (assignment.dataset().isPresent()) {
            inputs.fetchDataset(assignment.dataset().get(), in);
        }
        inputs.fetchFiles(files, in, deal.category().reference());

        lease.tell(new Progress.Computing());
        var environment = Environment.of(assignment, files);
        run(new Job(program, params.arguments(), environment, in, out, settings.limitsOf(deal.category())), lease);
        var result = Result.read(out);
        if (deal.hasCallback() && result.callbackData().equals(Bytes.EMPTY)) {
            throw new GaveUp(
                    Cause.PROGRAM_FAILED,
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

    private static Params params(Deal deal) throws GaveUp {
        try {
            return Params.parse(deal.params());
        } catch (Malformed e) {
            throw new GaveUp(Cause.DEAL_UNUSABLE, Text.of(e));
        }
    }

    private static List<InputFile> files(Params params) throws GaveUp {
        try {
            return InputFile.parseAll(params.inputFiles());
        } catch (Malformed e) {
            throw new GaveUp(Cause.DEAL_UNUSABLE, Text.of(e));
        }
    }

    private void run(Job job, Lease lease) throws GaveUp, IOException, InterruptedException {
        var outcome = sandbox.run(job);
        lease.mention(new Progress.Ran(
                Text.end(outcome.stdout(), Progress.Ran.LONGEST_LOG),
                Text.end(outcome.stderr(), Progress.Ran.LONGEST_LOG)));
        switch (outcome) {
            case Outcome.Finished finished -> {
                write(job.output().resolve(Result.STDOUT), finished.stdout());
                write(job.output().resolve(Result.STDERR), finished.stderr());
            }
            case Outcome.Failed failed -> throw new GaveUp(cause(failed.cause()), sentence(failed));
        }
    }

    private static String sentence(Outcome.Failed failed) {
        var message = Text.brief(failed.message()).replaceAll("\\.$", "");
        var tail = Text.tail(failed.stderr());
        return tail.isEmpty() ? message : message + "; the end of its stderr: " + tail;
    }

    private static Cause cause(bourse.sandbox.Cause cause) {
        return switch (cause) {
            case TIMED_OUT -> Cause.TIMED_OUT;
            case OTHER_PLATFORM -> Cause.NOT_SUPPORTED;
            case IMAGE_NOT_FOUND, PULL_TIMED_OUT, PULL_FAILED -> Cause.APP_UNREACHABLE;
            case CRASHED -> Cause.WORKER_BROKEN;
            case NOT_WASM,
                    IMPORT_NOT_OFFERED,
                    FEATURE_NOT_OFFERED,
                    TOO_COMPLEX,
                    EXIT_CODE,
                    TRAP,
                    OUT_OF_FUEL,
                    OUT_OF_MEMORY,
                    CALL_DEPTH,
                    OUTPUT_TOO_LARGE,
                    TOO_MANY_FILES,
                    OUTPUT_NOT_PLAIN,
                    IMAGE_NOT_PINNED,
                    IMAGE_TOO_LARGE,
                    IMAGE_NOT_USABLE -> Cause.PROGRAM_FAILED;
        };
    }

    private static void write(Path file, byte[] bytes) throws GaveUp, IOException {
        if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            throw new GaveUp(
                    Cause.PROGRAM_FAILED,
                    "the program wrote " + file.getFileName()
                            + " itself, which is where its standard streams are kept: write to another name");
        }
        Files.write(file, bytes);
    }
}
