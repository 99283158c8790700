package bourse.worker;

/// Which http(s) addresses a worker gets input files from. A URL is a stranger's wish: it may point into the
/// network that the worker stands in.
public enum Reach {
    /// None at all: input files come from storage alone.
    NONE,
    /// Those that anyone on the internet could get.
    PUBLIC,
    /// Any, private ones too: for a pool whose requesters are trusted with this network.
    ANY
}
