package bourse.protocol;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/// What a program answered, read from the directory it left behind: its `/iexec_out`, with [#STDOUT] and [#STDERR]
/// added.
///
/// The program says in `computed.json` what its answer is, by iExec's app contract:
///
/// - `{"deterministic-output-path": "/iexec_out/x"}`, a file: the digest is the SHA-256 of its bytes, as iExec
///   has it;
/// - the same for a directory: the SHA-256 of what `sha256sum` prints for all files below it, in the order of
///   their names as bytes, each name relative to the directory. So it sees every file at any depth, and a
///   renamed file too;
/// - `{"callback-data": "0x…"}`: the Keccak-256 of those bytes, which the chain checks before it calls back;
/// - no `computed.json`: its standard output is its answer, as a file.
///
/// A program that fails has no answer. Then the directory is made by the worker: it holds [#ERROR], which is
/// a [Failure] and all that the digest is made of, and beside it nothing but what the program printed. A
/// program can not make one, for its files are not taken if one of them is called like those three.
///
/// @param digest what workers vote on
/// @param callbackData what the deal's callback is told; empty where the answer is a file
/// @param failed why there is no answer
public record Result(Digest digest, Bytes callbackData, Optional<Failure> failed) {
    public static final String COMPUTED = "computed.json";
    public static final String STDOUT = "stdout.txt";
    public static final String STDERR = "stderr.txt";
    public static final String ERROR = "error.json";
    /// What a program must not call its own files, below `/iexec_out`.
    public static final List<String> RESERVED = List.of(STDOUT, STDERR, ERROR);
    private static final String OUT = "/iexec_out";
    private static final long LARGEST_COMPUTED = 1024 * 1024;
    private static final long LARGEST_ERROR = 1024;
    private static final JsonMapper JSON = new JsonMapper();

    /// An answer.
    public Result(Digest digest, Bytes callbackData) {
        this(digest, callbackData, Optional.empty());
    }

    /// No answer, and why.
    public Result(Failure failure) {
        this(failure.digest(), Bytes.EMPTY, Optional.of(failure));
    }

    /// @param out the directory; nothing in it is trusted
    /// @throws Malformed if `computed.json` or `error.json` is not as above, or names what is not there
    public static Result read(Path out) throws IOException {
        if (Files.exists(out.resolve(ERROR), LinkOption.NOFOLLOW_LINKS)) {
            return new Result(failure(out));
        }
        var computed = out.resolve(COMPUTED);
        if (!Files.exists(computed, LinkOption.NOFOLLOW_LINKS)) {
            return new Result(new Digest(sha256(out.resolve(STDOUT))), Bytes.EMPTY);
        }
        if (!isFile(computed) || Files.size(computed) > LARGEST_COMPUTED) {
            throw new Malformed("computed.json is not a file of at most 1 MiB");
        }
        try {
            var json = JSON.readTree(Files.readString(computed));
            var path = json.path("deterministic-output-path");
            var data = json.path("callback-data");
            if (path.isString() == data.isString()) {
                throw new Malformed("computed.json takes either a deterministic-output-path or callback-data, as text");
            }
            if (data.isString()) {
                var bytes = Bytes.parse(data.asString());
                return new Result(new Digest(Keccak.of(bytes.bytes())), bytes);
            }
            return new Result(digestOf(resolve(out, path.asString())), Bytes.EMPTY);
        } catch (JacksonException e) {
            throw new Malformed("computed.json is not JSON: " + e.getOriginalMessage(), e);
        } catch (CharacterCodingException e) {
            throw new Malformed("computed.json is not UTF-8", e);
        }
    }

    private static Failure failure(Path out) throws IOException {
        var error = out.resolve(ERROR);
        if (!isFile(error) || Files.size(error) > LARGEST_ERROR) {
            throw new Malformed("error.json is not a file of at most 1 KiB");
        }
        if (!RESERVED.containsAll(ResultArchive.files(out))) {
            throw new Malformed("where a program failed, there is nothing but error.json and what it printed");
        }
        try {
            return Failure.parse(Files.readString(error));
        } catch (CharacterCodingException e) {
            throw new Malformed("error.json is not UTF-8", e);
        }
    }

    /// The file or directory that `path`, as the program sees it, names below `out`. Links are not followed.
    private static Path resolve(Path out, String path) {
        if (path.indexOf('\0') >= 0 || !path.startsWith(OUT + "/")) {
            throw new Malformed("deterministic-output-path must begin with /iexec_out/");
        }
        var current = out;
        for (var name : path.substring(OUT.length() + 1).split("/", -1)) {
            if (name.isEmpty() || name.equals(".")) {
                continue;
            }
            current = current.resolve(name);
            if (name.equals("..") || Files.isSymbolicLink(current)) {
                throw new Malformed("deterministic-output-path must not leave /iexec_out");
            }
        }
        if (current.equals(out)) {
            throw new Malformed("deterministic-output-path must name something below /iexec_out, for computed.json,"
                    + " stdout.txt and stderr.txt are no part of the answer");
        }
        return current;
    }

    private static Digest digestOf(Path path) throws IOException {
        if (isFile(path)) {
            return new Digest(sha256(path));
        }
        if (!Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
            throw new Malformed(
                    "deterministic-output-path names what the program did not write: " + path.getFileName());
        }
        var list = Sha256.digest(); // of the lines that sha256sum prints
        var files = ResultArchive.files(path);
        if (files.isEmpty()) {
            throw new Malformed("deterministic-output-path names an empty directory");
        }
        for (var file : files) {
            var line = sha256(path.resolve(file)).hex() + "  " + file + "\n";
            list.update(line.getBytes(StandardCharsets.UTF_8));
        }
        return new Digest(Bytes32.of(list.digest()));
    }

    private static boolean isFile(Path path) {
        return Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS);
    }

    private static Bytes32 sha256(Path file) throws IOException {
        if (!isFile(file)) {
            throw new Malformed("the answer is not there: " + file.getFileName());
        }
        return Sha256.of(file);
    }
}
