package bourse.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
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
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
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
    /// @throws Malformed if it would be refused by [#unpack], or a file is a link
    public static void pack(Path directory, Path zip) throws IOException {
        var files = check(directory);
        try (var out = new ZipOutputStream(Files.newOutputStream(zip))) {
            for (var file : files) {
                var entry = new ZipEntry(file);
                entry.setTimeLocal(EPOCH);
                out.putNextEntry(entry);
                Files.copy(directory.resolve(file), out);
                out.closeEntry();
            }
        }
    }

    /// Whether [#pack] takes it.
    ///
    /// @return all files below `directory`
    /// @throws Malformed if it does not
    public static List<String> check(Path directory) throws IOException {
        var files = files(directory);
        long bytes = 0;
        for (var file : files) {
            bytes += Files.size(directory.resolve(file));
        }
        if (files.size() > MOST_FILES) {
            throw new Malformed("a result holds at most %,d files, this has %,d".formatted(MOST_FILES, files.size()));
        }
        if (bytes > MOST_BYTES) {
            throw new Malformed("a result holds at most %,d bytes, this has %,d".formatted(MOST_BYTES, bytes));
        }
        return files;
    }

    /// Unpacks `zip` into the existing, empty `directory`. The archive may be hostile.
    ///
    /// @throws Malformed if it is no zip, holds too much, or a name that would leave the directory
    public static void unpack(Path zip, Path directory) throws IOException {
        unpack(zip, directory, MOST_BYTES);
    }

    static void unpack(Path zip, Path directory, long most) throws IOException {
        long room = most;
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
                room -= copy(in, file, room, most);
            }
        } catch (ZipException | EOFException | IllegalArgumentException e) {
            throw new Malformed("a result's archive is no whole zip: " + e.getMessage(), e);
        }
        if (names.isEmpty()) {
            throw new Malformed("a result's archive is empty, or no zip");
        }
    }

    private static long copy(InputStream in, Path file, long room, long most) throws IOException {
        try (var out = create(file)) {
            var buffer = new byte[64 * 1024];
            long copied = 0;
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                copied += read;
                if (copied > room) {
                    throw new Malformed("a result holds at most %,d bytes unpacked".formatted(most));
                }
                out.write(buffer, 0, read);
            }
            return copied;
        }
    }

    private static OutputStream create(Path file) throws IOException {
        try {
            Files.createDirectories(file.getParent());
            return Files.newOutputStream(file, StandardOpenOption.CREATE_NEW);
        } catch (FileAlreadyExistsException e) {
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
                var name = StreamSupport.stream(directory.relativize(file).spliterator(), false)
                        .map(Path::toString)
                        .collect(Collectors.joining("/"));
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
