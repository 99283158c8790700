package bourse.classad;

/// How much a hostile expression may take. What goes beyond ends as a [ClassAdException], and never as a full heap,
/// a full stack or a thread that does not return.
///
/// @param input longest text to parse, in bytes
/// @param parseDepth how many levels may lie around an expression; a parenthesis is three, as in HTCondor
/// @param height highest tree that parsing may build, such as `1 + 1 + 1 + …`
/// @param nodes most nodes in one parsed text, each attribute and element counted
/// @param depth how deep evaluation may recurse
/// @param steps most nodes evaluated in one call
/// @param bytes most bytes of strings and lists that one call makes
/// @param patternSteps most characters that matching regular expressions may look at in one call
public record Limits(
        int input, int parseDepth, int height, int nodes, int depth, long steps, long bytes, long patternSteps) {
    public static final Limits DEFAULT =
            new Limits(1 << 20, 500, 1_000, 100_000, 400, 10_000_000, 16 << 20, 10_000_000);

    public Limits {
        if (input < 0 || parseDepth < 1 || height < 1 || nodes < 1 || depth < 1 || steps < 1) {
            throw new IllegalArgumentException("A limit of nothing lets nothing through");
        }
        if (bytes < 0 || patternSteps < 0) {
            throw new IllegalArgumentException("A limit is not negative");
        }
    }
}
