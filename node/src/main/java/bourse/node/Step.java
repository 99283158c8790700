package bourse.node;

/// How far a task is, for people. It only moves forward, but for a task that is reopened.
public enum Step {
    DEAL("waits for a worker"),
    ASSIGNED("assigned"),
    COMPUTING("computing"),
    CONTRIBUTED("contributed"),
    CONSENSUS("consensus"),
    REVEALED("revealed"),
    PAID("paid"),
    REFUNDED("refunded");

    private final String word;

    Step(String word) {
        this.word = word;
    }

    public boolean isLast() {
        return this == PAID || this == REFUNDED;
    }

    @Override
    public String toString() {
        return word;
    }
}
