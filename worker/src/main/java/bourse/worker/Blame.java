package bourse.worker;

import bourse.protocol.Failure;
import bourse.protocol.Pool.Cause;
import bourse.sandbox.Outcome;
import bourse.sandbox.Program;

/// Whose fault it is that a run did not finish.
final class Blame {
    private Blame() {}

    /// @throws ProgramFailed if every honest worker ends here, too
    /// @throws GaveUp if another machine might not
    static void place(Outcome.Failed failed, Program program) throws ProgramFailed, GaveUp {
        var sentence = sentence(failed);
        // A container's memory is counted by the kernel: near the limit, two machines differ.
        if (failed.cause() == bourse.sandbox.Cause.OUT_OF_MEMORY && !(program instanceof Program.Wasm)) {
            throw new GaveUp(Cause.PROGRAM_FAILED, sentence);
        }
        switch (failed.cause()) {
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
                    IMAGE_NOT_USABLE -> throw failure(failed, sentence);
            // Engines count an image in ways of their own, and operators choose what they take.
            case IMAGE_TOO_LARGE -> throw new GaveUp(Cause.PROGRAM_FAILED, sentence);
            case IMAGE_NOT_FOUND, PULL_TIMED_OUT, PULL_FAILED -> throw new GaveUp(Cause.APP_UNREACHABLE, sentence);
            case OTHER_PLATFORM -> throw new GaveUp(Cause.NOT_SUPPORTED, sentence);
            case TIMED_OUT -> throw new GaveUp(Cause.TIMED_OUT, sentence);
            case CRASHED -> throw new GaveUp(Cause.WORKER_BROKEN, sentence);
        }
    }

    private static ProgramFailed failure(Outcome.Failed failed, String sentence) {
        var cause = Failure.Cause.valueOf(failed.cause().name());
        return new ProgramFailed(new Failure(cause, failed.status()), sentence);
    }

    private static String sentence(Outcome.Failed failed) {
        var message = Text.brief(failed.message()).replaceAll("\\.$", "");
        var tail = Text.tail(failed.stderr());
        return tail.isEmpty() ? message : message + "; the end of its stderr: " + tail;
    }
}
