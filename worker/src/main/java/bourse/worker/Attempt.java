package bourse.worker;

import bourse.protocol.Blobs;
import bourse.protocol.Bytes;
import bourse.protocol.Chain.Index;
import bourse.protocol.Deal;
import bourse.protocol.Failure;
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

/// From an assignment to a result in storage, be it an error: everything that can be done again.
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
        var directory = work.resolve(assignment.task().toString());
        try {
            Trees.delete(directory);
            var printed = Files.createDirectories(directory.resolve("printed"));
            try {
                check.check(assignment);
                return compute(assignment, directory, printed, lease);
            } catch (ProgramFailed e) {
                if (!isVotedOn(assignment)) {
                    throw e.giveUp();
                }
                LOG.info("task {}: {}", assignment.task(), e.getMessage());
                Files.writeString(printed.resolve(Result.ERROR), e.failure().json());
                return store(assignment, printed, new Result(e.failure()));
            }
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

    /// A contract that waits for a callback must not get what is no answer. And where one vote decides, one
    /// worker alone must not say that there is none: the pool asks a second first.
    private static boolean isVotedOn(Assignment assignment) {
        var deal = assignment.deal();
        return !deal.hasCallback() && (deal.trust() > 1 || assignment.witness());
    }

    /// @param printed gets the program's streams once it has run
    private Promise compute(Assignment assignment, Path directory, Path printed, Lease lease)
            throws ProgramFailed, GaveUp, IOException, InterruptedException {
        lease.tell(new Progress.Fetching());
        var deal = assignment.deal();
        var job = fetch(assignment, directory);
        lease.tell(new Progress.Computing());
        var outcome = sandbox.run(job);
        lease.mention(new Progress.Ran(
                Text.end(outcome.stdout(), Progress.Ran.LONGEST_LOG),
                Text.end(outcome.stderr(), Progress.Ran.LONGEST_LOG)));
        Files.write(printed.resolve(Result.STDOUT), outcome.stdout());
        Files.write(printed.resolve(Result.STDERR), outcome.stderr());
        if (outcome instanceof Outcome.Failed failed) {
            Blame.place(failed, job.program());
        }
        refuseReservedNames(job.output());
        Files.copy(printed.resolve(Result.STDOUT), job.output().resolve(Result.STDOUT));
        Files.copy(printed.resolve(Result.STDERR), job.output().resolve(Result.STDERR));
        return store(assignment, job.output(), answer(deal, job.output()));
    }

    private Job fetch(Assignment assignment, Path directory)
            throws ProgramFailed, GaveUp, IOException, InterruptedException {
        var deal = assignment.deal();
        var params = Inputs.params(deal);
        var files = files(params);
        var in = Files.createDirectory(directory.resolve("in"));
        var out = Files.createDirectory(directory.resolve("out"));
        var program = inputs.fetchProgram(assignment.app(), directory);
        if (assignment.dataset().isPresent()) {
            inputs.fetchDataset(assignment.dataset().get(), in);
        }
        inputs.fetchFiles(files, in, deal.category().reference());
        var environment = Environment.of(assignment, files);
        return new Job(
                program, params.arguments(), environment, in, out, settings.limitsOf(deal.category(), params.needs()));
    }

    private static List<InputFile> files(Params params) throws ProgramFailed {
        try {
            return InputFile.parseAll(params.inputFiles());
        } catch (Malformed e) {
            throw new ProgramFailed(Failure.Cause.DEAL_UNUSABLE, Text.of(e));
        }
    }

    private static void refuseReservedNames(Path out) throws ProgramFailed {
        for (var name : Result.RESERVED) {
            if (Files.exists(out.resolve(name), LinkOption.NOFOLLOW_LINKS)) {
                throw new ProgramFailed(
                        Failure.Cause.NO_RESULT,
                        "the program wrote " + name + " itself, which its worker writes: choose another name");
            }
        }
    }

    private static Result answer(Deal deal, Path out) throws ProgramFailed, IOException {
        try {
            var result = Result.read(out);
            ResultArchive.check(out);
            if (deal.hasCallback() && result.callbackData().equals(Bytes.EMPTY)) {
                throw new ProgramFailed(
                        Failure.Cause.NO_RESULT,
                        "the deal calls back a contract, but the program left no callback-data in computed.json");
            }
            return result;
        } catch (Malformed e) {
            throw new ProgramFailed(Failure.Cause.NO_RESULT, Text.of(e));
        }
    }

    private Promise store(Assignment assignment, Path files, Result result) throws IOException {
        var deal = assignment.deal();
        var zip = files.resolveSibling("result.zip");
        ResultArchive.pack(files, zip);
        return new Promise(
                new Index(deal.id(), assignment.index()),
                assignment.authorization(),
                deal.trust(),
                result.digest(),
                new ResultLink(blobs.put(zip)),
                result.callbackData());
    }
}
