package bourse.classad;

import bourse.classad.Pattern.Instruction;
import bourse.classad.PatternCompiler.NotAPattern;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// How many bytes a part of a program takes, if it always takes as many.
final class PatternLength {
    private final List<Instruction> program;
    private final Map<Integer, Integer> known = new HashMap<>();

    private PatternLength(List<Instruction> program) {
        this.program = program;
    }

    /// @throws NotAPattern if the length varies
    static int of(List<Instruction> program, int from) throws NotAPattern {
        return new PatternLength(program).from(from);
    }

    /// Programs are bounded in size, but not what lies on one way: that is why ways are walked, not recursed into.
    private int from(int start) throws NotAPattern {
        var length = known.get(start);
        if (length != null) {
            return length;
        }
        int passed = 0;
        int pc = start;
        while (true) {
            switch (program.get(pc)) {
                case Instruction.Done _ -> {
                    known.put(start, passed);
                    return passed;
                }
                case Instruction.OneOf _ -> {
                    passed++;
                    pc++;
                }
                case Instruction.Save _, Instruction.At _ -> pc++;
                case Instruction.Jump(int to) -> pc = forward(pc, to);
                case Instruction.Inner inner -> {
                    if (!inner.stay()) {
                        throw new NotAPattern();
                    }
                    pc = inner.then();
                }
                case Instruction.Split(int first, int second) -> {
                    int one = from(forward(pc, first));
                    if (one != from(forward(pc, second))) {
                        throw new NotAPattern();
                    }
                    known.put(start, passed + one);
                    return passed + one;
                }
                case Instruction.Moved _, Instruction.Again _ -> throw new NotAPattern();
            }
        }
    }

    private static int forward(int from, int to) throws NotAPattern {
        if (to <= from) {
            throw new NotAPattern();
        }
        return to;
    }
}
