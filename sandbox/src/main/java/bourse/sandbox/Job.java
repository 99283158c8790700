package bourse.sandbox;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// One run of a program.
///
/// @param program of a kind that the sandbox knows
/// @param arguments what the program is called with, without its own name; at most 1 MiB with the environment
/// @param environment all the variables that it sees; a container sees those of its image, too. `IEXEC_TASK_ID` seeds
///     a WASI program's random numbers, together with the program's digest: equal for all who run the task,
///     different for each task
/// @param input a directory whose regular files the program sees in `/iexec_in`, read-only
/// @param output an empty directory that receives what a finished program left in `/iexec_out`
/// @param limits how much it may use
public record Job(
        Program program,
        List<String> arguments,
        Map<String, String> environment,
        Path input,
        Path output,
        Limits limits) {
    public Job {
        arguments = List.copyOf(arguments);
        environment = Map.copyOf(environment);
    }

    /// One run of a WASI program.
    public Job(
            Path program,
            List<String> arguments,
            Map<String, String> environment,
            Path input,
            Path output,
            Limits limits) {
        this(new Program.Wasm(program), arguments, environment, input, output, limits);
    }
}
