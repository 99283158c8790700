package bourse.sandbox;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Several sandboxes as one: each job goes to the first that runs programs of its kind.
public final class Sandboxes implements Sandbox {
    private final List<Sandbox> all;

    /// @param all at least one; what the first is held by is what [#isolation] says
    public Sandboxes(List<Sandbox> all) {
        this.all = List.copyOf(all);
    }

    @Override
    public Outcome run(Job job) throws InterruptedException {
        return all.stream()
                .filter(one -> one.kinds().contains(job.program().getClass()))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no sandbox runs this: " + job.program()))
                .run(job);
    }

    @Override
    public void pause() {
        all.forEach(Sandbox::pause);
    }

    @Override
    public void resume() {
        all.forEach(Sandbox::resume);
    }

    @Override
    public Set<Class<? extends Program>> kinds() {
        var kinds = new HashSet<Class<? extends Program>>();
        all.forEach(one -> kinds.addAll(one.kinds()));
        return kinds;
    }

    @Override
    public Isolation isolation() {
        return all.getFirst().isolation();
    }

    @Override
    public void close() {
        all.forEach(Sandbox::close);
    }
}
