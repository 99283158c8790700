package bourse.storage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ThreadLocalRandom;

/// Programs that tests start in a JVM of their own, to kill it.
final class Children {
    private Children() {}

    /// Runs `main` until it has printed a line.
    static Process start(Class<?> main, Path home) throws IOException {
        var process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        main.getName(),
                        home.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        if (process.inputReader().readLine() == null) {
            throw new IOException(main + " ended before it was ready");
        }
        return process;
    }

    /// Stores blobs for as long as it lives.
    static final class Storing {
        private Storing() {}

        public static void main(String[] arguments) throws IOException {
            var directory = Directory.at(Path.of(arguments[0]));
            var file = Files.createTempFile("blob", null);
            file.toFile().deleteOnExit();
            var bytes = new byte[1_000_000];
            for (int count = 0; true; count++) {
                ThreadLocalRandom.current().nextBytes(bytes);
                directory.put(Files.write(file, bytes));
                if (count == 5) {
                    System.out.println("stored");
                }
            }
        }
    }

    /// Has a database open, with one row in it.
    static final class Serving {
        private Serving() {}

        public static void main(String[] arguments) throws Exception {
            var database = Postgres.embedded(Path.of(arguments[0]));
            try (var connection = database.of("scheduler").getConnection();
                    var statement = connection.createStatement()) {
                statement.execute("insert into lease values ('alice', 'task 1')");
            }
            System.out.println("serving");
            Thread.currentThread().join();
        }
    }
}
