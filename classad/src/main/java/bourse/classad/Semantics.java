package bourse.classad;

/// What a name means that an ad does not have.
public enum Semantics {
    /// Undefined: the other ad of a match is reached by `TARGET` alone.
    NEW,
    /// What every HTCondor daemon and tool goes by: the name is looked up in the other ad of the match. Also `MY`
    /// works in a lone ad, `CurrentTime` is the time, `;` may part arguments, and a number has no leading zeros.
    OLD
}
