package bourse.wire;

import bourse.protocol.Away;
import bourse.protocol.Bytes32;
import bourse.protocol.Denied;
import bourse.protocol.Malformed;
import bourse.protocol.OrderRefused;
import java.net.URI;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;

/// A server's answer that is not the one that was asked for.
final class Rejected extends RuntimeException {
    private static final long serialVersionUID = 1;
    private final URI server;
    private final int status;
    private final transient JsonNode answer;

    Rejected(URI server, int status, byte[] body) {
        super("%s answered %d".formatted(server, status));
        this.server = server;
        this.status = status;
        this.answer = parse(body);
    }

    private static JsonNode parse(byte[] body) {
        try {
            return Json.read(body);
        } catch (JacksonException _) {
            return MissingNode.getInstance();
        }
    }

    Optional<Problem> problem() {
        return Problem.of(answer.path("type").asString("")).filter(problem -> problem.status() == status);
    }

    /// The server's own words.
    String detail() {
        var detail = answer.path("detail").asString("");
        return detail.isEmpty() ? String.valueOf(getMessage()) : detail.substring(0, Math.min(1000, detail.length()));
    }

    /// The run of the server that it told, if this is [Problem#STALE].
    Optional<Bytes32> epoch() {
        if (problem().filter(Problem.STALE::equals).isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(Bytes32.parse(answer.path("epoch").asString("")));
        } catch (Malformed _) {
            return Optional.empty();
        }
    }

    /// What it would have been, had the object been next to us.
    RuntimeException meaning() {
        if (problem().isEmpty() && status < 500 && status != 429) {
            return new Away(
                    "%s answered %d, as no server of a market does; check the URL".formatted(server, status), this);
        }
        if (problem().map(Problem::passes).orElse(true)) {
            return new Away("%s can not answer just now: %s".formatted(server, detail()), this);
        }
        if (problem().filter(Problem.ORDER_REFUSED::equals).isPresent()) {
            return new OrderRefused(answer.path("field").asString("order"), detail());
        }
        return switch (status) {
            case 401, 403 -> new Denied(detail());
            case 404 ->
                new Away(
                        "%s does not know this path; its version may be another: %s".formatted(server, detail()), this);
            default -> new Malformed(detail(), this);
        };
    }
}
