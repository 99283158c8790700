package bourse.classad;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// An expression as its author wrote it: parentheses stay, nothing is folded.
///
/// The height of a parsed expression is bounded ([Limits#height]), so that walking it by recursion is safe.
/// Names keep their spelling, and are equal to another spelling of themselves only for the language, not for
/// [Object#equals].
public sealed interface Expression {
    /// Parses the new form with the default limits.
    ///
    /// @throws ClassAdException.Syntax if it is not an expression, or beyond a limit
    static Expression parse(String text) {
        return Parser.NEW.expression(text);
    }

    /// A value that is written out; an [Value.Ad] or [Value.Sequence] only where evaluation made it.
    record Literal(Value value) implements Expression {}

    /// `name`: an attribute of the ad that the expression sits in, or of those around it.
    record Name(String name) implements Expression {}

    /// `.name`: an attribute of the outermost ad.
    record RootName(String name) implements Expression {}

    /// `ad.name`
    record Selection(Expression ad, String name) implements Expression {
        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Selection that && Spine.equal(this, that);
        }

        @Override
        public int hashCode() {
            return Spine.hash(this);
        }
    }

    record Unary(Operator operator, Expression operand) implements Expression {
        public Unary {
            if (!operator.unary()) {
                throw new IllegalArgumentException(operator + " takes two operands");
            }
        }
    }

    /// [Operator#ELVIS] and [Operator#SUBSCRIPT] are here too.
    record Binary(Operator operator, Expression left, Expression right) implements Expression {
        public Binary {
            if (operator.unary()) {
                throw new IllegalArgumentException(operator + " takes one operand");
            }
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Binary that && Spine.equal(this, that);
        }

        @Override
        public int hashCode() {
            return Spine.hash(this);
        }
    }

    /// `condition ? then : otherwise`
    record Conditional(Expression condition, Expression then, Expression otherwise) implements Expression {}

    /// `(inner)`
    record Parenthesized(Expression inner) implements Expression {}

    /// `function(arguments)`; whether such a function exists is asked only in evaluation.
    record Call(String function, List<Expression> arguments) implements Expression {
        public Call {
            arguments = List.copyOf(arguments);
        }
    }

    /// `{ elements }`
    record ListOf(List<Expression> elements) implements Expression {
        public ListOf {
            elements = List.copyOf(elements);
        }
    }

    /// `[ name = expression; … ]`
    record AdOf(ClassAd ad) implements Expression {}
}
