package bourse.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;

/// A result as one file: a zip of the directory that [Result] reads, as iExec's clients expect it.
public final class ResultArchive {
    /// What a result may hold, unpacked.
    public static final long MOST_BYTES = 1L << 30;

    public static final int MOST_FILES = 10_000;
    /// Zip's own beginning of time: the same files make the same archive.
    private static final LocalDateTime EPOCH = LocalDateTime.of(1980, 1, 1, 0, 0);

    private ResultArchive() {}

    /// Packs everything below `directory` into the new file `zip`.
    ///
    /// @throws Malformed if a file is a link or has a name that no archive can carry safely
    public static void pack(Path directory, Path zip) throws IOException {
        try (var out = new ZipOutputStream(Files.newOutputStream(zip))) {
            for (var file : files(directory)) {
                var entry = new ZipEntry(file);
                entry.setTimeLocal(EPOCH);
                out.putNextEntry(entry);
                Files.copy(directory.resolve(file), out);
                out.closeEntry();
            }
        }
    }

    /// Unpacks `zip` into the existing, empty `directory`. The archive may be hostile.
    ///
    /// @throws Malformed if it is no zip, holds too much, or a name that would leave the directory
    public static void unpack(Path zip, Path directory) throws IOException {
        long room = MOST_BYTES;
        var names = new HashSet<String>();
        try (var in = new ZipInputStream(Files.newInputStream(zip))) {
            for (var entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
                var name = entry.getName();
                if (entry.isDirectory()) {
                    continue;
                }
                check(name);
                if (!names.add(name) || names.size() > MOST_FILES) {
                    throw new Malformed("a result holds at most %,d files, none twice".formatted(MOST_FILES));
                }
                var file = directory.resolve(name);
                Files.createDirectories(file.getParent());
                room -= copy(in, file, room);
            }
        } catch (ZipException | IllegalArgumentException e) {
            throw new Malformed("a result's archive is no whole zip: " + e.getMessage(), e);
        }
        if (names.isEmpty()) {
            throw new Malformed("a result's archive is empty, or no zip");
        }
    }

    private static long copy(InputStream in, Path file, long room) throws IOException {
        try (var out = Files.newOutputStream(file, StandardOpenOption.CREATE_NEW)) {
            var buffer = new byte[64 * 1024];
            long copied = 0;
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                copied += read;
                if (copied > room) {
                    throw new Malformed("a result holds at most %,d bytes unpacked".formatted(MOST_BYTES));
                }
                out.write(buffer, 0, read);
            }
            return copied;
        } catch (FileAlreadyExistsException | NotDirectoryException e) {
            throw new Malformed("a result's archive has a file and a directory of one name: " + file.getFileName(), e);
        }
    }

    /// All files below `directory`, relative to it, with `/`, in the order of their names as bytes.
    ///
    /// @throws Malformed if one is not a plain file, or has a name that [#check] refuses
    static List<String> files(Path directory) throws IOException {
        var files = new ArrayList<String>();
        Files.walkFileTree(directory, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                var name = directory.relativize(file).toString().replace('\\', '/');
                if (!attributes.isRegularFile()) {
                    throw new Malformed("a result holds plain files only, this is none: " + name);
                }
                check(name);
                files.add(name);
                return FileVisitResult.CONTINUE;
            }
        });
        files.sort(Comparator.comparing(name -> name.getBytes(UTF_8), Arrays::compareUnsigned));
        return files;
    }

    /// A name is a relative path that stays below its directory, and has no character that `sha256sum` would
    /// escape.
    private static void check(String name) {
        boolean plain = !name.isEmpty()
                && name.length() <= 1024
                && name.chars().noneMatch(c -> c < ' ' || c == '\\' || c == 127)
                && Arrays.stream(name.split("/", -1))
                        .noneMatch(part -> part.isEmpty() || part.equals(".") || part.equals(".."));
        if (!plain) {
            throw new Malformed("a result's file must have a relative path without .., \\ or control characters: "
                    + name.substring(0, Math.min(80, name.length())).replaceAll("\\p{Cntrl}", "?"));
        }
    }
}
