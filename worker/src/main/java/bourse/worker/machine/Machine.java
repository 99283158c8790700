package bourse.worker.machine;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One machine, its owner's rules, and what they allow: the same for all workers that share it.
public final class Machine {
    private static final Logger LOG = LoggerFactory.getLogger(Machine.class);

    private final Rules rules;
    private final Gauge gauge;
    private final Hardware hardware;
    private int running;
    private Standing standing = Standing.NEW;

    public Machine(Rules rules, Gauge gauge, Hardware hardware) {
        this.rules = rules;
        this.gauge = gauge;
        this.hardware = hardware;
    }

    /// Of which no more is known than Java tells.
    public Machine(Rules rules, Gauge gauge) {
        this(rules, gauge, Hardware.unmeasured());
    }

    public Hardware hardware() {
        return hardware;
    }

    /// For one more worker.
    public Share share() {
        return new Share();
    }

    /// One worker's part in it.
    public final class Share {
        private int mine;

        private Share() {}

        /// Measures, and decides for all who share the machine.
        ///
        /// @param programs of this worker that run now; what its neighbours' do is not done by others either
        public Standing look(int programs, Lent lent) {
            synchronized (Machine.this) {
                running += programs - mine;
                mine = programs;
                var now = gauge.read(running);
                var unmeasured = rules.unmeasured(now);
                if (standing.equals(Standing.NEW) && !unmeasured.isEmpty()) {
                    LOG.warn(
                            "this machine does not tell its {}: rules about it are not applied",
                            String.join(", ", unmeasured));
                }
                var next = rules.next(standing, now, lent);
                if (!next.permit().getClass().equals(standing.permit().getClass())) {
                    LOG.info("this machine, by its owner's rules: {}", next.permit());
                }
                standing = next;
                return next;
            }
        }
    }
}
