package bourse.classad.pool;

import bourse.classad.Budget;
import bourse.classad.ClassAd;
import bourse.classad.Evaluator;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/// Keeps offers in a [Table] for each policy.
final class ColumnarMatcher<K> implements Matcher<K> {
    /// Up to here, a set of rows for each value of a column takes less time than looking at all rows.
    static final int MOST_DISTINCT = 128;

    private final Evaluator evaluator;
    private final Cells cells;
    private final int mostDistinct;
    private final Map<Policy, Table<K>> tables = new LinkedHashMap<>();
    private final Map<K, Place<K>> places = new HashMap<>();
    private final Clusters<K> clusters = new Clusters<>();
    private long age;

    /// Where an offer is.
    private static final class Place<K> {
        private Table<K> table;
        private int row;

        private Place(Table<K> table, int row) {
            this.table = table;
            this.row = row;
        }
    }

    ColumnarMatcher(Evaluator evaluator, int mostDistinct) {
        this.evaluator = evaluator;
        this.mostDistinct = mostDistinct;
        this.cells = new Cells(evaluator);
    }

    @Override
    public void put(K id, ClassAd ad) {
        clusters.clear();
        var policy = Policy.of(ad, cells);
        var place = places.get(id);
        if (place == null) {
            var table = table(policy);
            places.put(id, new Place<>(table, table.add(new Offer<>(id, ad, age++))));
            return;
        }
        var offer = place.table.offer(place.row).with(ad);
        if (place.table.policy().equals(policy)) {
            place.table.set(place.row, offer);
        } else {
            leave(place);
            place.table = table(policy);
            place.row = place.table.add(offer);
        }
    }

    private Table<K> table(Policy policy) {
        return tables.computeIfAbsent(policy, it -> {
            clusters.add(it);
            return new Table<>(it, cells, mostDistinct);
        });
    }

    @Override
    public boolean remove(K id) {
        var place = places.remove(id);
        if (place == null) {
            return false;
        }
        clusters.clear();
        leave(place);
        return true;
    }

    private void leave(Place<K> place) {
        var table = place.table;
        table.remove(place.row);
        if (table.size() == 0) {
            tables.remove(table.policy());
            clusters.remove(table.policy());
        } else if (place.row < table.size()) {
            var moved = places.get(table.offer(place.row).id());
            if (moved != null) {
                moved.row = place.row;
            }
        }
    }

    @Override
    public int size() {
        return places.size();
    }

    @Override
    public Explanation explain(ClassAd task, int more) {
        var ads = places.values().stream()
                .map(place -> place.table.offer(place.row))
                .sorted(Comparator.comparingLong(Offer::age))
                .map(Offer::ad)
                .toList();
        return new Explainer(task, ads, Instants.frozen(evaluator), more).explain();
    }

    @Override
    public Matches<K> matches(ClassAd task, int most, Budget budget) {
        var cluster = clusters.of(task, most).orElse(null);
        var known = cluster == null ? null : clusters.answer(cluster);
        if (known != null) {
            return known;
        }
        var search = new Search<K>(task, Instants.frozen(evaluator), budget, cells);
        tables.values().forEach(search::in);
        var found = search.hits().best(most);
        if (cluster != null && !budget.isSpent()) {
            clusters.keep(cluster, found);
        }
        return found;
    }
}
