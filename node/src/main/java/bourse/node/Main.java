package bourse.node;

import bourse.node.command.Root;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.bridge.SLF4JBridgeHandler;

/// Where the program begins, and where Ctrl-C ends it: the command is interrupted, and given time to close what
/// it has opened.
public final class Main {
    private static final Duration TIME_TO_CLOSE = Duration.ofSeconds(20);

    private Main() {}

    public static void main(String[] arguments) {
        var command = Thread.currentThread();
        var ended = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            if (ended.getCount() > 0) {
                command.interrupt();
                awaitQuietly(ended);
            }
        }));
        // Helidon logs by the JDK's own logging: to the home's log with it, not to the terminal.
        SLF4JBridgeHandler.removeHandlersForRootLogger();
        SLF4JBridgeHandler.install();
        int status = Root.execute(arguments);
        ended.countDown();
        System.exit(status);
    }

    private static void awaitQuietly(CountDownLatch ended) {
        try {
            if (!ended.await(TIME_TO_CLOSE.toSeconds(), TimeUnit.SECONDS)) {
                System.err.println("bourse: not everything closed in time; the next start cleans up");
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
