package bourse.classad;

import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Locale;
import java.util.Optional;

/// How times are written: `2024-02-29T12:34:56-00:00` and `1+02:03:04`.
///
/// A time without a zone is in UTC.
final class Times {
    /// What `java.time` can show in any zone.
    static final long LAST_SECOND = 31_556_000_000_000_000L;

    static final int LAST_OFFSET = 1_000_000_000;

    private static final int DAY = 86_400;

    private Times() {}

    /// Reads year, month, day, hour, minute and second, with any other characters between them, then `Z` or a zone
    /// (`+hh:mm`, `-hhmm`). A month that is missing is the first, a day that is
    /// missing the one before the first.
    ///
    /// One second before 1970 is no time in HTCondor, and here.
    static Optional<Value> absolute(String text) {
        var digits = text;
        int offset = 0;
        int length = text.length();
        int last = length - 1;
        while (last > 0 && Lexer.isBlank(text.charAt(last))) {
            last--;
        }
        if (last > 0 && (text.charAt(last) == 'z' || text.charAt(last) == 'Z')) {
            digits = text.substring(0, last) + text.substring(last + 1);
        } else if (length > 5 && isZone(text.substring(length - 5))) {
            digits = text.substring(0, length - 5);
            offset = zone(text.substring(length - 5));
        } else if (length > 6
                && text.charAt(length - 3) == ':'
                && isZone(text.substring(length - 6).replace(":", ""))) {
            digits = text.substring(0, length - 6);
            offset = zone(text.substring(length - 6).replace(":", ""));
        }
        var fields = new int[] {0, 1, 0, 0, 0, 0};
        int at = nextDigit(digits, 0);
        if (at > digits.length() - 4) {
            return Optional.empty();
        }
        for (int i = 0; i < fields.length; i++) {
            int width = i == 0 ? 4 : 2;
            if (at <= digits.length() - width) {
                fields[i] = leadingInteger(digits.substring(at, at + width));
                at += width;
            }
            at = nextDigit(digits, at);
        }
        if (at < digits.length()) {
            return Optional.empty();
        }
        long days = LocalDate.of(fields[0], 1, 1)
                .plusMonths(fields[1] - 1L)
                .plusDays(fields[2] - 1L)
                .toEpochDay();
        long seconds = days * DAY + fields[3] * 3600L + fields[4] * 60L + fields[5];
        return seconds == -1 ? Optional.empty() : Optional.of(new Value.AbsoluteTime(seconds - offset, offset));
    }

    private static boolean isZone(String text) {
        return text.length() == 5
                && (text.charAt(0) == '+' || text.charAt(0) == '-')
                && nextOther(text, 1) == text.length();
    }

    private static int zone(String text) {
        int seconds = Integer.parseInt(text.substring(1, 3)) * 3600 + Integer.parseInt(text.substring(3)) * 60;
        return text.charAt(0) == '-' ? -seconds : seconds;
    }

    private static int nextDigit(String text, int from) {
        int i = from;
        while (i < text.length() && !Lexer.isDigit(text.charAt(i))) {
            i++;
        }
        return i;
    }

    private static int nextOther(String text, int from) {
        int i = from;
        while (i < text.length() && Lexer.isDigit(text.charAt(i))) {
            i++;
        }
        return i;
    }

    private static int leadingInteger(String text) {
        var digits = text.substring(0, nextOther(text, 0));
        return digits.isEmpty() ? 0 : Integer.parseInt(digits);
    }

    /// Reads `[[[days+]hours:]minutes:]seconds` from its end; `d`, `h`, `m` and `s` may stand for the signs.
    static Optional<Value> relative(String text) {
        var rest = new Backwards(text);
        double seconds = 0;
        if (rest.endsWithDigit() || rest.takes("sS")) {
            seconds = rest.decimal();
        }
        long minutes = rest.takes("mM:") ? rest.integer() : 0;
        long hours = rest.takes("hH:") ? rest.integer() : 0;
        long days = rest.takes("dD+") ? rest.integer() : 0;
        int sign = rest.takes("-") ? -1 : 1;
        return rest.isEmpty()
                ? Optional.of(new Value.RelativeTime(sign * (days * DAY + hours * 3600.0 + minutes * 60.0 + seconds)))
                : Optional.empty();
    }

    /// A text that is read from its end, over blanks.
    private static final class Backwards {
        private final String text;
        private int end;

        Backwards(String text) {
            this.text = text;
            this.end = text.length();
        }

        private void skipBlanks() {
            while (end > 0 && Lexer.isBlank(text.charAt(end - 1))) {
                end--;
            }
        }

        boolean endsWithDigit() {
            skipBlanks();
            return end > 0 && Lexer.isDigit(text.charAt(end - 1));
        }

        boolean takes(String signs) {
            skipBlanks();
            boolean found = end > 0 && signs.indexOf(text.charAt(end - 1)) >= 0;
            if (found) {
                end--;
            }
            skipBlanks();
            return found;
        }

        boolean isEmpty() {
            skipBlanks();
            return end == 0;
        }

        private String digits() {
            int last = end;
            while (end > 0 && Lexer.isDigit(text.charAt(end - 1))) {
                end--;
            }
            return text.substring(end, last);
        }

        long integer() {
            return Numbers.integerOrZero(digits());
        }

        double decimal() {
            var digits = digits();
            if (end > 0 && text.charAt(end - 1) == '.') {
                end--;
                digits = digits() + "." + digits;
            }
            return Numbers.leading(digits).map(Numbers.Leading::value).orElse(0.0);
        }
    }

    static String shown(Value.AbsoluteTime time) {
        var local = local(time);
        int minutes = Math.abs(time.offset()) / 60;
        return String.format(
                Locale.ROOT,
                "%d-%02d-%02dT%02d:%02d:%02d%s%02d:%02d",
                local.getYear(),
                local.getMonthValue(),
                local.getDayOfMonth(),
                local.getHour(),
                local.getMinute(),
                local.getSecond(),
                time.offset() > 0 ? "+" : "-",
                minutes / 60,
                minutes % 60);
    }

    static LocalDateTime local(Value.AbsoluteTime time) {
        return LocalDateTime.ofEpochSecond(time.seconds() + time.offset(), 0, ZoneOffset.UTC);
    }

    /// The largest units first, without those that are zero before them.
    static String shown(double span) {
        double size = Math.abs(span);
        long whole = (long) size;
        double fraction = size - whole;
        long rest = whole % 60;
        var seconds = fraction == 0 || !Double.isFinite(fraction)
                ? String.format(Locale.ROOT, "%02d", rest)
                : Numbers.general(rest + fraction, 6);
        long minutes = whole / 60 % 60;
        long hours = whole / 3600 % 24;
        long days = whole / DAY;
        var text = new StringBuilder(span < 0 ? "-" : "");
        if (days > 0) {
            text.append(days).append('+');
        }
        if (days > 0 || hours > 0) {
            text.append(String.format(Locale.ROOT, "%02d:", hours));
        }
        if (days > 0 || hours > 0 || minutes > 0) {
            text.append(String.format(Locale.ROOT, "%02d:", minutes));
        }
        return text.append(seconds).toString();
    }
}
