package bourse.worker;

import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.util.Objects;

/// Strangers' text in our sentences: short, and without anything that could steer a terminal.
final class Text {
    private static final int MOST = 500;

    private Text() {}

    static String brief(String text) {
        var clean = clean(text);
        return clean.length() <= MOST ? clean : clean.substring(0, MOST) + "…";
    }

    static String of(Exception e) {
        return brief(String.valueOf(e.getMessage()));
    }

    /// What went wrong on this machine, without telling strangers where its files are.
    static String reason(Exception e) {
        var cause = e.getCause();
        Throwable first = e instanceof UncheckedIOException && cause != null ? cause : e;
        return first instanceof FileSystemException file
                ? brief(Objects.requireNonNullElse(
                        file.getReason(), file.getClass().getSimpleName()))
                : brief(String.valueOf(first.getMessage()));
    }

    /// The end of what a program wrote.
    static String tail(byte[] bytes) {
        int from = Math.max(0, bytes.length - 4 * MOST);
        var clean = clean(new String(bytes, from, bytes.length - from, StandardCharsets.UTF_8));
        return clean.length() <= MOST ? clean : "…" + clean.substring(clean.length() - MOST);
    }

    /// The last `most` characters of what a program wrote, as it wrote them but for what is not UTF-8.
    static String end(byte[] bytes, int most) {
        // A character takes four bytes at most; three more are the rest of one that was cut.
        int from = Math.max(0, bytes.length - 4 * most - 3);
        var text = new String(bytes, from, bytes.length - from, StandardCharsets.UTF_8);
        int start = Math.max(0, text.length() - most);
        boolean halved = start > 0 && Character.isLowSurrogate(text.charAt(start));
        return text.substring(halved ? start + 1 : start);
    }

    private static String clean(String text) {
        // Cc control, Cf format (bidirectional overrides), Cs lone surrogates, and the two separators.
        return text.replaceAll("[\\p{Cc}\\p{Cf}\\p{Cs}\\p{Zl}\\p{Zp}]+", " ").strip();
    }
}
