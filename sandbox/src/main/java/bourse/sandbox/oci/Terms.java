package bourse.sandbox.oci;

import java.time.Duration;
import java.util.Optional;

/// What an operator grants each container, beside a job's [bourse.sandbox.Limits].
///
/// @param cores of processor time for each core that the job's limits name, such as 0.5
/// @param processes and threads, at least 1
/// @param network whether programs that ask for the network get it
/// @param pullTime for an image to come
/// @param imageBytes that an image may have, as the daemon counts them
/// @param cacheBytes of images to keep for later
/// @param runtime the name by which the daemon knows another runtime, such as `runsc` for gVisor
public record Terms(
        double cores,
        int processes,
        boolean network,
        Duration pullTime,
        long imageBytes,
        long cacheBytes,
        Optional<String> runtime) {
    /// A core, 256 processes, no network, 10 minutes for an image of 4 GiB, and 20 GiB of images.
    public static final Terms DEFAULT =
            new Terms(1, 256, false, Duration.ofMinutes(10), 4L << 30, 20L << 30, Optional.empty());

    public Terms {
        if (!(cores > 0) || processes < 1 || !pullTime.isPositive() || imageBytes < 1 || cacheBytes < 0) {
            throw new IllegalArgumentException(
                    "a container needs some of everything: %s cores, %d processes, %s, %d, %d"
                            .formatted(cores, processes, pullTime, imageBytes, cacheBytes));
        }
    }
}
