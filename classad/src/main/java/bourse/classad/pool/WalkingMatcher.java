package bourse.classad.pool;

import bourse.classad.Budget;
import bourse.classad.ClassAd;
import bourse.classad.Evaluator;
import bourse.classad.Match;
import java.util.LinkedHashMap;
import java.util.Map;

/// Walks both expressions of every pair: slow, and right by definition.
final class WalkingMatcher<K> implements Matcher<K> {
    private final Evaluator evaluator;
    private final Map<K, Offer<K>> offers = new LinkedHashMap<>();
    private long age;

    WalkingMatcher(Evaluator evaluator) {
        this.evaluator = evaluator;
    }

    @Override
    public void put(K id, ClassAd offer) {
        offers.merge(id, new Offer<>(id, offer, age++), (old, _) -> old.with(offer));
    }

    @Override
    public boolean remove(K id) {
        return offers.remove(id) != null;
    }

    @Override
    public int size() {
        return offers.size();
    }

    @Override
    public Explanation explain(ClassAd task, int more) {
        var ads = offers.values().stream().map(Offer::ad).toList();
        return new Explainer(task, ads, Instants.frozen(evaluator), more).explain();
    }

    @Override
    public Matches<K> matches(ClassAd task, int most, Budget budget) {
        var now = Instants.frozen(evaluator);
        var hits = new Hits<K>();
        for (var offer : offers.values()) {
            if (budget.isSpent()) {
                break;
            }
            var match = new Match(task, offer.ad(), now, budget);
            if (match.matches()) {
                hits.add(offer, match.leftRank());
            }
        }
        return hits.best(most);
    }
}
