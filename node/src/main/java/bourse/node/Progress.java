package bourse.node;

/// Where a long command says how far it is.
public interface Progress {
    /// Something that has happened once.
    void say(String what);

    /// A task took a step.
    ///
    /// @param detail who or what, or empty
    void step(long index, Step step, String detail);

    /// Nothing more will come.
    void end();

    /// Says nothing.
    Progress SILENT = new Progress() {
        @Override
        public void say(String what) {}

        @Override
        public void step(long index, Step step, String detail) {}

        @Override
        public void end() {}
    };
}
