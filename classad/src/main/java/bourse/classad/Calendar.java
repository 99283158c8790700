package bourse.classad;

import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.Month;
import java.time.temporal.IsoFields;
import java.util.function.ToLongFunction;

/// A broken-down time, whose fields may be out of range, as C has it; in UTC and the C locale.
record Calendar(long year, long month, long day, long hours, long minutes, long seconds, LocalDate date) {
    static Calendar of(LocalDateTime time) {
        return new Calendar(
                time.getYear(),
                time.getMonthValue(),
                time.getDayOfMonth(),
                time.getHour(),
                time.getMinute(),
                time.getSecond(),
                time.toLocalDate());
    }

    /// From attributes `Year`, `Month`, `Day`, `Hours`, `Minutes`, `Seconds`.
    static Calendar of(ToLongFunction<String> field) {
        long year = bounded(field.applyAsLong("Year"));
        long month = bounded(field.applyAsLong("Month"));
        long day = bounded(field.applyAsLong("Day"));
        return new Calendar(
                year,
                month,
                day,
                bounded(field.applyAsLong("Hours")),
                bounded(field.applyAsLong("Minutes")),
                bounded(field.applyAsLong("Seconds")),
                LocalDate.of(Math.clamp(year, -9_999, 9_999), 1, 1)
                        .plusMonths(month - 1)
                        .plusDays(day - 1));
    }

    private static long bounded(long number) {
        return Math.clamp(number, -1_000_000, 1_000_000);
    }

    String format(String format) {
        var out = new StringBuilder();
        int i = 0;
        while (i < format.length()) {
            char c = format.charAt(i++);
            if (c != '%' || i == format.length()) {
                out.append(c);
            } else {
                convert(format.charAt(i++), out);
            }
        }
        return out.toString();
    }

    private void convert(char conversion, StringBuilder out) {
        switch (conversion) {
            case 'a' -> out.append(cut(weekday()));
            case 'A' -> out.append(weekday());
            case 'b', 'h' -> out.append(cut(monthName()));
            case 'B' -> out.append(monthName());
            case 'c' -> out.append(format("%a %b %e %H:%M:%S %Y"));
            case 'C' -> out.append(padded(Math.floorDiv(year, 100), 2, '0'));
            case 'd' -> out.append(padded(day, 2, '0'));
            case 'D', 'x' -> out.append(format("%m/%d/%y"));
            case 'e' -> out.append(padded(day, 2, ' '));
            case 'F' -> out.append(format("%Y-%m-%d"));
            case 'g' -> out.append(padded(Math.floorMod(date.get(IsoFields.WEEK_BASED_YEAR), 100), 2, '0'));
            case 'G' -> out.append(date.get(IsoFields.WEEK_BASED_YEAR));
            case 'H' -> out.append(padded(hours, 2, '0'));
            case 'I' -> out.append(padded(twelve(), 2, '0'));
            case 'j' -> out.append(padded(date.getDayOfYear(), 3, '0'));
            case 'k' -> out.append(padded(hours, 2, ' '));
            case 'l' -> out.append(padded(twelve(), 2, ' '));
            case 'm' -> out.append(padded(month, 2, '0'));
            case 'M' -> out.append(padded(minutes, 2, '0'));
            case 'n' -> out.append('\n');
            case 'p' -> out.append(hours > 11 ? "PM" : "AM");
            case 'P' -> out.append(hours > 11 ? "pm" : "am");
            case 'r' -> out.append(format("%I:%M:%S %p"));
            case 'R' -> out.append(format("%H:%M"));
            case 's' -> out.append(date.toEpochDay() * 86_400 + hours * 3600 + minutes * 60 + seconds);
            case 'S' -> out.append(padded(seconds, 2, '0'));
            case 't' -> out.append('\t');
            case 'T', 'X' -> out.append(format("%H:%M:%S"));
            case 'u' -> out.append(date.getDayOfWeek().getValue());
            case 'U' -> out.append(padded((date.getDayOfYear() + 6 - sunday()) / 7, 2, '0'));
            case 'V' -> out.append(padded(date.get(IsoFields.WEEK_OF_WEEK_BASED_YEAR), 2, '0'));
            case 'w' -> out.append(sunday());
            case 'W' -> out.append(padded((date.getDayOfYear() + 6 - (sunday() + 6) % 7) / 7, 2, '0'));
            case 'y' -> out.append(padded(Math.floorMod(year, 100), 2, '0'));
            case 'Y' -> out.append(year);
            case 'z' -> out.append("+0000");
            case 'Z' -> out.append("GMT");
            case '%' -> out.append('%');
            default -> out.append('%').append(conversion);
        }
    }

    /// Days since Sunday.
    private int sunday() {
        return date.getDayOfWeek().getValue() % 7;
    }

    private String weekday() {
        return name(date.getDayOfWeek().name());
    }

    private String monthName() {
        return month < 1 || month > 12 ? "?" : name(Month.of((int) month).name());
    }

    private static String name(String constant) {
        return constant.charAt(0) + Bytes.lower(constant.substring(1));
    }

    private static String cut(String name) {
        return name.substring(0, Math.min(3, name.length()));
    }

    private long twelve() {
        long twelve = Math.floorMod(hours, 12);
        return twelve == 0 ? 12 : twelve;
    }

    private static String padded(long number, int width, char padding) {
        var digits = String.valueOf(number);
        return String.valueOf(padding).repeat(Math.max(0, width - digits.length())) + digits;
    }
}
