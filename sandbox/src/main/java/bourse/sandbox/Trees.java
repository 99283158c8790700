package bourse.sandbox;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Comparator;

/// Directories with all that is in them.
public final class Trees {
    private Trees() {}

    /// Deletes all that is in a directory, but not the directory. Follows no link.
    public static void empty(Path directory) {
        try (var paths = Files.walk(directory)) {
            for (var path : paths.sorted(Comparator.reverseOrder()).toList()) {
                if (!path.equals(directory)) {
                    Files.delete(path);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Copies directories and regular files into an empty directory; what is neither is left out.
    public static void copy(Path from, Path into) {
        try (var paths = Files.walk(from)) {
            for (var path : paths.skip(1).toList()) {
                var to = into.resolve(from.relativize(path).toString());
                if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
                    Files.createDirectory(to);
                } else if (Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)) {
                    Files.copy(path, to);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("can not copy " + from, e);
        }
    }
}
