package bourse.node.simulation;

/// What a worker is like.
enum Nature {
    HONEST,
    /// Votes for a result of his own.
    LIAR,
    /// Votes for the lie on which he and his like have agreed.
    ACCOMPLICE,
    /// Stops in the middle of things, and may say for hours that he is at it.
    SLEEPER;

    boolean lies() {
        return this == LIAR || this == ACCOMPLICE;
    }
}
