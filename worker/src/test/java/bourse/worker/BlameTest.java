package bourse.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import bourse.protocol.Pool;
import bourse.sandbox.Cause;
import bourse.sandbox.Outcome;
import bourse.sandbox.Program;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

class BlameTest {
    private static final Program WASM = new Program.Wasm(Path.of("program.wasm"));
    private static final Program IMAGE = new Program.Image("image", Optional.empty(), false);

    private static Throwable blame(Cause cause, Program program) {
        var status = cause == Cause.EXIT_CODE ? OptionalLong.of(3) : OptionalLong.empty();
        var failed = new Outcome.Failed(cause, status, "It failed.", new byte[0], new byte[0], 0, Duration.ZERO);
        return catchThrowable(() -> Blame.place(failed, program));
    }

    /// A new cause in the sandbox needs a name in the vote, or a fault that is the machine's.
    @ParameterizedTest
    @EnumSource(Cause.class)
    void onlyWhatEveryMachineSeesIsVotedOn(Cause cause) {
        var blame = blame(cause, WASM);

        if (blame instanceof ProgramFailed failed) {
            assertThat(cause.programsFault()).isTrue();
            assertThat(failed.failure().cause()).hasToString(cause.name());
        } else {
            assertThat(blame).isInstanceOf(GaveUp.class);
        }
    }

    @ParameterizedTest
    @EnumSource(
            mode = Mode.EXCLUDE,
            names = {"IMAGE_NOT_FOUND", "IMAGE_TOO_LARGE"})
    void aWasmProgramsFaultIsVotedOn(Cause cause) {
        assertThat(blame(cause, WASM) instanceof ProgramFailed).isEqualTo(cause.programsFault());
    }

    @Test
    void theMemoryOfAContainerIsCountedElsewhereInAnotherWay() {
        assertThat(blame(Cause.OUT_OF_MEMORY, IMAGE))
                .isInstanceOfSatisfying(
                        GaveUp.class, gaveUp -> assertThat(gaveUp.cause()).isEqualTo(Pool.Cause.PROGRAM_FAILED));
        assertThat(blame(Cause.EXIT_CODE, IMAGE)).isInstanceOf(ProgramFailed.class);
    }
}
