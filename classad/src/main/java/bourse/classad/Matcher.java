package bourse.classad;

import java.util.Arrays;

/// Runs the program of a [Pattern] over texts, with a way back that is kept on the heap.
final class Matcher {
    private static final int LONGEST_WAY_BACK = 1 << 20;

    private final Pattern pattern;
    private final Pattern.Instruction[] program;
    private final int[] slots;
    /// Triples: where to go on, at which place, and -1; or a slot, what it was, and -2.
    private int[] back = new int[192];
    private int top;
    private long steps;
    private String text = "";
    private int from;

    Matcher(Pattern pattern, long steps) {
        this.pattern = pattern;
        this.program = pattern.program().toArray(Pattern.Instruction[]::new);
        this.slots = new int[2 * (pattern.groups() + 1) + pattern.registers()];
        this.steps = steps;
    }

    /// Less than nothing if it gave up.
    long stepsLeft() {
        return steps;
    }

    /// The first match from a place on.
    boolean find(String text, int from) {
        for (int start = from; start <= text.length() && steps >= 0; start++) {
            if (matches(text, from, start) >= 0) {
                return true;
            }
        }
        return false;
    }

    /// A match at a place that is not empty.
    boolean matchesSomethingAt(String text, int at) {
        // Found by asking for more ways until one of them is not empty.
        int end = matches(text, at, at);
        while (end == at) {
            end = goBack() ? resume(0) : -1;
        }
        return end >= 0;
    }

    int start() {
        return slots[0];
    }

    int end() {
        return slots[1];
    }

    /// -1 if the group found nothing.
    int start(int group) {
        return slots[2 * group + 1] < 0 ? -1 : slots[2 * group];
    }

    int end(int group) {
        return slots[2 * group + 1];
    }

    int lastGroup() {
        int group = pattern.groups();
        while (group > 0 && start(group) < 0) {
            group--;
        }
        return group;
    }

    private int pc;
    private int place;

    private int matches(String text, int from, int start) {
        this.text = text;
        this.from = from;
        Arrays.fill(slots, -1);
        slots[0] = start;
        top = 0;
        pc = 0;
        place = start;
        int end = resume(0);
        return end;
    }

    /// Runs until a [Pattern.Instruction.Done], with no way back below `floor`.
    private int resume(int floor) {
        while (true) {
            if (--steps < 0) {
                return -1;
            }
            boolean done = false;
            boolean on = switch (program[pc]) {
                case Pattern.Instruction.OneOf(var set) -> {
                    boolean fits = place < text.length() && set.get(text.charAt(place));
                    place++;
                    pc++;
                    yield fits;
                }
                case Pattern.Instruction.Split(int first, int second) -> {
                    pc = first;
                    yield push(second, place, -1);
                }
                case Pattern.Instruction.Jump(int to) -> {
                    pc = to;
                    yield true;
                }
                case Pattern.Instruction.Save(int slot) -> {
                    boolean kept = push(slot, slots[slot], -2);
                    slots[slot] = place;
                    pc++;
                    yield kept;
                }
                case Pattern.Instruction.Moved(int slot) -> {
                    pc++;
                    yield slots[slot] != place;
                }
                case Pattern.Instruction.At(var where) -> {
                    pc++;
                    yield isAt(where);
                }
                case Pattern.Instruction.Again(int group, boolean ignoreCase) -> {
                    pc++;
                    yield again(group, ignoreCase);
                }
                case Pattern.Instruction.Inner inner -> inner(inner);
                case Pattern.Instruction.Done _ -> {
                    slots[1] = floor == 0 ? place : slots[1];
                    done = true;
                    yield true;
                }
            };
            if (done) {
                return place;
            } else if (!on && !goBack(floor)) {
                return -1;
            }
        }
    }

    private boolean inner(Pattern.Instruction.Inner inner) {
        int start = place;
        int floor = top;
        // A floor of 0 would be taken for the whole.
        push(0, 0, -3);
        place = start - inner.back();
        pc++;
        boolean found = place >= 0 && resume(top) >= 0;
        if (found && inner.wanted()) {
            keepSlots(floor);
        } else {
            while (top > floor) {
                undo();
            }
        }
        place = found && !inner.stay() ? place : start;
        pc = inner.then();
        return steps >= 0 && found == inner.wanted();
    }

    /// Forgets the ways back above a floor, but not what slots were: an outer way back has to restore them.
    private void keepSlots(int floor) {
        int to = floor;
        for (int i = floor; i < top; i += 3) {
            if (back[i + 2] == -2) {
                System.arraycopy(back, i, back, to, 3);
                to += 3;
            }
        }
        top = to;
    }

    private boolean goBack() {
        return goBack(0);
    }

    private boolean goBack(int floor) {
        while (top > floor) {
            boolean way = back[top - 1] == -1;
            if (way) {
                top -= 3;
                pc = back[top];
                place = back[top + 1];
                return true;
            }
            undo();
        }
        return false;
    }

    private void undo() {
        top -= 3;
        if (back[top + 2] == -2) {
            slots[back[top]] = back[top + 1];
        }
    }

    private boolean push(int a, int b, int kind) {
        if (top + 3 > back.length) {
            if (back.length > LONGEST_WAY_BACK) {
                steps = -1;
                return false;
            }
            back = Arrays.copyOf(back, 2 * back.length);
        }
        back[top] = a;
        back[top + 1] = b;
        back[top + 2] = kind;
        top += 3;
        return true;
    }

    private boolean again(int group, boolean ignoreCase) {
        int start = start(group);
        if (start < 0) {
            return false;
        }
        int length = end(group) - start;
        steps -= length;
        if (place + length > text.length()) {
            return false;
        }
        var found = text.substring(start, start + length);
        var here = text.substring(place, place + length);
        place += length;
        return ignoreCase ? Bytes.equalIgnoringCase(found, here) : found.equals(here);
    }

    private boolean isAt(Pattern.Place where) {
        return switch (where) {
            case START -> place == 0;
            case LINE_START -> place == 0 || (place < text.length() && text.charAt(place - 1) == '\n');
            case END -> place == text.length();
            case END_OR_NEWLINE -> place == text.length() || (place == text.length() - 1 && text.charAt(place) == '\n');
            case LINE_END -> place == text.length() || text.charAt(place) == '\n';
            case BOUNDARY -> isWord(place - 1) != isWord(place);
            case NO_BOUNDARY -> isWord(place - 1) == isWord(place);
            case FROM -> place == from;
        };
    }

    private boolean isWord(int at) {
        return at >= 0 && at < text.length() && (Lexer.isLetter(text.charAt(at)) || Lexer.isDigit(text.charAt(at)));
    }
}
