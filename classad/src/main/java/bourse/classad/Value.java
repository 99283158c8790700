package bourse.classad;

import java.nio.charset.StandardCharsets;
import java.util.List;

/// What an expression evaluates to.
///
/// Nothing fails: an attribute that is not there is [Undefined], an operation that makes no sense is [Failure],
/// and both travel through operators by the rules of the language.
public sealed interface Value {
    Undefined UNDEFINED = new Undefined();
    Failure ERROR = new Failure();
    Bool TRUE = new Bool(true);
    Bool FALSE = new Bool(false);

    static Bool of(boolean value) {
        return value ? TRUE : FALSE;
    }

    /// The value `undefined`: not known here.
    record Undefined() implements Value {}

    /// The value `error`: asked for what makes no sense.
    record Failure() implements Value {}

    record Bool(boolean value) implements Value {}

    /// An integer of 64 bits. Arithmetic wraps around.
    record Int(long value) implements Value {}

    record Real(double value) implements Value {}

    /// A string of bytes, which is what the language compares, cuts and counts.
    ///
    /// Each `char` of `bytes` is one byte (0 to 255), so that ASCII reads as it is. [#of] encodes any other text
    /// as UTF-8, [#unicode] decodes it.
    record Text(String bytes) implements Value {
        public Text {
            for (int i = 0; i < bytes.length(); i++) {
                if (bytes.charAt(i) > 255) {
                    throw new IllegalArgumentException("A Text has bytes for characters; Text.of(string) encodes");
                }
            }
        }

        public static Text of(String unicode) {
            return new Text(Bytes.encode(unicode));
        }

        /// Bytes that are no UTF-8 come out as U+FFFD.
        public String unicode() {
            return Bytes.decode(bytes);
        }

        public int size() {
            return bytes.length();
        }

        byte[] toBytes() {
            return bytes.getBytes(StandardCharsets.ISO_8859_1);
        }
    }

    /// An instant, and the time zone that it is shown in.
    ///
    /// @param seconds since 1970-01-01T00:00:00Z
    /// @param offset seconds east of Greenwich
    record AbsoluteTime(long seconds, int offset) implements Value {}

    /// A span of time in seconds.
    record RelativeTime(double seconds) implements Value {}

    /// A list of expressions, each evaluated in `scope` and only when somebody asks for it.
    record Sequence(List<Expression> elements, Scope scope) implements Value {
        public Sequence {
            elements = List.copyOf(elements);
        }

        /// A list of values, which mean the same everywhere.
        public static Sequence of(List<? extends Value> values) {
            return new Sequence(
                    values.stream().<Expression>map(Expression.Literal::new).toList(), Scope.NONE);
        }
    }

    /// An ad, at the place where its attributes are evaluated.
    record Ad(Scope scope) implements Value {
        public ClassAd ad() {
            return scope.ad();
        }
    }
}
