package bourse.node;

import bourse.protocol.Address;
import bourse.protocol.Time;
import bourse.wire.PoolInfoClient;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Where workerpools are reached. Each scheduler that an operator names is asked which pool it leads, until it has
/// answered: a URL is one pool's for good. Who looks here waits for nobody.
final class Directions implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Directions.class);
    private static final Duration AGAIN = Duration.ofSeconds(2);

    private final Map<Address, URI> known = new ConcurrentHashMap<>();
    private final Optional<Path> authority;
    private final Thread asking;

    /// @param authority that vouches for them, as a PEM file
    Directions(List<URI> schedulers, Optional<Path> authority) {
        this.authority = authority;
        asking = Thread.ofVirtual().name("directions").start(() -> askUntilAllAreKnown(schedulers));
    }

    Optional<URI> to(Address workerpool) {
        return Optional.ofNullable(known.get(workerpool));
    }

    private void askUntilAllAreKnown(List<URI> schedulers) {
        try {
            for (var silent = ask(schedulers); !silent.isEmpty(); silent = ask(silent)) {
                Time.SYSTEM.sleep(AGAIN);
            }
        } catch (InterruptedException _) {
            // closed
        }
    }

    /// @return those that did not answer
    private List<URI> ask(List<URI> schedulers) throws InterruptedException {
        var silent = new ArrayList<URI>();
        for (var scheduler : schedulers) {
            try (var pool = new PoolInfoClient(scheduler, authority)) {
                known.putIfAbsent(pool.workerpool(), scheduler);
            } catch (RuntimeException e) {
                LOG.debug("{} does not tell yet which pool it leads: {}", scheduler, e.toString());
                silent.add(scheduler);
            }
        }
        return silent;
    }

    @Override
    public void close() {
        asking.interrupt();
    }
}
