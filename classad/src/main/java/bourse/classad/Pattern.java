package bourse.classad;

import java.util.BitSet;
import java.util.List;
import java.util.Optional;

/// A regular expression, as a program for [Matcher].
///
/// Why not `java.util.regex`: it recurses, and backtracks without end; a pattern here comes from anybody. This one
/// keeps its way back on the heap and counts its steps.
///
/// It knows what PCRE2 patterns are made of: characters and classes (`[…]`, POSIX names, `\d \w \s \h \v \R \N` and
/// their opposites), groups (plain, named, `(?:…)`, atomic, with options), alternatives, greedy, lazy and possessive
/// quantifiers, anchors and boundaries, lookahead, lookbehind of fixed length, references to groups, `\Q…\E`, comments.
/// It does not know recursion, conditions, callouts, verbs, `\K`, `\X` and Unicode properties: they are errors.
/// Text is bytes.
///
/// @param program the instructions; the last one matches
/// @param groups how many groups, not counting the whole
record Pattern(List<Instruction> program, int groups, int registers) {
    /// What to do next: a character or a place to check, and where to go on.
    sealed interface Instruction {
        /// One byte of this set.
        record OneOf(BitSet set) implements Instruction {}

        /// Try `first`, and on the way back `second`.
        record Split(int first, int second) implements Instruction {}

        record Jump(int to) implements Instruction {}

        /// Remember the place: two slots for each group, then one for each loop.
        record Save(int slot) implements Instruction {}

        /// Goes on only if the place has moved since it was saved.
        record Moved(int slot) implements Instruction {}

        record At(Place place) implements Instruction {}

        /// What a group found, once more.
        record Again(int group, boolean ignoreCase) implements Instruction {}

        /// Runs the program after it up to [Done]. Without a way back into it: on success goes to `then`.
        ///
        /// @param back by how many bytes to step back first
        /// @param stay whether the place is as before afterwards
        /// @param wanted whether it has to match, or must not
        record Inner(int then, int back, boolean stay, boolean wanted) implements Instruction {}

        record Done() implements Instruction {}
    }

    enum Place {
        START,
        LINE_START,
        END,
        END_OR_NEWLINE,
        LINE_END,
        BOUNDARY,
        NO_BOUNDARY,
        FROM
    }

    /// @param options `i` ignores case, `m` lets `^` and `$` find lines, `s` lets `.` find newlines, `x` passes over
    ///     blanks in the pattern; others mean nothing here
    /// @return empty if it is no pattern, or too large a one
    static Optional<Pattern> compile(String pattern, String options) {
        try {
            return Optional.of(new PatternCompiler(pattern, options).compile());
        } catch (PatternCompiler.NotAPattern e) {
            return Optional.empty();
        }
    }
}
