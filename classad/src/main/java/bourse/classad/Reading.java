package bourse.classad;

import bourse.classad.ClassAd.Attribute;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// One text being parsed, by recursive descent.
///
/// Depth counts as in HTCondor: one for each expression, each unary operator and each postfix expression, so that a
/// parenthesis takes three.
final class Reading {
    private final Limits limits;
    private final Semantics semantics;
    private final Lexer lexer;
    private Token token;
    private int depth;
    private int nodes;
    /// Of the tree that the last method returned.
    private int height;

    Reading(Parser parser, String bytes, int nodes) {
        this.limits = parser.limits();
        this.semantics = parser.semantics();
        this.lexer = new Lexer(bytes, parser.form(), parser.semantics());
        this.nodes = nodes;
        this.token = lexer.next();
    }

    int nodes() {
        return nodes;
    }

    /// HTCondor does not notice what follows a conditional, and ads may rely on it.
    Expression wholeExpression() {
        var expression = expression();
        if (!(expression instanceof Expression.Conditional)) {
            expectEnd();
        }
        return expression;
    }

    ClassAd wholeAd() {
        var ad = ad();
        expectEnd();
        return ad;
    }

    List<ClassAd> severalAds() {
        var ads = new ArrayList<ClassAd>();
        while (token.kind() != Token.Kind.END) {
            ads.add(ad());
        }
        return List.copyOf(ads);
    }

    /// `Name = expression`
    Attribute attribute() {
        var name = name("the name of an attribute");
        expect('=');
        var attribute = new Attribute(name, expression());
        expectEnd();
        return attribute;
    }

    private Expression expression() {
        enter();
        var expression = binary();
        if (token.is('?')) {
            expression = conditional(expression);
        }
        depth--;
        return expression;
    }

    /// `a ? : b`, with nothing in the middle, is `a ?: b`.
    private Expression conditional(Expression condition) {
        advance();
        int tallest = height;
        if (token.is(':')) {
            advance();
            return made(new Expression.Binary(Operator.ELVIS, condition, expression()), tallest);
        }
        var then = expression();
        tallest = Math.max(tallest, height);
        expect(':');
        return made(new Expression.Conditional(condition, then, expression()), tallest);
    }

    /// An operator and what stands left of it, waiting for what binds tighter on its right.
    private record Pending(Expression left, int height, Operator operator) {}

    /// With a stack of its own: recursion into each precedence would take ten calls for a level.
    private Expression binary() {
        var first = operand();
        var operator = operator();
        return operator.isEmpty() ? first : binary(first, operator.get());
    }

    private Expression binary(Expression first, Operator after) {
        var waiting = new ArrayDeque<Pending>(4);
        var right = first;
        var next = Optional.of(after);
        while (true) {
            int precedence = next.map(Operator::precedence).orElse(0);
            while (!waiting.isEmpty() && waiting.peek().operator().precedence() >= precedence) {
                var pending = waiting.pop();
                right = made(new Expression.Binary(pending.operator(), pending.left(), right), pending.height());
            }
            if (next.isEmpty()) {
                return right;
            }
            waiting.push(new Pending(right, height, next.get()));
            advance();
            right = operand();
            next = operator();
        }
    }

    private Expression operand() {
        return atSign() ? signed() : postfix();
    }

    private Optional<Operator> operator() {
        return token.kind() == Token.Kind.SIGN ? Operator.binary(token.text()) : Optional.empty();
    }

    private boolean atSign() {
        return token.kind() == Token.Kind.SIGN && Operator.unary(token.text()).isPresent();
    }

    private Expression signed() {
        enter();
        var operator = Operator.unary(token.text()).orElseThrow();
        advance();
        var expression = made(new Expression.Unary(operator, operand()), 0);
        depth--;
        return expression;
    }

    /// Two levels: one is of the operand that it is. All that recurses is in one method, to be easy on the stack.
    private Expression postfix() {
        enter();
        enter();
        Expression expression;
        var first = token;
        if (first.is('(')) {
            advance();
            var inner = expression();
            expect(')');
            expression = made(new Expression.Parenthesized(inner), 0);
        } else if (first.is('{')) {
            expression = made(new Expression.ListOf(several('}', false)), 0);
        } else if (first.is('[')) {
            expression = made(new Expression.AdOf(ad()), 0);
        } else {
            expression = leaf();
            if (first.kind() == Token.Kind.NAME && token.is('(')) {
                expression = call(first, several(')', semantics == Semantics.OLD));
            }
        }
        while (true) {
            int tallest = height;
            if (token.is('[')) {
                advance();
                var index = expression();
                expect(']');
                expression = made(new Expression.Binary(Operator.SUBSCRIPT, expression, index), tallest);
            } else if (token.is('.')) {
                advance();
                expression = made(new Expression.Selection(expression, name("a name after the point")), tallest);
            } else if (token.is("?:")) {
                advance();
                depth--;
                expression = made(new Expression.Binary(Operator.ELVIS, expression, postfix()), tallest);
                depth++;
            } else {
                depth -= 2;
                return expression;
            }
        }
    }

    private Expression leaf() {
        height = 0;
        var first = token;
        if (first.kind() == Token.Kind.LITERAL) {
            advance();
            return made(new Expression.Literal(first.value()), 0);
        } else if (first.kind() == Token.Kind.NAME) {
            advance();
            return made(new Expression.Name(first.text()), 0);
        } else if (first.is('.')) {
            advance();
            return made(new Expression.RootName(name("a name after the point")), 0);
        }
        throw unexpected("an expression");
    }

    /// A time written as `absTime("…")` or `relTime("…")` is a literal.
    private Expression call(Token name, List<Expression> arguments) {
        if (arguments.size() == 1 && arguments.getFirst() instanceof Expression.Literal(Value.Text(var text))) {
            var function = Bytes.lower(name.text());
            if (function.equals("abstime")) {
                return time(name, Times.absolute(text));
            } else if (function.equals("reltime")) {
                return time(name, Times.relative(text));
            }
        }
        return made(new Expression.Call(name.text(), arguments), 0);
    }

    private Expression time(Token name, Optional<Value> time) {
        return made(
                new Expression.Literal(time.orElseThrow(() -> new ClassAdException.Syntax(
                        "The argument of " + name.text() + " is no time", name.position()))),
                0);
    }

    /// Expressions parted by commas, from the opening sign to the closing one.
    private List<Expression> several(char close, boolean semicolons) {
        advance();
        var elements = new ArrayList<Expression>();
        int tallest = 0;
        if (token.is(close)) {
            advance();
            height = 0;
            return elements;
        }
        while (true) {
            elements.add(expression());
            tallest = Math.max(tallest, height);
            if (token.is(close)) {
                advance();
                height = tallest;
                return elements;
            } else if (token.is(',') || (semicolons && token.is(';'))) {
                advance();
            } else {
                throw unexpected("`,` or `" + close + "`");
            }
        }
    }

    private ClassAd ad() {
        expect('[');
        var ad = ClassAd.builder();
        int tallest = 0;
        if (token.is(']')) {
            advance();
            height = 0;
            return ad.build();
        }
        while (token.is(';')) {
            advance();
        }
        while (true) {
            var name = name("the name of an attribute");
            expect('=');
            ad.put(name, expression());
            tallest = Math.max(tallest, height);
            if (!token.is(';') && !token.is(']')) {
                throw unexpected("`;` or `]`");
            }
            while (token.is(';')) {
                advance();
            }
            if (token.is(']')) {
                advance();
                height = tallest;
                return ad.build();
            }
        }
    }

    /// Counts a node whose children are at most `tallest` or [#height] high.
    private Expression made(Expression expression, int tallest) {
        height = Math.max(height, tallest) + 1;
        if (height > limits.height()) {
            throw new ClassAdException.Syntax(
                    "The expression is higher than the " + limits.height() + " levels allowed", token.position());
        }
        if (++nodes > limits.nodes()) {
            throw new ClassAdException.Syntax(
                    "The text has more than the " + limits.nodes() + " nodes allowed", token.position());
        }
        return expression;
    }

    private void enter() {
        if (depth++ > limits.parseDepth()) {
            throw new ClassAdException.Syntax(
                    "The expression is nested deeper than the " + limits.parseDepth() + " levels allowed",
                    token.position());
        }
    }

    private String name(String what) {
        if (token.kind() != Token.Kind.NAME) {
            throw unexpected(what);
        }
        var name = token.text();
        advance();
        return name;
    }

    private void expect(char sign) {
        if (!token.is(sign)) {
            throw unexpected("`" + sign + "`");
        }
        advance();
    }

    private void expectEnd() {
        if (token.kind() != Token.Kind.END) {
            throw unexpected("the end");
        }
    }

    private void advance() {
        token = lexer.next();
    }

    private ClassAdException.Syntax unexpected(String wanted) {
        return new ClassAdException.Syntax("Expected " + wanted + " and found " + token.shown(), token.position());
    }
}
