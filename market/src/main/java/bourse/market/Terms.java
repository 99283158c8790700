package bourse.market;

import bourse.protocol.Malformed;
import java.time.Duration;

/// What a book grants to strangers.
///
/// @param orders how many of one owner it holds, open or not
/// @param perMinute how many he may publish in a minute, taken or refused
/// @param listeners how many listen at a time
/// @param backlog how many changes a listener may be behind
/// @param keeps how long an order that is not open may come back: funded again, or by a block that did not stand
public record Terms(int orders, int perMinute, int listeners, int backlog, Duration keeps) {
    public static final Terms DEFAULT = new Terms(1000, 600, 256, 1000, Duration.ofDays(7));

    public Terms {
        if (orders < 1 || perMinute < 1 || listeners < 0 || backlog < 1 || !keeps.isPositive()) {
            throw new Malformed("a book holds at least one order of each owner, for some time");
        }
    }
}
