package bourse.protocol;

import java.time.Duration;

/// How long a task may run.
///
/// All deadlines are multiples of the reference time, and count from the deal's start: contributions until 7×,
/// the reveal window is 2× from consensus, and after 10× the task can be claimed back.
///
/// @param id its number on chain, from 0
/// @param reference the time one try at a task may take
public record Category(long id, String name, String description, Duration reference) {
    public static final int CONTRIBUTION_RATIO = 7;
    public static final int REVEAL_RATIO = 2;
    public static final int FINAL_RATIO = 10;
}
