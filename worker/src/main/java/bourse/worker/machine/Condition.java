package bourse.worker.machine;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;

/// What was measured of a machine at one moment. What is empty can not be measured here, and no rule about it
/// holds.
///
/// @param cores that the machine has
/// @param load how many threads of others want to run: the average of a minute, without the programs of
///     workers
/// @param battery how full it is, 0 to 100 percent
/// @param onMains whether it is plugged in
/// @param userIdle how long nobody has used keyboard, mouse or a terminal
/// @param memory of the machine, in bytes
/// @param freeMemory what could be had without swapping, in bytes
public record Condition(
        Instant time,
        int cores,
        OptionalDouble load,
        OptionalInt battery,
        Optional<Boolean> onMains,
        Optional<Duration> userIdle,
        OptionalLong memory,
        OptionalLong freeMemory) {}
