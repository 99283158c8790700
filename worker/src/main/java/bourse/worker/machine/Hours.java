package bourse.worker.machine;

import java.time.DateTimeException;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/// The hours of a week.
///
/// @param spans one of them is enough; none are all hours
public record Hours(List<Span> spans, ZoneId zone) {
    public static final Hours ALWAYS = new Hours(List.of(), ZoneId.of("UTC"));

    private static final Pattern SPAN =
            Pattern.compile("(?:([a-z]{3})(?:-([a-z]{3}))? )?(\\d\\d):(\\d\\d)-(\\d\\d):(\\d\\d)");
    private static final Duration DAY = Duration.ofDays(1);

    public Hours {
        spans = List.copyOf(spans);
    }

    /// Some hours of some days.
    ///
    /// @param from since midnight, less than a day
    /// @param to since midnight, at most a day; not after `from`: on the next day
    public record Span(Set<DayOfWeek> days, Duration from, Duration to) {
        public Span {
            days = Set.copyOf(days);
        }

        private boolean contains(DayOfWeek day, LocalTime at) {
            var time = Duration.ofNanos(at.toNanoOfDay());
            if (from.compareTo(to) < 0) {
                return days.contains(day) && time.compareTo(from) >= 0 && time.compareTo(to) < 0;
            }
            return (days.contains(day) && time.compareTo(from) >= 0)
                    || (days.contains(day.minus(1)) && time.compareTo(to) < 0);
        }
    }

    /// Reads `always`, or spans such as `Mon-Fri 18:00-08:00, Sat-Sun 00:00-24:00`; without days, each day is
    /// meant.
    ///
    /// @param zone of the clock on the wall; a text that ends with `in Europe/Paris` names its own
    /// @throws IllegalArgumentException if it is anything else
    public static Hours parse(String text, ZoneId zone) {
        if (text.equals("always")) {
            return ALWAYS;
        }
        int in = text.indexOf(" in ");
        var spans = new ArrayList<Span>();
        for (var part : (in < 0 ? text : text.substring(0, in)).split(",", -1)) {
            spans.add(span(part.strip().toLowerCase(Locale.ROOT), text));
        }
        try {
            return new Hours(
                    spans,
                    in < 0
                            ? zone
                            : ZoneId.of(text.substring(in + " in ".length()).strip()));
        } catch (DateTimeException e) {
            throw new IllegalArgumentException("hours name a time zone that is none: " + text, e);
        }
    }

    private static Span span(String part, String text) {
        var matcher = SPAN.matcher(part);
        if (!matcher.matches()) {
            throw wrong(text);
        }
        var from = time(matcher.group(3), matcher.group(4), text);
        var to = time(matcher.group(5), matcher.group(6), text);
        if (from.equals(DAY) || from.equals(to)) {
            throw wrong(text);
        }
        var first = matcher.group(1);
        var last = matcher.group(2);
        if (first == null) {
            return new Span(EnumSet.allOf(DayOfWeek.class), from, to);
        }
        var days = EnumSet.noneOf(DayOfWeek.class);
        var end = day(last == null ? first : last, text);
        for (var day = day(first, text); ; day = day.plus(1)) {
            days.add(day);
            if (day == end) {
                return new Span(days, from, to);
            }
        }
    }

    private static Duration time(String hours, String minutes, String text) {
        var time = Duration.ofHours(Integer.parseInt(hours)).plusMinutes(Integer.parseInt(minutes));
        if (Integer.parseInt(minutes) > 59 || time.compareTo(DAY) > 0) {
            throw wrong(text);
        }
        return time;
    }

    private static DayOfWeek day(String name, String text) {
        for (var day : DayOfWeek.values()) {
            if (day.name().toLowerCase(Locale.ROOT).startsWith(name)) {
                return day;
            }
        }
        throw wrong(text);
    }

    private static IllegalArgumentException wrong(String text) {
        return new IllegalArgumentException(
                "hours are \"always\", or like \"Mon-Fri 18:00-08:00, Sat-Sun 00:00-24:00 in Europe/Paris\"; not \""
                        + text + "\"");
    }

    public boolean contain(Instant time) {
        var local = time.atZone(zone);
        return spans.isEmpty()
                || spans.stream().anyMatch(span -> span.contains(local.getDayOfWeek(), local.toLocalTime()));
    }
}
