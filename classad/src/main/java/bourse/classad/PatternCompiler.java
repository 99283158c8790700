package bourse.classad;

import bourse.classad.Pattern.Instruction;
import bourse.classad.Pattern.Place;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Turns the text of a regular expression into a [Pattern].
final class PatternCompiler {
    private static final int DEEPEST = 100;
    private static final int LARGEST = 20_000;
    private static final int MOST_REPEATS = 65_535;

    private final PatternText text;
    private final List<Instruction> program = new ArrayList<>();
    private final Map<String, Integer> names = new HashMap<>();
    private PatternOptions options;
    private int groups;
    private int registers;
    private int depth;
    private int highestReference;

    /// Why it is none is nobody's business: the language has one error.
    static final class NotAPattern extends Exception {
        private static final long serialVersionUID = 1;

        NotAPattern() {
            super("Not a regular expression", null, false, false);
        }
    }

    PatternCompiler(String pattern, String options) {
        this.text = new PatternText(pattern);
        this.options = PatternOptions.of(options);
    }

    Pattern compile() throws NotAPattern {
        // Loops come after the groups in the slots, and how many groups there are is known only at the end.
        alternatives();
        if (!text.atEnd() || highestReference > groups) {
            throw new NotAPattern();
        }
        emit(new Instruction.Done());
        int firstLoop = 2 * (groups + 1);
        var linked = program.stream()
                .map(instruction -> switch (instruction) {
                    case Instruction.Save(int slot) when slot < 0 -> new Instruction.Save(firstLoop - slot - 1);
                    case Instruction.Moved(int slot) -> new Instruction.Moved(firstLoop - slot - 1);
                    default -> instruction;
                })
                .toList();
        return new Pattern(linked, groups, registers);
    }

    private int emit(Instruction instruction) throws NotAPattern {
        if (program.size() >= LARGEST) {
            throw new NotAPattern();
        }
        program.add(instruction);
        return program.size() - 1;
    }

    private void alternatives() throws NotAPattern {
        if (++depth > DEEPEST) {
            throw new NotAPattern();
        }
        var outside = options;
        var jumps = new ArrayList<Integer>();
        while (true) {
            int start = program.size();
            sequence();
            if (!text.take('|')) {
                break;
            }
            insert(start, new Instruction.Split(start + 1, program.size() + 2));
            jumps.add(emit(new Instruction.Jump(0)));
        }
        for (int jump : jumps) {
            program.set(jump, new Instruction.Jump(program.size()));
        }
        options = outside;
        depth--;
    }

    /// Puts an instruction before what was compiled since `at`, whose targets move with it.
    private void insert(int at, Instruction instruction) throws NotAPattern {
        emit(new Instruction.Done());
        for (int i = program.size() - 1; i > at; i--) {
            program.set(i, moved(program.get(i - 1), 1));
        }
        program.set(at, instruction);
    }

    private static Instruction moved(Instruction instruction, int by) {
        return switch (instruction) {
            case Instruction.Split(int first, int second) -> new Instruction.Split(first + by, second + by);
            case Instruction.Jump(int to) -> new Instruction.Jump(to + by);
            case Instruction.Inner inner ->
                new Instruction.Inner(inner.then() + by, inner.back(), inner.stay(), inner.wanted());
            default -> instruction;
        };
    }

    private void sequence() throws NotAPattern {
        while (!text.atEnd() && text.peek() != '|' && text.peek() != ')') {
            if (options.extended() && text.skipsBlanksOrComment()) {
                continue;
            }
            int start = program.size();
            if (atom()) {
                quantified(start);
            }
        }
    }

    /// Whether a quantifier may follow.
    private boolean atom() throws NotAPattern {
        char c = text.next();
        switch (c) {
            case '(' -> {
                return group();
            }
            case '[' -> emit(new Instruction.OneOf(new PatternClass(text, options).read()));
            case '.' -> emit(new Instruction.OneOf(options.dot()));
            case '^' -> emit(new Instruction.At(options.multiline() ? Place.LINE_START : Place.START));
            case '$' -> emit(new Instruction.At(options.multiline() ? Place.LINE_END : Place.END_OR_NEWLINE));
            case '*', '+', '?' -> throw new NotAPattern();
            case '\\' -> {
                return escape();
            }
            default -> emit(new Instruction.OneOf(options.set(c)));
        }
        return true;
    }

    private boolean escape() throws NotAPattern {
        char c = text.next();
        switch (c) {
            case 'b' -> emit(new Instruction.At(Place.BOUNDARY));
            case 'B' -> emit(new Instruction.At(Place.NO_BOUNDARY));
            case 'A' -> emit(new Instruction.At(Place.START));
            case 'Z' -> emit(new Instruction.At(Place.END_OR_NEWLINE));
            case 'z' -> emit(new Instruction.At(Place.END));
            case 'G' -> emit(new Instruction.At(Place.FROM));
            case 'R' -> {
                emit(new Instruction.Split(program.size() + 1, program.size() + 4));
                emit(new Instruction.OneOf(PatternClass.one('\r')));
                emit(new Instruction.OneOf(PatternClass.one('\n')));
                emit(new Instruction.Jump(program.size() + 2));
                emit(new Instruction.OneOf(PatternClass.VERTICAL));
            }
            case 'Q' -> {
                var literal = text.until("\\E");
                for (int i = 0; i + 1 < literal.length(); i++) {
                    emit(new Instruction.OneOf(options.set(literal.charAt(i))));
                }
                if (literal.isEmpty()) {
                    return false;
                }
                int start = program.size();
                emit(new Instruction.OneOf(options.set(literal.charAt(literal.length() - 1))));
                quantified(start);
                return false;
            }
            case 'E' -> {
                return false;
            }
            case 'k' -> {
                char open = text.next();
                var name = text.until(open == '<' ? ">" : open == '{' ? "}" : "'");
                var group = names.get(name);
                if (group == null) {
                    throw new NotAPattern();
                }
                emit(new Instruction.Again(group, options.ignoreCase()));
            }
            case 'g' -> reference(text.take('{') ? text.until("}") : text.digits());
            case '1', '2', '3', '4', '5', '6', '7', '8', '9' -> {
                text.unread();
                var digits = text.digits();
                if (digits.length() > 1 && Numbers.integerOrZero(digits) > groups) {
                    text.back(digits.length());
                    emit(new Instruction.OneOf(options.set(text.octal())));
                } else {
                    reference(digits);
                }
            }
            default -> {
                text.unread();
                emit(new Instruction.OneOf(new PatternClass(text, options).escaped(false)));
            }
        }
        return true;
    }

    private void reference(String number) throws NotAPattern {
        boolean relative = number.startsWith("-");
        long group = Numbers.integerOrZero(relative ? number.substring(1) : number);
        long absolute = relative ? groups + 1 - group : group;
        if (group == 0 || absolute < 1 || absolute > LARGEST) {
            throw new NotAPattern();
        }
        highestReference = Math.max(highestReference, (int) absolute);
        emit(new Instruction.Again((int) absolute, options.ignoreCase()));
    }

    private boolean group() throws NotAPattern {
        if (!text.take('?')) {
            if (!text.atEnd() && text.peek() == '*') {
                throw new NotAPattern();
            }
            capture();
            return true;
        }
        char kind = text.next();
        switch (kind) {
            case ':' -> close();
            case '>' -> inner(false, true);
            case '=' -> inner(true, true);
            case '!' -> inner(true, false);
            case '#' -> {
                text.until(")");
                return false;
            }
            case 'P', '<', '\'' -> {
                if (kind == '<' && (text.take('=') || text.take('!'))) {
                    behind(text.last() == '=');
                } else {
                    if (kind == 'P' && !text.take('<')) {
                        throw new NotAPattern();
                    }
                    var name = text.until(kind == '\'' ? "'" : ">");
                    if (name.isEmpty() || names.putIfAbsent(name, groups + 1) != null) {
                        throw new NotAPattern();
                    }
                    capture();
                }
            }
            default -> {
                text.unread();
                return inlineOptions();
            }
        }
        return true;
    }

    /// `(?i)` holds to the end of the group around it, `(?i:…)` inside.
    private boolean inlineOptions() throws NotAPattern {
        var before = options;
        boolean on = true;
        while (true) {
            char c = text.next();
            if (c == ')') {
                return false;
            } else if (c == ':') {
                close();
                options = before;
                return true;
            } else if (c == '-' && on) {
                on = false;
            } else {
                options = options.with(c, on);
            }
        }
    }

    private void capture() throws NotAPattern {
        int group = ++groups;
        emit(new Instruction.Save(2 * group));
        close();
        emit(new Instruction.Save(2 * group + 1));
    }

    private void close() throws NotAPattern {
        alternatives();
        if (!text.take(')')) {
            throw new NotAPattern();
        }
    }

    private void inner(boolean stay, boolean wanted) throws NotAPattern {
        int start = emit(new Instruction.Done());
        close();
        emit(new Instruction.Done());
        program.set(start, new Instruction.Inner(program.size(), 0, stay, wanted));
    }

    /// Each alternative has to have one length, which is known once it is compiled.
    private void behind(boolean wanted) throws NotAPattern {
        if (++depth > DEEPEST) {
            throw new NotAPattern();
        }
        var outside = options;
        var jumps = new ArrayList<Integer>();
        while (true) {
            int start = emit(new Instruction.Done());
            sequence();
            emit(new Instruction.Done());
            program.set(
                    start, new Instruction.Inner(program.size(), PatternLength.of(program, start + 1), true, wanted));
            if (!text.take('|')) {
                break;
            } else if (wanted) {
                insert(start, new Instruction.Split(start + 1, program.size() + 2));
                jumps.add(emit(new Instruction.Jump(0)));
            }
        }
        for (int jump : jumps) {
            program.set(jump, new Instruction.Jump(program.size()));
        }
        options = outside;
        depth--;
        if (!text.take(')')) {
            throw new NotAPattern();
        }
    }

    private void quantified(int start) throws NotAPattern {
        if (options.extended()) {
            while (text.skipsBlanksOrComment()) {}
        }
        var repeat = text.repeat(MOST_REPEATS);
        if (repeat.isEmpty()) {
            return;
        }
        int least = repeat.get().least();
        int most = repeat.get().most();
        boolean lazy = text.take('?');
        boolean possessive = !lazy && text.take('+');
        var body = List.copyOf(program.subList(start, program.size()));
        program.subList(start, program.size()).clear();
        int opening = possessive ? emit(new Instruction.Done()) : -1;
        for (int i = 0; i < least; i++) {
            copy(body, start);
        }
        if (most == Integer.MAX_VALUE) {
            loop(body, start, lazy);
        } else {
            optional(body, start, most - least, lazy);
        }
        if (possessive) {
            emit(new Instruction.Done());
            program.set(opening, new Instruction.Inner(program.size(), 0, false, true));
        }
    }

    private void copy(List<Instruction> body, int from) throws NotAPattern {
        int by = program.size() - from;
        for (var instruction : body) {
            emit(moved(instruction, by));
        }
    }

    private void loop(List<Instruction> body, int from, boolean lazy) throws NotAPattern {
        int register = - ++registers;
        int split = emit(new Instruction.Done());
        emit(new Instruction.Save(register));
        copy(body, from);
        emit(new Instruction.Moved(register));
        emit(new Instruction.Jump(split));
        program.set(split, split(split + 1, program.size(), lazy));
    }

    private void optional(List<Instruction> body, int from, int times, boolean lazy) throws NotAPattern {
        var splits = new ArrayList<Integer>();
        for (int i = 0; i < times; i++) {
            splits.add(emit(new Instruction.Done()));
            copy(body, from);
        }
        for (int split : splits) {
            program.set(split, split(split + 1, program.size(), lazy));
        }
    }

    private static Instruction split(int into, int past, boolean lazy) {
        return lazy ? new Instruction.Split(past, into) : new Instruction.Split(into, past);
    }
}
