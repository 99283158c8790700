package bourse.scheduler.trust;

import bourse.protocol.Address;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/// What workers have shown with one app and with another.
///
/// Who is right with one program may be wrong with another: because he lies where nobody looks, or because his machine
/// fails at it. So where an app's results were looked at often enough, nothing else counts for it; before, what was
/// shown with all apps does. Apps that nobody uses are forgotten, the longest unused first.
final class Experience {
    private static final int MOST_APPS = 10_000;
    /// An app is known when so many workers could stand alone by what was seen of its results.
    private static final int WORKERS = 10;

    private final Policy policy;
    /// The longest unused first.
    private final Map<Address, App> apps = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Address, App> eldest) {
            return size() > MOST_APPS;
        }
    };
    private final Map<Skill, Double> changes = new LinkedHashMap<>();

    private static final class App {
        private final Map<Address, Double> passed = new HashMap<>();
        private double total;

        void set(Address worker, double now) {
            Double before = now > 0 ? passed.put(worker, now) : passed.remove(worker);
            total += now - (before == null ? 0 : before);
        }
    }

    private record Skill(Address worker, Address app) {}

    Experience(Policy policy) {
        this.policy = policy;
    }

    /// There are tasks of this app.
    void meet(Address app) {
        use(app);
    }

    private App use(Address app) {
        var seen = Objects.requireNonNullElseGet(apps.remove(app), App::new);
        apps.put(app, seen);
        return seen;
    }

    Set<Address> apps() {
        return apps.keySet();
    }

    /// How many passed checks count for a worker's next result with an app.
    ///
    /// @param everywhere with all apps
    double of(Address worker, Address app, double everywhere) {
        var seen = apps.get(app);
        return seen != null && isKnown(seen) ? seen.passed.getOrDefault(worker, 0.0) : everywhere;
    }

    private boolean isKnown(App app) {
        return app.total >= WORKERS * policy.checksForOne();
    }

    void passed(Address worker, Address app) {
        var seen = use(app);
        set(seen, worker, app, policy.remember(seen.passed.getOrDefault(worker, 0.0)));
    }

    /// What he has shown counts no more.
    void forget(Address worker) {
        apps.forEach((app, seen) -> {
            if (seen.passed.containsKey(worker)) {
                set(seen, worker, app, 0);
            }
        });
    }

    private void set(App seen, Address worker, Address app, double passed) {
        seen.set(worker, passed);
        changes.put(new Skill(worker, app), passed);
    }

    void recall(Book.Shown shown) {
        use(shown.app()).set(shown.worker(), shown.passed());
    }

    /// What has changed since the last call.
    List<Book.Shown> takeChanges() {
        var taken = changes.entrySet().stream()
                .map(change ->
                        new Book.Shown(change.getKey().worker(), change.getKey().app(), change.getValue()))
                .toList();
        changes.clear();
        return taken;
    }
}
