package bourse.worker.machine;

/// What a machine may do now.
public sealed interface Permit {
    /// It works.
    ///
    /// @param cores how many it lends, at least 1
    /// @param slots for how many tasks at once. With 0 it begins no other, and goes on with what it is at
    record Work(int cores, int slots) implements Permit {}

    /// It asks for nothing, and what runs stands still.
    ///
    /// @param why a sentence, such as "somebody uses this machine"
    record Pause(String why) implements Permit {}

    /// It gives up what it is at.
    record Leave(String why) implements Permit {}
}
