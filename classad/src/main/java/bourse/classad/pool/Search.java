package bourse.classad.pool;

import bourse.classad.Budget;
import bourse.classad.Calculation;
import bourse.classad.ClassAd;
import bourse.classad.Evaluator;
import bourse.classad.Match;
import bourse.classad.Value;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/// One task, looked for in one table after the other.
final class Search<K> {
    /// Tables with fewer offers are walked: compiling costs as much as a few walks.
    static final int FEW = 4;

    private final ClassAd task;
    private final boolean understood;
    private final Evaluator evaluator;
    private final Budget budget;
    private final Vectors vectors;
    private final Hits<K> hits = new Hits<>();

    /// @param evaluator with a clock that stands still
    /// @param budget of what the task says, and of what is evaluated for rows
    Search(ClassAd task, Evaluator evaluator, Budget budget, Cells cells) {
        this.task = task;
        this.understood = Policy.of(task, cells).understood();
        this.evaluator = evaluator;
        this.budget = budget;
        this.vectors = new Vectors(evaluator.within(budget));
    }

    Hits<K> hits() {
        return hits;
    }

    void in(Table<K> table) {
        if (!understood || !table.policy().understood() || table.size() < FEW) {
            for (int row = 0; row < table.size(); row++) {
                walk(table.offer(row));
            }
            return;
        }
        var compiler = new Compiler(table, task, evaluator);
        var clauses = new ArrayList<Formula>();
        boolean taskKnown = clauses(compiler.ofTask("Requirements"), clauses);
        boolean offersKnown = clauses(compiler.ofOffers("Requirements"), clauses);
        var rank = compiler.ofTask("Rank");
        var unclear = Bits.none(table.size());
        for (var clause : clauses) {
            unclear(clause, unclear);
        }
        unclear(rank, unclear);
        var rows = Bits.all(table.size());
        Bits.andNot(rows, unclear);
        try {
            narrow(rows, clauses, table.size());
        } catch (Vectors.Unclear e) {
            taskKnown = false;
            offersKnown = false;
        }
        if (!taskKnown || !offersKnown) {
            for (int row : Bits.rows(rows)) {
                var match = new Match(task, table.offer(row).ad(), evaluator, budget);
                if (!(taskKnown || match.leftAccepts()) || !(offersKnown || match.rightAccepts())) {
                    Bits.clear(rows, row);
                }
            }
        }
        rank(table, Bits.rows(rows), rank);
        if (!Bits.isEmpty(unclear)) {
            for (int row : Bits.rows(unclear)) {
                walk(table.offer(row));
            }
        }
    }

    private void walk(Offer<K> offer) {
        if (budget.isSpent()) {
            return;
        }
        var match = new Match(task, offer.ad(), evaluator, budget);
        if (match.matches()) {
            hits.add(offer, match.leftRank());
        }
    }

    /// Collects what all have to be true; false if there is one of which only the walk can tell.
    private static boolean clauses(Formula formula, List<Formula> clauses) {
        if (formula instanceof Formula.And(Formula left, Formula right, var _)) {
            boolean known = clauses(left, clauses);
            return clauses(right, clauses) && known;
        }
        boolean known = Formula.isKnown(formula);
        if (known) {
            clauses.add(formula);
        }
        return known;
    }

    /// Adds the rows where a column of the formula is left to the walk.
    private static void unclear(Formula formula, long[] rows) {
        switch (formula) {
            case Formula.Constant _, Formula.Unknown _ -> {}
            case Formula.Cell(Column column, Formula absent) -> {
                column.addOpaque(rows);
                unclear(absent, rows);
            }
            case Formula.Unary(var _, Formula operand) -> unclear(operand, rows);
            case Formula.Binary(var _, Formula left, Formula right) -> {
                unclear(left, rows);
                unclear(right, rows);
            }
            case Formula.And(Formula left, Formula right, var _) -> {
                unclear(left, rows);
                unclear(right, rows);
            }
            case Formula.Choice(Formula condition, Formula then, Formula otherwise) -> {
                unclear(condition, rows);
                unclear(then, rows);
                unclear(otherwise, rows);
            }
            case Formula.Apply(var _, List<Formula> arguments) -> arguments.forEach(it -> unclear(it, rows));
        }
    }

    private void narrow(long[] rows, List<Formula> clauses, int size) {
        var filter = new Filter(vectors, size);
        for (var clause : clauses) {
            if (clause instanceof Formula.Constant(Value value) && !Calculation.isTrue(value)) {
                Arrays.fill(rows, 0);
                return;
            }
        }
        clauses.removeIf(Formula.Constant.class::isInstance);
        clauses.sort(Comparator.comparingInt(Filter::cost));
        for (var clause : clauses) {
            if (Bits.isEmpty(rows)) {
                return;
            }
            filter.narrow(rows, clause);
        }
    }

    private void rank(Table<K> table, int[] rows, Formula rank) {
        hits.expect(rows.length);
        if (rank instanceof Formula.Constant(Value value)) {
            byte tag = Tag.of(value);
            double constant = Tag.isNumber(tag) ? Tag.real(tag, Tag.data(value)) : 0;
            for (int row : rows) {
                hits.add(table.offer(row), constant);
            }
            return;
        }
        var result = vectors.take();
        for (int from = 0; from < rows.length; from += Vector.SIZE) {
            int count = Math.min(Vector.SIZE, rows.length - from);
            boolean known = Formula.isKnown(rank);
            try {
                vectors.evaluate(rank, rows, from, count, result);
            } catch (Vectors.Unclear e) {
                known = false;
            }
            for (int i = 0; i < count; i++) {
                var offer = table.offer(rows[from + i]);
                if (known) {
                    hits.add(offer, Tag.isNumber(result.tag(i)) ? result.real(i) : 0);
                } else {
                    hits.add(offer, new Match(task, offer.ad(), evaluator, budget).leftRank());
                }
            }
        }
        vectors.give(result);
    }
}
