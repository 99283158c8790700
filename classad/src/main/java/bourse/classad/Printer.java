package bourse.classad;

import java.util.List;
import java.util.Set;

/// The canonical print: one spelling for each expression, which parses to the same expression again.
///
/// What was parsed has its parentheses; a tree made by hand needs [Expression.Parenthesized] where an operator
/// binds tighter than the one below it. Reals print with 16 digits, and a few of them need 17.
public final class Printer {
    private static final Set<String> RESERVED = Set.of("error", "false", "is", "isnt", "parent", "true", "undefined");

    private final StringBuilder out = new StringBuilder();
    private final Form form;
    private final int limit;
    private final boolean pretty;
    private int indent;

    private Printer(Form form, int limit, boolean pretty) {
        this.form = form;
        this.limit = limit;
        this.pretty = pretty;
    }

    /// One line; an ad inside of old form is still written with brackets.
    public static String print(Expression expression, Form form) {
        return decoded(bytes(expression, form, Integer.MAX_VALUE), form);
    }

    /// As a literal would be written: strings in quotes.
    public static String print(Value value, Form form) {
        return print(new Expression.Literal(value), form);
    }

    /// In old form a line for each attribute, in new form [#print(Expression, Form)].
    public static String print(ClassAd ad, Form form) {
        if (form == Form.NEW) {
            return print(new Expression.AdOf(ad), form);
        }
        var printer = new Printer(form, Integer.MAX_VALUE, false);
        for (var attribute : ad.attributes()) {
            printer.name(attribute.name());
            printer.out.append(" = ");
            printer.expression(attribute.expression());
            printer.out.append('\n');
        }
        return decoded(printer.out.toString(), form);
    }

    /// @param limit of bytes
    /// @throws ClassAdException.Exhausted beyond it
    static String bytes(Expression expression, Form form, long limit) {
        var printer = new Printer(form, (int) Math.min(limit, Integer.MAX_VALUE), false);
        printer.expression(expression);
        return printer.out.toString();
    }

    /// Ads and lists over several lines, as HTCondor's `unparse` lays them out.
    static String pretty(Expression expression, long limit) {
        var printer = new Printer(Form.NEW, (int) Math.min(limit, Integer.MAX_VALUE), true);
        printer.expression(expression);
        return printer.out.toString();
    }

    /// The new form is ASCII anyway.
    private static String decoded(String bytes, Form form) {
        return form == Form.OLD ? Bytes.decode(bytes) : bytes;
    }

    private void expression(Expression expression) {
        if (out.length() > limit) {
            throw new ClassAdException.Exhausted("The print has more than the " + limit + " bytes allowed");
        }
        switch (expression) {
            case Expression.Literal(Value value) -> value(value);
            case Expression.Name(String name) -> name(name);
            case Expression.RootName(String name) -> {
                out.append('.');
                name(name);
            }
            case Expression.Selection(Expression ad, String name) -> {
                expression(ad);
                out.append('.');
                name(name);
            }
            case Expression.Unary(Operator operator, Expression operand) -> {
                out.append(' ').append(operator.sign());
                expression(operand);
            }
            case Expression.Binary(Operator operator, Expression left, Expression right)
            when operator == Operator.SUBSCRIPT -> {
                expression(left);
                out.append('[');
                expression(right);
                out.append(']');
            }
            case Expression.Binary(Operator operator, Expression left, Expression right) -> {
                expression(left);
                out.append(' ').append(sign(operator)).append(' ');
                expression(right);
            }
            case Expression.Conditional(Expression condition, Expression then, Expression otherwise) -> {
                expression(condition);
                out.append(" ? ");
                expression(then);
                out.append(" : ");
                expression(otherwise);
            }
            case Expression.Parenthesized(Expression inner) -> {
                out.append('(');
                expression(inner);
                out.append(')');
            }
            case Expression.Call(String function, List<Expression> arguments) -> {
                name(function);
                out.append('(');
                commas(arguments);
                out.append(')');
            }
            case Expression.ListOf(List<Expression> elements) -> list(elements);
            case Expression.AdOf(ClassAd ad) -> ad(ad);
        }
    }

    private String sign(Operator operator) {
        return switch (operator) {
            case IS -> form == Form.NEW ? "is" : "=?=";
            case ISNT -> form == Form.NEW ? "isnt" : "=!=";
            default -> operator.sign();
        };
    }

    private void value(Value value) {
        switch (value) {
            case Value.Undefined _ -> out.append("undefined");
            case Value.Failure _ -> out.append("error");
            case Value.Bool(boolean bool) -> out.append(bool);
            case Value.Int(long number) -> out.append(number);
            case Value.Real(double number) ->
                out.append(form == Form.NEW ? Numbers.scientific(number) : Numbers.compact(number));
            case Value.Text(String content) -> {
                out.append('"');
                quoted(content, '"');
                out.append('"');
            }
            case Value.AbsoluteTime time ->
                out.append("absTime(\"").append(Times.shown(time)).append("\")");
            case Value.RelativeTime(double seconds) ->
                out.append("relTime(\"").append(Times.shown(seconds)).append("\")");
            case Value.Sequence(List<Expression> elements, Scope _) -> list(elements);
            case Value.Ad(Scope scope) -> ad(scope.ad());
        }
    }

    private void quoted(String content, char quote) {
        if (form == Form.NEW) {
            Escapes.write(content, quote, out);
        } else {
            out.append(content.replace(String.valueOf(quote), "\\" + quote));
        }
    }

    private void name(String name) {
        if (isPlain(name)) {
            out.append(name);
        } else {
            out.append('\'');
            quoted(name, '\'');
            out.append('\'');
        }
    }

    private static boolean isPlain(String name) {
        for (int i = 0; i < name.length(); i++) {
            if (!Lexer.isLetter(name.charAt(i)) && (i == 0 || !Lexer.isDigit(name.charAt(i)))) {
                return false;
            }
        }
        return !name.isEmpty() && !RESERVED.contains(Bytes.lower(name));
    }

    private void list(List<Expression> elements) {
        open('{', 3);
        var separator = "";
        for (var element : elements) {
            out.append(separator);
            line();
            expression(element);
            separator = ",";
        }
        close('}', 3);
    }

    private void commas(List<Expression> elements) {
        var separator = "";
        for (var element : elements) {
            out.append(separator);
            expression(element);
            separator = ",";
        }
    }

    private void ad(ClassAd ad) {
        open('[', 4);
        var separator = "";
        for (var attribute : ad.attributes()) {
            out.append(separator);
            line();
            name(attribute.name());
            out.append(" = ");
            expression(attribute.expression());
            separator = "; ";
        }
        close(']', 4);
    }

    private void open(char bracket, int width) {
        indent += width;
        line();
        out.append(bracket).append(pretty ? "" : " ");
        indent += width;
    }

    private void close(char bracket, int width) {
        indent -= width;
        line();
        out.append(pretty ? "" : " ").append(bracket);
        indent -= width;
    }

    private void line() {
        if (pretty) {
            out.append('\n').repeat(' ', indent);
        }
    }
}
