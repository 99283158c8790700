package bourse.worker;

import bourse.classad.ClassAdException;
import bourse.classad.Expression;
import bourse.classad.Form;
import bourse.classad.Limits;
import bourse.classad.Parser;
import bourse.classad.Printer;
import bourse.classad.Semantics;
import bourse.protocol.Rlc;

/// Whom a machine's owner works for, and what he tells of himself.
///
/// @param region where the machine is, in words of his own, at most 64 characters; empty: he does not say
/// @param watts that a task takes, as he reckons; 0: he does not say
/// @param priceFloor the least that a task must pay for each minute of its category; zero for any
/// @param start true of the tasks (`TARGET`) that his machine (`MY`) may begin
/// @param rank how much he likes them
public record Policy(String region, int watts, Rlc priceFloor, Expression start, Expression rank) {
    private static final int LONGEST_REGION = 64;
    /// A pool reads a whole ad of 16 KiB, and not deeper.
    private static final int LONGEST = 2_000;

    private static final Parser PARSER =
            new Parser(Form.NEW, Semantics.OLD, new Limits(LONGEST, 100, 200, 1_000, 200, 20_000, 1 << 20, 100_000));

    /// Everyone is welcome, and nobody more than another.
    public static final Policy OPEN = new Policy("", 0, Rlc.ZERO, expression("start", "true"), expression("rank", "0"));

    public Policy {
        if (region.length() > LONGEST_REGION) {
            throw new IllegalArgumentException(
                    "a region has at most %d characters, this has %d".formatted(LONGEST_REGION, region.length()));
        }
        if (watts < 0) {
            throw new IllegalArgumentException("a task takes 0 or more watts, not " + watts);
        }
    }

    /// @param name of what is read, for whoever wrote it
    /// @throws IllegalArgumentException if it is no expression, or too long
    public static Expression expression(String name, String text) {
        try {
            var expression = PARSER.expression(text);
            // As pools read it, where a letter may take more.
            int length = Printer.print(expression, Form.NEW).length();
            if (length > LONGEST) {
                throw new IllegalArgumentException(
                        "%s takes at most %d characters, not %d".formatted(name, LONGEST, length));
            }
            return expression;
        } catch (ClassAdException.Syntax e) {
            throw new IllegalArgumentException(
                    "%s is no expression of ClassAds (docs/classad.md): %s".formatted(name, e.getMessage()), e);
        }
    }

    /// @throws IllegalArgumentException as [#expression] does
    public static Policy of(String region, int watts, Rlc priceFloor, String start, String rank) {
        return new Policy(region, watts, priceFloor, expression("start", start), expression("rank", rank));
    }
}
