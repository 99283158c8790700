package bourse.classad.pool;

import bourse.classad.Calculation;
import bourse.classad.ClassAd;
import bourse.classad.ClassAdException;
import bourse.classad.Evaluator;
import bourse.classad.Expression;
import bourse.classad.Match;
import bourse.classad.Scope;
import bourse.classad.Value;
import bourse.classad.pool.Explanation.Counts;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/// Makes an [Explanation], clause by clause and offer by offer, with the reference evaluator.
final class Explainer {
    private static final int MOST_REFUSALS = 100;
    /// Distinct clauses of offers that are counted.
    private static final int MOST_OFFER_CLAUSES = 10_000;

    private final ClassAd task;
    private final List<ClassAd> offers;
    private final Evaluator evaluator;
    private final int more;
    private final List<Expression> clauses;
    /// Of each clause.
    private final List<BitSet> holding = new ArrayList<>();
    private final List<Tally> tallies = new ArrayList<>();
    private final BitSet accepted = new BitSet();
    private final BitSet accepting = new BitSet();
    private final Map<Expression, Tally> refusing = new LinkedHashMap<>();
    private final Map<Expression, Integer> obstacles = new HashMap<>();

    /// @param evaluator with a clock that stands still
    /// @param more how many matches more a change should make
    Explainer(ClassAd task, List<ClassAd> offers, Evaluator evaluator, int more) {
        this.task = task;
        this.offers = offers;
        this.evaluator = evaluator;
        this.more = more;
        this.clauses = Conjuncts.of(task, "Requirements");
        for (var _ : clauses) {
            holding.add(new BitSet());
            tallies.add(new Tally());
        }
    }

    Explanation explain() {
        int without = 0;
        for (int i = 0; i < offers.size(); i++) {
            look(i);
            without += offers.get(i).get("Requirements").isEmpty() ? 1 : 0;
        }
        var matches = (BitSet) accepted.clone();
        matches.and(accepting);
        return new Explanation(
                offers.size(),
                accepted.cardinality(),
                accepting.cardinality(),
                matches.cardinality(),
                clauses(),
                refusals(),
                without);
    }

    private Match pair(int i) {
        return new Match(task, offers.get(i), evaluator);
    }

    private void look(int i) {
        var pair = pair(i);
        accepted.set(i, pair.leftAccepts());
        accepting.set(i, pair.rightAccepts());
        for (int c = 0; c < clauses.size(); c++) {
            holding.get(c).set(i, tallies.get(c).add(value(clauses.get(c), pair.left())));
        }
        var refused = new ArrayList<Expression>();
        for (var expression : Conjuncts.of(offers.get(i), "Requirements")) {
            if (refusing.size() >= MOST_OFFER_CLAUSES && !refusing.containsKey(expression)) {
                continue;
            }
            var tally = refusing.computeIfAbsent(expression, _ -> new Tally());
            if (!tally.add(value(expression, pair.right()))) {
                refused.add(expression);
            }
        }
        if (refused.size() == 1 && accepted.get(i)) {
            obstacles.merge(refused.getFirst(), 1, Integer::sum);
        }
    }

    private List<Explanation.Clause> clauses() {
        var explained = new ArrayList<Explanation.Clause>();
        var together = new BitSet();
        together.set(0, offers.size());
        for (int i = 0; i < clauses.size(); i++) {
            together.and(holding.get(i));
            var others = (BitSet) accepting.clone();
            for (int j = 0; j < clauses.size(); j++) {
                if (j != i) {
                    others.and(holding.get(j));
                }
            }
            others.andNot(holding.get(i));
            explained.add(new Explanation.Clause(
                    clauses.get(i),
                    tallies.get(i).counts(),
                    together.cardinality(),
                    others.cardinality(),
                    missing(clauses.get(i)),
                    new Changes(task, evaluator, more)
                            .of(clauses.get(i), others.stream().mapToObj(this::pair))));
        }
        return explained;
    }

    private List<Explanation.Missing> missing(Expression expression) {
        var names = new TreeSet<>(Comparator.comparing(Calculation::folded));
        Opposite.names(expression, task, evaluator.semantics(), names);
        return names.stream()
                .map(name -> new Explanation.Missing(name, (int) offers.stream()
                        .filter(offer -> offer.get(name).isEmpty())
                        .count()))
                .filter(it -> it.offers() > 0)
                .toList();
    }

    private List<Explanation.Refusal> refusals() {
        return refusing.entrySet().stream()
                .map(it -> new Explanation.Refusal(
                        it.getKey(), it.getValue().counts(), obstacles.getOrDefault(it.getKey(), 0)))
                .filter(it -> it.counts().yes() < it.counts().all())
                .sorted(Comparator.comparingInt(
                        it -> it.counts().yes() - it.counts().all()))
                .limit(MOST_REFUSALS)
                .toList();
    }

    private Value value(Expression expression, Scope scope) {
        try {
            return evaluator.evaluate(expression, scope);
        } catch (ClassAdException.Exhausted e) {
            return Value.ERROR;
        }
    }

    private static final class Tally {
        private final Map<Value, Integer> truths = new LinkedHashMap<>();

        /// Whether it is true.
        private boolean add(Value value) {
            truths.merge(Calculation.truth(value), 1, Integer::sum);
            return Calculation.isTrue(value);
        }

        private Counts counts() {
            return new Counts(of(Value.TRUE), of(Value.FALSE), of(Value.UNDEFINED), of(Value.ERROR));
        }

        private int of(Value truth) {
            return truths.getOrDefault(truth, 0);
        }
    }
}
