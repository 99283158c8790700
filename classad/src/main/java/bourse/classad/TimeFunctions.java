package bourse.classad;

import java.time.LocalDateTime;
import java.time.temporal.ChronoField;
import java.util.Optional;

/// Functions on times. The local zone is UTC.
final class TimeFunctions {
    private static final int DAY = 86_400;
    private static final int LONGEST = 1_023;

    private TimeFunctions() {}

    /// What can be asked of a time; an absolute one is looked at in UTC.
    enum Field {
        YEAR("getYear", ChronoField.YEAR),
        MONTH("getMonth", ChronoField.MONTH_OF_YEAR),
        DAY_OF_YEAR("getDayOfYear", ChronoField.DAY_OF_YEAR),
        DAY_OF_MONTH("getDayOfMonth", ChronoField.DAY_OF_MONTH),
        DAY_OF_WEEK("getDayOfWeek", ChronoField.DAY_OF_WEEK),
        DAYS("getDays", ChronoField.EPOCH_DAY),
        HOURS("getHours", ChronoField.HOUR_OF_DAY),
        MINUTES("getMinutes", ChronoField.MINUTE_OF_HOUR),
        SECONDS("getSeconds", ChronoField.SECOND_OF_MINUTE);

        private final String function;
        private final ChronoField field;

        Field(String function, ChronoField field) {
            this.function = function;
            this.field = field;
        }

        String function() {
            return function;
        }

        Value of(LocalDateTime time) {
            return switch (this) {
                case DAYS -> Value.ERROR;
                case DAY_OF_YEAR -> new Value.Int(time.get(field) - 1);
                case DAY_OF_WEEK -> new Value.Int(time.get(field) % 7);
                default -> new Value.Int(time.get(field));
            };
        }

        Value of(long span) {
            return switch (this) {
                case DAYS -> new Value.Int(span / TimeFunctions.DAY);
                case HOURS -> new Value.Int(span % TimeFunctions.DAY / 3600);
                case MINUTES -> new Value.Int(span % 3600 / 60);
                case SECONDS -> new Value.Int(span % 60);
                case YEAR, MONTH, DAY_OF_YEAR, DAY_OF_MONTH, DAY_OF_WEEK -> Value.ERROR;
            };
        }
    }

    static Value field(Arguments arguments, Field field) {
        return switch (arguments.value(0)) {
            case Value.AbsoluteTime time -> field.of(Times.local(new Value.AbsoluteTime(time.seconds(), 0)));
            case Value.RelativeTime(double seconds) -> field.of((long) seconds);
            default -> Value.ERROR;
        };
    }

    static Value dayTime(Arguments arguments) {
        return new Value.RelativeTime((double) (arguments.evaluation().now().getEpochSecond() % DAY));
    }

    /// `absTime([time [, zone]])`
    static Value absTime(Arguments arguments) {
        if (arguments.count() == 0) {
            return new Value.AbsoluteTime(arguments.evaluation().now().getEpochSecond(), 0);
        }
        var time = arguments.value(0);
        long offset = 0;
        if (arguments.count() == 2) {
            switch (arguments.value(1)) {
                case Value.Int(long seconds) -> offset = seconds;
                case Value.Real(double seconds) -> offset = (long) seconds;
                case Value.RelativeTime(double seconds) -> offset = (long) seconds;
                default -> {
                    return Value.ERROR;
                }
            }
        }
        return switch (time) {
            case Value.Undefined _, Value.AbsoluteTime _ -> time;
            case Value.Int(long seconds) -> Arithmetic.absolute(seconds, offset);
            case Value.Real(double seconds) -> Arithmetic.absolute((long) seconds, offset);
            case Value.RelativeTime(double seconds) -> Arithmetic.absolute((long) seconds, offset);
            case Value.Text(String text) -> Times.absolute(text).orElse(Value.ERROR);
            case Value.Failure _, Value.Bool _, Value.Ad _, Value.Sequence _ -> Value.ERROR;
        };
    }

    static Value relTime(Arguments arguments) {
        var span = arguments.value(0);
        return switch (span) {
            case Value.Undefined _, Value.RelativeTime _ -> span;
            case Value.Int(long seconds) -> new Value.RelativeTime((double) seconds);
            case Value.Real(double seconds) -> Arithmetic.span(seconds);
            case Value.AbsoluteTime time -> new Value.RelativeTime((double) time.seconds());
            case Value.Text(String text) -> Times.relative(text).orElse(Value.ERROR);
            case Value.Failure _, Value.Bool _, Value.Ad _, Value.Sequence _ -> Value.ERROR;
        };
    }

    static Value splitTime(Arguments arguments) {
        var time = arguments.value(0);
        return time instanceof Value.RelativeTime(double seconds)
                ? ad(seconds)
                : instant(time).<Value>map(TimeFunctions::ad).orElse(Value.ERROR);
    }

    private static Optional<Value.AbsoluteTime> instant(Value value) {
        return switch (value) {
            case Value.AbsoluteTime time -> Optional.of(time);
            case Value.Int(long seconds) -> absolute(seconds);
            case Value.Real(double seconds) -> absolute((long) seconds);
            default -> Optional.empty();
        };
    }

    private static Optional<Value.AbsoluteTime> absolute(long seconds) {
        return Arithmetic.absolute(seconds, 0) instanceof Value.AbsoluteTime time
                ? Optional.of(time)
                : Optional.empty();
    }

    private static Value ad(Value.AbsoluteTime time) {
        var local = Times.local(time);
        return new Value.Ad(Scope.of(ClassAd.builder()
                .put("Type", "AbsoluteTime")
                .put("Year", local.getYear())
                .put("Month", local.getMonthValue())
                .put("Day", local.getDayOfMonth())
                .put("Hours", local.getHour())
                .put("Minutes", local.getMinute())
                .put("Seconds", local.getSecond())
                .put("Offset", time.offset())
                .build()));
    }

    /// A negative span has its sign at the largest unit that is not zero.
    private static Value ad(double span) {
        double size = Math.abs(span);
        long whole = (long) size;
        long days = whole / DAY;
        long hours = whole % DAY / 3600;
        long minutes = whole % 3600 / 60;
        double seconds = whole % 60 + (size - Math.floor(size));
        boolean negative = span < 0;
        return new Value.Ad(Scope.of(ClassAd.builder()
                .put("Type", "RelativeTime")
                .put("Days", negative ? -days : days)
                .put("Hours", negative && days == 0 ? -hours : hours)
                .put("Minutes", negative && days == 0 && hours == 0 ? -minutes : minutes)
                .put("Seconds", negative && whole < 60 ? -seconds : seconds)
                .build()));
    }

    /// `formatTime([time [, format]])`, with the conversions of `strftime`.
    static Value formatTime(Arguments arguments) {
        var evaluation = arguments.evaluation();
        var time = arguments.count() == 0
                ? new Value.AbsoluteTime(evaluation.now().getEpochSecond(), 0)
                : arguments.value(0);
        var calendar = time instanceof Value.Ad(Scope scope)
                ? Optional.of(Calendar.of(name -> number(name, scope, evaluation)))
                : instant(time).map(it -> Calendar.of(Times.local(it)));
        if (calendar.isEmpty()) {
            return Value.ERROR;
        }
        var format = arguments.count() < 2 ? new Value.Text("%c") : arguments.value(1);
        if (!(format instanceof Value.Text(String text))) {
            return Value.ERROR;
        }
        evaluation.read(text.length());
        var formatted = calendar.get().format(text);
        return evaluation.text(formatted.length() < LONGEST ? formatted : "");
    }

    private static long number(String name, Scope scope, Evaluation evaluation) {
        return evaluation.evaluate(new Expression.Name(name), scope) instanceof Value.Int(long number) ? number : 0;
    }

    /// Seconds as `days+hh:mm:ss`, without the units that are zero before the others.
    static Value interval(Arguments arguments) {
        if (!(Conversions.integer(arguments.value(0)) instanceof Value.Int(long all))) {
            return Value.ERROR;
        }
        int total = (int) all;
        int days = total / DAY;
        int hours = total % DAY / 3600;
        int minutes = total % 3600 / 60;
        int seconds = total % 60;
        String text;
        if (days != 0) {
            text = days + "+" + two(hours) + ":" + two(minutes) + ":" + two(seconds);
        } else if (hours != 0) {
            text = hours + ":" + two(minutes) + ":" + two(seconds);
        } else {
            text = minutes != 0 ? minutes + ":" + two(seconds) : String.valueOf(seconds);
        }
        return arguments.evaluation().text(text);
    }

    private static String two(int number) {
        int size = Math.abs(number);
        return (size < 10 ? "0" : "") + size;
    }
}
