package bourse.testing;

import bourse.protocol.Address;
import bourse.protocol.Pool;
import bourse.protocol.TaskId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;

/// A pool that does as a test says, and remembers what its workers told it.
public final class ScriptedPool implements Pool {
    private final Address workerpool;
    private final VirtualClock clock;
    private final List<Assignment> assignments = new CopyOnWriteArrayList<>();
    private final List<Report> reports = new CopyOnWriteArrayList<>();
    private final Map<Address, Ad> ads = new ConcurrentHashMap<>();
    private final Set<TaskId> stopped = ConcurrentHashMap.newKeySet();

    /// What a worker said about a task.
    public record Report(Address worker, TaskId task, Progress progress) {}

    public ScriptedPool(Address workerpool, VirtualClock clock) {
        this.workerpool = workerpool;
        this.clock = clock;
    }

    /// The worker whom it authorizes gets it when he asks, and again until his lease is over or he is done with it.
    public void assign(Assignment assignment) {
        assignments.add(assignment);
        clock.ring();
    }

    /// From now on, workers of `task` are told to stop.
    public void stop(TaskId task) {
        stopped.add(task);
    }

    /// Everything that workers said, in their order.
    public List<Report> reports() {
        return List.copyOf(reports);
    }

    /// What workers offered when they last asked.
    public List<Ad> ads() {
        return List.copyOf(ads.values());
    }

    /// Waits, for as long as the test runs, for a report.
    public Report awaitReport(Predicate<Report> which) throws InterruptedException {
        clock.await(() -> reports.stream().anyMatch(which), Duration.ofDays(10_000));
        return reports.stream().filter(which).findFirst().orElseThrow();
    }

    @Override
    public Address workerpool() {
        return workerpool;
    }

    @Override
    public Optional<Assignment> ask(Ad ad, Duration patience) throws InterruptedException {
        ads.put(ad.worker(), ad);
        clock.ring();
        clock.await(() -> next(ad.worker()).isPresent(), patience);
        return next(ad.worker());
    }

    @Override
    public Verdict report(Address worker, TaskId task, Progress progress) {
        reports.add(new Report(worker, task, progress));
        clock.ring();
        return stopped.contains(task) ? Verdict.STOP : Verdict.CONTINUE;
    }

    @Override
    public List<Member> members() {
        return ads.keySet().stream()
                .sorted()
                .map(worker -> new Member(
                        worker, clock.instant(), next(worker).map(each -> new Work(each.task(), "ASSIGNED"))))
                .toList();
    }

    @Override
    public Status status(TaskId task) {
        return new Status(List.of(), "the test decides", false);
    }

    private Optional<Assignment> next(Address worker) {
        var done = new HashSet<TaskId>();
        for (var report : reports) {
            if (report.worker().equals(worker)
                    && (report.progress() instanceof Progress.Delivered
                            || report.progress() instanceof Progress.GaveUp)) {
                done.add(report.task());
            }
        }
        return new ArrayList<>(assignments)
                .stream()
                        .filter(each -> each.authorization().worker().equals(worker))
                        .filter(each -> !done.contains(each.task()) && !stopped.contains(each.task()))
                        .filter(each -> clock.instant().isBefore(each.lease()))
                        .findFirst();
    }
}
