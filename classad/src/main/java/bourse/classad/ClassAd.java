package bourse.classad;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Attributes by name: what somebody has, and what he wants.
///
/// Names ignore case (ASCII). They come in the order of the canonical print: shorter first, then by letter.
/// An ad never changes; [#with] makes another one.
public final class ClassAd {
    public static final ClassAd EMPTY = new ClassAd(new Attribute[0]);

    private static final Comparator<String> ORDER = (a, b) ->
            a.length() != b.length() ? Integer.compare(a.length(), b.length()) : Bytes.compareIgnoringCase(a, b);

    private static final Comparator<Attribute> BY_NAME = (a, b) -> ORDER.compare(a.name(), b.name());

    private final Attribute[] attributes;

    private ClassAd(Attribute[] attributes) {
        this.attributes = attributes;
    }

    public record Attribute(String name, Expression expression) {}

    /// Collects attributes. A later definition of a name replaces the expression and keeps the first spelling.
    public static final class Builder {
        private final List<Attribute> attributes = new ArrayList<>();

        private Builder() {}

        public Builder put(String name, Expression expression) {
            attributes.add(new Attribute(name, expression));
            return this;
        }

        public Builder put(String name, Value value) {
            return put(name, new Expression.Literal(value));
        }

        public Builder put(String name, boolean value) {
            return put(name, Value.of(value));
        }

        public Builder put(String name, long value) {
            return put(name, new Value.Int(value));
        }

        public Builder put(String name, double value) {
            return put(name, new Value.Real(value));
        }

        public Builder put(String name, String text) {
            return put(name, Value.Text.of(text));
        }

        public boolean isEmpty() {
            return attributes.isEmpty();
        }

        /// Printed ads come in order, and then there is nothing to sort.
        public ClassAd build() {
            var all = attributes.toArray(Attribute[]::new);
            Arrays.sort(all, BY_NAME);
            int kept = 0;
            for (var attribute : all) {
                if (kept > 0 && BY_NAME.compare(all[kept - 1], attribute) == 0) {
                    all[kept - 1] = new Attribute(all[kept - 1].name(), attribute.expression());
                } else {
                    all[kept++] = attribute;
                }
            }
            return new ClassAd(kept == all.length ? all : Arrays.copyOf(all, kept));
        }
    }

    public static Builder builder() {
        return new Builder();
    }

    /// Parses the new form, `[ name = expression; … ]`, with the default limits.
    ///
    /// @throws ClassAdException.Syntax if it is not an ad, or beyond a limit
    public static ClassAd parse(String text) {
        return Parser.NEW.ad(text);
    }

    /// In canonical order.
    public List<Attribute> attributes() {
        return List.of(attributes);
    }

    public int size() {
        return attributes.length;
    }

    public Optional<Expression> get(String name) {
        return Optional.ofNullable(find(name));
    }

    @Nullable
    Expression find(String name) {
        int low = 0;
        int high = attributes.length - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            int order = ORDER.compare(attributes[middle].name(), name);
            if (order == 0) {
                return attributes[middle].expression();
            } else if (order < 0) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return null;
    }

    /// This ad and one attribute more, or another expression for it.
    public ClassAd with(String name, Expression expression) {
        return toBuilder().put(name, expression).build();
    }

    public Builder toBuilder() {
        var builder = new Builder();
        for (var attribute : attributes) {
            builder.put(attribute.name(), attribute.expression());
        }
        return builder;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ClassAd that && Arrays.equals(attributes, that.attributes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(attributes);
    }

    /// The canonical print in the new form.
    @Override
    public String toString() {
        return Printer.print(new Expression.AdOf(this), Form.NEW);
    }
}
