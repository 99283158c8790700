package bourse.node.command;

import bourse.node.Problem;
import bourse.protocol.Away;
import bourse.protocol.Chain;
import bourse.protocol.Malformed;
import bourse.protocol.OrderRefused;
import bourse.protocol.Refused;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/// `bourse`.
@Command(
        name = "bourse",
        mixinStandardHelpOptions = true,
        version = "bourse 0.1.0",
        description = "An open market for computing power whose results you can check.",
        subcommands = {
            Run.class,
            Up.class,
            ChainCommand.class,
            SchedulerCommand.class,
            BlobsCommand.class,
            MarketCommand.class,
            DatabaseCommand.class,
            FundCommand.class,
            WalletCommand.class,
            DealCommand.class,
            TaskCommand.class,
            MatchCommand.class,
            OrderCommand.class,
            WorkerCommand.class,
            AccountCommand.class,
            AppCommand.class,
            SdkConfigCommand.class,
            Simulate.class
        },
        exitCodeListHeading = "%nExit status:%n",
        exitCodeList = {
            "0:done; for run: the results' bytes match the digests on chain",
            "1:a task failed, or its result is not what the chain says",
            "2:refused: nothing was bought",
            "3:the market itself is not well"
        })
public final class Root {
    private Root() {}

    /// @return the exit status
    public static int execute(String... arguments) {
        return new CommandLine(new Root())
                .setExecutionExceptionHandler((e, line, _) -> {
                    line.getErr().println("bourse: " + message(e));
                    return e instanceof Problem problem
                            ? problem.exitCode()
                            : e instanceof Malformed || e instanceof Refused || e instanceof OrderRefused
                                    ? Problem.REFUSED
                                    : Problem.BROKEN;
                })
                .execute(arguments);
    }

    private static String message(Exception e) {
        return switch (e) {
            case Problem problem -> String.valueOf(problem.getMessage());
            case Refused refused -> String.valueOf(refused.getMessage());
            case Malformed malformed -> String.valueOf(malformed.getMessage());
            case OrderRefused refused -> String.valueOf(refused.getMessage());
            case Away away -> String.valueOf(away.getMessage());
            case Chain.Unreachable unreachable -> unreachable.getMessage() + ". Is the market up? Try `bourse up`.";
            case InterruptedException _ -> "interrupted";
            default -> "this failed inside: " + e + ". The log in the home says more.";
        };
    }
}
