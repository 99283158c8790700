package bourse.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.OptionalLong;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/// Why a program has no answer, in words that every honest worker finds alike: they vote on it in the
/// answer's place.
///
/// Its only form is `{"cause":"EXIT_CODE","status":3}`, without spaces, or `{"cause":"TRAP"}` where there is
/// no status.
///
/// @param status what the program ended with, 1 to 2^32 - 1: there for [Cause#EXIT_CODE] alone
@JsonInclude(JsonInclude.Include.NON_ABSENT)
public record Failure(Cause cause, OptionalLong status) {
    private static final JsonMapper JSON = new JsonMapper();

    /// Names are for ever: they are hashed. What depends on the machine has none.
    public enum Cause {
        DEAL_UNUSABLE("could not be run: the deal asks for what nobody can do"),
        NOT_WASM("is no valid WebAssembly module"),
        IMPORT_NOT_OFFERED("imports what is not offered"),
        FEATURE_NOT_OFFERED("needs a part of WebAssembly that is not offered"),
        TOO_COMPLEX("is too large or nested too deeply"),
        IMAGE_NOT_PINNED("is an image that is not named by the digest that its owner registered"),
        IMAGE_NOT_USABLE("is an image without a command that can be started"),
        EXIT_CODE("ended with exit status"),
        TRAP("trapped"),
        OUT_OF_FUEL("executed more instructions than its category allows"),
        OUT_OF_MEMORY("asked for more memory than it may use"),
        CALL_DEPTH("called too deeply"),
        OUTPUT_TOO_LARGE("wrote more than it may"),
        TOO_MANY_FILES("made more files than it may"),
        OUTPUT_NOT_PLAIN("left something that is neither a file nor a directory"),
        NO_RESULT("ended well, but left no result that can be read");

        private final String words;

        Cause(String words) {
            this.words = words;
        }
    }

    /// @throws Malformed if there is a status where none belongs, or none where one does
    public Failure {
        boolean fits = cause == Cause.EXIT_CODE
                ? status.isPresent() && status.getAsLong() > 0 && status.getAsLong() >> 32 == 0
                : status.isEmpty();
        if (!fits) {
            throw new Malformed("a failure has an exit status of 1 to 2^32 - 1 if EXIT_CODE is its cause, else none");
        }
    }

    /// A failure without an exit status.
    public Failure(Cause cause) {
        this(cause, OptionalLong.empty());
    }

    /// @throws Malformed if it is anything but what [#json] makes
    public static Failure parse(String json) {
        try {
            var tree = JSON.readTree(json);
            var status = tree.path("status").isIntegralNumber()
                            && tree.path("status").canConvertToLong()
                    ? OptionalLong.of(tree.path("status").asLong())
                    : OptionalLong.empty();
            var failure = new Failure(Cause.valueOf(tree.path("cause").asString("")), status);
            if (failure.json().equals(json)) {
                return failure;
            }
        } catch (JacksonException | IllegalArgumentException _) {
            // as below
        }
        throw new Malformed(
                "a failure is told as {\"cause\":\"TRAP\"} or {\"cause\":\"EXIT_CODE\",\"status\":3}, without"
                        + " spaces, and with a cause that is known");
    }

    public String json() {
        return "{\"cause\":\"%s\"%s}".formatted(cause, status.isPresent() ? ",\"status\":" + status.getAsLong() : "");
    }

    /// What workers vote on: the SHA-512/256 of [#json].
    ///
    /// No answer is hashed by that. A program chooses the bytes of its answer, whose digest is a SHA-256 or a
    /// Keccak-256; were this one of them, a program could answer with the very bytes that make an error's
    /// digest.
    public Digest digest() {
        try {
            var sha = MessageDigest.getInstance("SHA-512/256");
            return new Digest(Bytes32.of(sha.digest(json().getBytes(UTF_8))));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("Java has SHA-512/256 since version 9", e);
        }
    }

    /// For people: "the program ended with exit status 3".
    @Override
    public String toString() {
        return "the program " + cause.words + (status.isPresent() ? " " + status.getAsLong() : "");
    }
}
