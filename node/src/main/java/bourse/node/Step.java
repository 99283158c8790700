package bourse.node;

/// How far a task is, for people. It only moves forward, but for a task that is opened again.
public enum Step {
    DEAL(0, "waits for a worker"),
    /// One worker alone was believed, and drawn: others work on it now, as if it were new.
    AUDIT(0, "checked by others"),
    ASSIGNED(1, "assigned"),
    COMPUTING(2, "computing"),
    CONTRIBUTED(3, "contributed"),
    CONSENSUS(4, "consensus"),
    REVEALED(5, "revealed"),
    PAID(6, "paid"),
    REFUNDED(6, "refunded");

    /// How many steps there are before a task is done.
    public static final int LAST = 6;

    private final int number;
    private final String word;

    Step(int number, String word) {
        this.number = number;
        this.word = word;
    }

    /// How many steps it has taken, 0 to [#LAST].
    public int number() {
        return number;
    }

    public boolean isLast() {
        return number == LAST;
    }

    @Override
    public String toString() {
        return word;
    }
}
