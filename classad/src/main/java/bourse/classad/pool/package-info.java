/// Many tasks, many offers: which suit each other, how well, and why not.
///
/// A [Matcher] has two engines that always answer the same. [WalkingMatcher] asks the reference evaluator about
/// every pair. [ColumnarMatcher] is some hundred times faster:
///
/// 1. Offers whose expressions are the same lie in one [Table]: pools have a handful of policies, and what else
///    offers have are values. Values lie in a [Column] for each attribute that somebody asked for.
/// 2. For a task and a table, [Compiler] turns both Requirements and the task's Rank into a [Formula]: the task's
///    attributes are constants, policy is put in place, and columns are left.
/// 3. All clauses that `&&` joins have to be true, the task's and the offers'. [Filter] lets each of them narrow the
///    set of rows, the cheapest first: a column with few values knows the rows of each ([Distinct]), so that the
///    clause is evaluated once for each value; a comparison with a number is one loop over a column ([Range]);
///    [Vectors] evaluates anything else for the rows that are left, a thousand at a time.
/// 4. Rank is evaluated for the rows that are left, and [Order] sorts by it.
///
/// What the compiler does not understand, the walk decides: for one clause, for the rows that have an odd value in a
/// column, for a table or for a task. So does what could come near the evaluator's limits; formulas never do.
///
/// Tasks that no offer can tell apart share an answer until an offer changes ([Clusters]). [Explanation] says what
/// each clause of both sides lets through, and the smallest change that would make more matches.
@NullMarked
package bourse.classad.pool;

import org.jspecify.annotations.NullMarked;
