package bourse.sandbox;

/// What stands between a program that broke out of the engine and this machine.
public enum Isolation {
    /// A process of its own in bubblewrap: no network, no files but the JDK and its input, no other process in
    /// sight.
    BUBBLEWRAP("bubblewrap: a process without network, files or privileges"),
    /// A container: no network, no privileges, no files but its image and its input. It shares this machine's
    /// kernel.
    CONTAINER("containers: without network or privileges, on this machine's kernel"),
    /// A process of its own, with this user's rights: it shares no memory and no secrets, but all else.
    PROCESS("a plain process: install bubblewrap, so that a program that breaks out finds nothing");

    private final String description;

    Isolation(String description) {
        this.description = description;
    }

    /// A few words for the operator.
    public String description() {
        return description;
    }
}
