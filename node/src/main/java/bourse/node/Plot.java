package bourse.node;

import bourse.scheduler.simulation.Estimate;
import java.util.List;
import java.util.Locale;

/// Two charts side by side, as SVG: how often each way is wrong, on a logarithmic scale, and how many results
/// it takes.
public final class Plot {
    private static final int ROW = 34;
    private static final int TOP = 84;
    private static final int NAMES = 150;
    private static final int WIDTH = 330;
    private static final int GAP = 50;
    /// Errors from 10⁻⁵ to 1.
    private static final double DECADES = 5;

    private Plot() {}

    /// One way.
    public record Bar(String name, Estimate error, Estimate slowdown) {}

    public static String of(String title, double promised, List<Bar> bars) {
        int bottom = TOP + ROW * bars.size();
        int right = NAMES + WIDTH + GAP;
        double most = Math.ceil(bars.stream()
                .mapToDouble(
                        bar -> bar.slowdown().mean() + finite(bar.slowdown().margin()))
                .max()
                .orElse(1));
        var svg = new StringBuilder();
        add(
                svg,
                String.format(
                        Locale.ROOT,
                        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" font-family=\"sans-serif\" font-size=\"13\">",
                        right + WIDTH + 30,
                        bottom + 40));
        add(svg, String.format(Locale.ROOT, "<rect width=\"100%%\" height=\"100%%\" fill=\"#fff\"/>"));
        add(svg, String.format(Locale.ROOT, "<text x=\"12\" y=\"24\" font-size=\"14\">%s</text>", escaped(title)));
        add(
                svg,
                String.format(Locale.ROOT, "<text x=\"%d\" y=\"58\" font-weight=\"bold\">wrong results</text>", NAMES));
        add(
                svg,
                String.format(
                        Locale.ROOT,
                        "<text x=\"%d\" y=\"58\" font-weight=\"bold\">results computed, to tasks</text>",
                        right));
        for (int decade = 0; decade <= DECADES; decade++) {
            double error = Math.pow(10, decade - DECADES);
            grid(
                    svg,
                    x(error),
                    bottom,
                    decade == 0
                            ? "none"
                            : decade < 3 ? "%.3f %%".formatted(100 * error) : "%.0f %%".formatted(100 * error));
        }
        for (int results = 0; results <= most; results++) {
            grid(svg, right + WIDTH * results / most, bottom, Integer.toString(results));
        }
        for (int i = 0; i < bars.size(); i++) {
            var bar = bars.get(i);
            int y = TOP + ROW * i;
            boolean broken = bar.error().mean() > promised;
            add(
                    svg,
                    String.format(
                            Locale.ROOT,
                            "<text x=\"%d\" y=\"%d\" text-anchor=\"end\">%s</text>",
                            NAMES - 10,
                            y + 21,
                            escaped(bar.name())));
            var error = bar.error();
            bar(svg, NAMES, x(error.mean()), y, broken ? "#c0392b" : "#2e7d5b");
            whisker(svg, x(error.mean() - finite(error.margin())), x(error.mean() + finite(error.margin())), y);
            double scale = WIDTH / most;
            var slowdown = bar.slowdown();
            bar(svg, right, right + scale * slowdown.mean(), y, "#5b7a9d");
            whisker(
                    svg,
                    right + scale * (slowdown.mean() - finite(slowdown.margin())),
                    right + scale * (slowdown.mean() + finite(slowdown.margin())),
                    y);
        }
        add(
                svg,
                String.format(
                        Locale.ROOT,
                        "<line x1=\"%1$.1f\" x2=\"%1$.1f\" y1=\"%2$d\" y2=\"%3$d\" stroke=\"#000\" stroke-dasharray=\"4 3\"/>",
                        x(promised),
                        TOP - 16,
                        bottom));
        add(
                svg,
                String.format(
                        Locale.ROOT,
                        "<text x=\"%.1f\" y=\"%d\" font-size=\"11\">promised</text>",
                        x(promised) + 4,
                        TOP - 7));
        return svg.append("</svg>\n").toString();
    }

    private static double x(double error) {
        double decades = error <= 0 ? 0 : DECADES + Math.log10(error);
        return NAMES + WIDTH * Math.clamp(decades, 0, DECADES) / DECADES;
    }

    private static double finite(double margin) {
        return Double.isFinite(margin) ? margin : 0;
    }

    private static void grid(StringBuilder svg, double x, int bottom, String label) {
        add(
                svg,
                String.format(
                        Locale.ROOT,
                        "<line x1=\"%1$.1f\" x2=\"%1$.1f\" y1=\"%2$d\" y2=\"%3$d\" stroke=\"#ddd\"/>",
                        x,
                        TOP,
                        bottom));
        add(
                svg,
                String.format(
                        Locale.ROOT,
                        "<text x=\"%.1f\" y=\"%d\" font-size=\"11\" text-anchor=\"middle\" fill=\"#555\">%s</text>",
                        x,
                        bottom + 16,
                        label));
    }

    private static void bar(StringBuilder svg, double from, double to, int y, String colour) {
        add(
                svg,
                String.format(
                        Locale.ROOT,
                        "<rect x=\"%.1f\" y=\"%d\" width=\"%.1f\" height=\"20\" fill=\"%s\"/>",
                        from,
                        y + 6,
                        Math.max(0, to - from),
                        colour));
    }

    private static void whisker(StringBuilder svg, double from, double to, int y) {
        add(
                svg,
                String.format(
                        Locale.ROOT,
                        "<path d=\"M%1$.1f %3$dH%2$.1fM%1$.1f %4$dV%5$dM%2$.1f %4$dV%5$d\" stroke=\"#222\" fill=\"none\"/>",
                        from,
                        to,
                        y + 16,
                        y + 11,
                        y + 21));
    }

    private static void add(StringBuilder svg, String line) {
        svg.append(line).append('\n');
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;");
    }
}
