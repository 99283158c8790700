package bourse.market;

import bourse.protocol.Address;
import bourse.protocol.OrderRefused;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/// How fast people publish. Who comes in the place of many forgets nobody but those who came before the last
/// hundred thousand.
final class Pace {
    private static final int REMEMBERED = 100_000;

    private final int perMinute;
    private final Map<Address, Minute> minutes = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Address, Minute> eldest) {
            return size() > REMEMBERED;
        }
    };

    private record Minute(long number, int calls) {}

    Pace(int perMinute) {
        this.perMinute = perMinute;
    }

    /// @throws OrderRefused if he has to wait
    synchronized void step(Address caller, Instant now) {
        var number = now.getEpochSecond() / 60;
        var known = minutes.remove(caller);
        int calls = known != null && known.number() == number ? known.calls() + 1 : 1;
        minutes.put(caller, new Minute(number, calls));
        if (calls > perMinute) {
            throw new OrderRefused(
                    "order",
                    "%s has published %d orders in this minute, which is all it may; go on in the next"
                            .formatted(caller, perMinute));
        }
    }
}
