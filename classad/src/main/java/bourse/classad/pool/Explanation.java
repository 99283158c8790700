package bourse.classad.pool;

import bourse.classad.Expression;
import bourse.classad.Operator;
import bourse.classad.Value;
import java.util.List;

/// Why a task has the matches that it has: what each clause of its Requirements lets through, which of the offers'
/// clauses refuse it, and what to change.
///
/// Clauses are what `&&` joins, also where an attribute of the same ad stands for them.
///
/// @param offers in the pool
/// @param accepted offers that the task's Requirements accept
/// @param accepting offers whose Requirements accept the task
/// @param matches both
/// @param clauses of the task's Requirements, in their order; none if it has no Requirements
/// @param refusals by clauses of the offers' Requirements that refuse somebody, those first that refuse most
/// @param withoutRequirements offers that match nobody, having no Requirements
public record Explanation(
        int offers,
        int accepted,
        int accepting,
        int matches,
        List<Clause> clauses,
        List<Refusal> refusals,
        int withoutRequirements) {
    public Explanation {
        clauses = List.copyOf(clauses);
        refusals = List.copyOf(refusals);
    }

    /// How many offers make a clause what.
    ///
    /// @param error also where it is neither a boolean nor a number, or takes more than the limits
    public record Counts(int yes, int no, int undefined, int error) {
        public int all() {
            return yes + no + undefined + error;
        }
    }

    /// A clause of the task.
    ///
    /// @param alone what it is for each offer
    /// @param together offers for which it and all clauses before it are true
    /// @param onlyObstacle offers that would match if it were not there
    /// @param missing attributes that it mentions and offers do not have
    /// @param changes what to write instead, if that would make matches
    public record Clause(
            Expression expression,
            Counts alone,
            int together,
            int onlyObstacle,
            List<Missing> missing,
            List<Change> changes) {
        public Clause {
            missing = List.copyOf(missing);
            changes = List.copyOf(changes);
        }
    }

    /// @param offers how many do not have it
    public record Missing(String attribute, int offers) {}

    /// A clause of offers.
    ///
    /// @param counts of the offers that have this clause
    /// @param onlyObstacle offers that would match if they did not have it
    public record Refusal(Expression expression, Counts counts, int onlyObstacle) {}

    /// A smallest change.
    public sealed interface Change {
        /// `attribute operator instead`, as in "Memory >= 6144 instead of 8192 matches 4 more".
        ///
        /// @param operator never strict: `instead` itself is let through
        /// @param now what the clause compares with
        /// @param more offers that match with the change and not without
        record Bound(String attribute, Operator operator, Value now, Value instead, int more) implements Change {}

        /// Other values that offers have which would match but for this clause, the most frequent first.
        record OneOf(String attribute, Value now, List<Choice> choices) implements Change {
            public OneOf {
                choices = List.copyOf(choices);
            }
        }
    }

    /// @param more offers that match with it and not without
    public record Choice(Value value, int more) {}
}
