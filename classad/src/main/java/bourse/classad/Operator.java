package bourse.classad;

import static java.util.stream.Collectors.toMap;

import java.util.Arrays;
import java.util.Map;
import java.util.Optional;

/// The operators, each with its sign and how tightly it binds.
///
/// A higher [#precedence] binds tighter; binary operators group to the left. `?:` ([#ELVIS]) binds like a postfix,
/// which surprises: `1 ?: 2 + 3` is 4.
public enum Operator {
    OR("||", 1),
    AND("&&", 2),
    BIT_OR("|", 3),
    BIT_XOR("^", 4),
    BIT_AND("&", 5),
    EQUAL("==", 6),
    NOT_EQUAL("!=", 6),
    /// `is`, `=?=`: the same type and value; never undefined.
    IS("=?=", 6),
    /// `isnt`, `=!=`
    ISNT("=!=", 6),
    LESS("<", 7),
    LESS_OR_EQUAL("<=", 7),
    GREATER(">", 7),
    GREATER_OR_EQUAL(">=", 7),
    SHIFT_LEFT("<<", 8),
    /// Keeps the sign.
    SHIFT_RIGHT(">>", 8),
    /// Fills with zeros.
    SHIFT_RIGHT_UNSIGNED(">>>", 8),
    ADD("+", 9),
    SUBTRACT("-", 9),
    MULTIPLY("*", 10),
    DIVIDE("/", 10),
    REMAINDER("%", 10),
    PLUS("+", 11),
    MINUS("-", 11),
    NOT("!", 11),
    COMPLEMENT("~", 11),
    /// `a ?: b` is `b` where `a` is undefined.
    ELVIS("?:", 12),
    /// `a[b]`
    SUBSCRIPT("[]", 12);

    private static final Map<String, Operator> UNARY =
            Arrays.stream(values()).filter(Operator::unary).collect(toMap(Operator::sign, it -> it));
    private static final Map<String, Operator> BINARY =
            Arrays.stream(values()).filter(it -> it.precedence < 11).collect(toMap(Operator::sign, it -> it));

    private final String sign;
    private final int precedence;

    Operator(String sign, int precedence) {
        this.sign = sign;
        this.precedence = precedence;
    }

    public String sign() {
        return sign;
    }

    public int precedence() {
        return precedence;
    }

    static Optional<Operator> unary(String sign) {
        return Optional.ofNullable(UNARY.get(sign));
    }

    /// Of those that stand between operands and part by precedence.
    static Optional<Operator> binary(String sign) {
        return Optional.ofNullable(BINARY.get(sign));
    }

    public boolean unary() {
        return precedence == 11;
    }
}
