package bourse.node;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Map;
import java.util.TreeMap;

/// Progress on a terminal: what is said scrolls, and below it stands each task that moves, redrawn in place.
public final class Screen implements Progress {
    /// More tasks than this are counted, not listed.
    private static final int ROWS = 12;

    private final PrintStream out;
    private final Map<Long, Row> rows = new TreeMap<>();
    private int drawn;

    private record Row(Step step, String detail) {}

    public Screen(PrintStream out) {
        this.out = out;
    }

    @Override
    public synchronized void say(String what) {
        erase();
        out.println(what);
        draw();
    }

    @Override
    public synchronized void step(long index, Step step, String detail) {
        rows.put(index, new Row(step, detail));
        erase();
        draw();
    }

    @Override
    public synchronized void end() {
        erase();
        rows.clear();
    }

    private void erase() {
        if (drawn > 0) {
            out.print("\u001b[" + drawn + "A\u001b[J");
            drawn = 0;
        }
    }

    private void draw() {
        var lines = new ArrayList<String>();
        long done = rows.values().stream().filter(row -> row.step().isLast()).count();
        rows.forEach((index, row) -> {
            if (lines.size() < ROWS && (rows.size() <= ROWS || !row.step().isLast())) {
                lines.add("  task %-4d %s %s".formatted(index, bar(row.step()), row.detail()));
            }
        });
        if (rows.size() > 1) {
            lines.add("  %d of %d tasks done".formatted(done, rows.size()));
        }
        lines.forEach(line -> out.println(line.length() > 110 ? line.substring(0, 109) + "…" : line));
        out.flush();
        drawn = lines.size();
    }

    private static String bar(Step step) {
        return "●".repeat(step.number()) + "○".repeat(Step.LAST - step.number()) + " " + "%-18s".formatted(step);
    }
}
