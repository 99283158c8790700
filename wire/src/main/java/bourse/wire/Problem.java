package bourse.wire;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/// What can be wrong with a call, or with the server: the `type` of a problem (RFC 9457). They are part of
/// the API.
enum Problem {
    MALFORMED(400, "What was sent is not what it says it is"),
    UNSIGNED(401, "The call is not signed, or for somebody else"),
    EXPIRED(401, "The call was signed too long ago"),
    EARLY(401, "The call comes from the future"),
    /// The server has a new run, and its name stands in `epoch`: sign again.
    STALE(401, "The call was signed for another run of the server"),
    REPLAYED(401, "The call was heard before"),
    DENIED(403, "The caller may not do this"),
    MISSING(404, "It is not here"),
    UNKNOWN_PATH(404, "There is no such path"),
    NO_LENGTH(411, "The call does not say how long it is"),
    TOO_LARGE(413, "It is too large"),
    /// Which of its fields is wrong stands in `field`.
    ORDER_REFUSED(422, "The order can not be taken"),
    HEAD_TOO_LARGE(431, "The head of the call is too large"),
    TOO_MANY(429, "Too many calls wait already"),
    BROKEN(500, "It failed inside"),
    BUSY(503, "The server can not take more just now"),
    CLOSING(503, "The server stops");

    private static final String PREFIX = "urn:bourse:problem:";

    private final int status;
    private final String title;

    Problem(int status, String title) {
        this.status = status;
        this.title = title;
    }

    int status() {
        return status;
    }

    String title() {
        return title;
    }

    String urn() {
        return PREFIX + name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /// Whether asking again later, with nothing changed, may help.
    boolean passes() {
        return this == TOO_MANY || this == REPLAYED || this == STALE || status >= 500;
    }

    static Optional<Problem> of(String urn) {
        return Arrays.stream(values())
                .filter(problem -> problem.urn().equals(urn))
                .findFirst();
    }

    /// The one for a status that the HTTP library chose.
    static Problem of(int status) {
        return switch (status) {
            case 404 -> UNKNOWN_PATH;
            case 411 -> NO_LENGTH;
            case 413 -> TOO_LARGE;
            case 414, 431 -> HEAD_TOO_LARGE;
            case 503 -> BUSY;
            default -> status >= 500 ? BROKEN : MALFORMED;
        };
    }
}
