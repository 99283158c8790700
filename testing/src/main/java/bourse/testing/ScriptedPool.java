package bourse.testing;

import bourse.protocol.Address;
import bourse.protocol.Pool;
import bourse.protocol.TaskId;
import java.time.Duration;
import java.util.Comparator;
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
    private final List<Told> reports = new CopyOnWriteArrayList<>();
    private final Map<Address, Ad> ads = new ConcurrentHashMap<>();
    private final Set<TaskId> stopped = ConcurrentHashMap.newKeySet();

    /// What a worker said about a task.
    public record Told(Address worker, TaskId task, Progress progress) {}

    public ScriptedPool(Address workerpool, VirtualClock clock) {
        this.workerpool = workerpool;
        this.clock = clock;
    }

    /// The worker whom it authorizes gets it when he asks, and again until his lease is over or he is done with
    /// it.
    public void assign(Assignment assignment) {
        assignments.add(assignment);
        clock.ring();
    }

    /// From now on, workers of `task` are told to stop.
    public void stop(TaskId task) {
        stopped.add(task);
    }

    /// Everything that workers said, in their order.
    public List<Told> reports() {
        return List.copyOf(reports);
    }

    /// What workers offered when they last asked.
    public List<Ad> ads() {
        return List.copyOf(ads.values());
    }

    /// Waits, for as long as the test runs, for a report.
    public Told awaitReport(Predicate<Told> which) throws InterruptedException {
        clock.await(() -> reports.stream().anyMatch(which), VirtualClock.FOREVER);
        return reports.stream().filter(which).findFirst().orElseThrow();
    }

    @Override
    public Address workerpool() {
        return workerpool;
    }

    @Override
    public List<Assignment> ask(Ad ad, Duration patience) throws InterruptedException {
        ads.put(ad.worker(), ad);
        clock.ring();
        clock.await(() -> next(ad).isPresent(), patience);
        return next(ad).stream().toList();
    }

    @Override
    public List<Verdict> report(Address worker, List<Report> told) {
        told.forEach(report -> reports.add(new Told(worker, report.task(), report.progress())));
        clock.ring();
        return told.stream()
                .map(report ->
                        stopped.contains(report.task()) || isLast(report.progress()) ? Verdict.STOP : Verdict.CONTINUE)
                .toList();
    }

    @Override
    public List<Log> logs(TaskId task, Address reader) {
        return List.of();
    }

    @Override
    public List<Member> members() {
        return ads.values().stream()
                .sorted(Comparator.comparing(Ad::worker))
                .map(ad -> new Member(
                        ad.worker(), clock.instant(), next(ad).map(next -> new Work(next.task(), "ASSIGNED"))))
                .toList();
    }

    @Override
    public Optional<Suitability> suitability(TaskId task) {
        return Optional.empty();
    }

    @Override
    public Status status(TaskId task) {
        return new Status(List.of(), "the test decides", false);
    }

    private Optional<Assignment> next(Ad ad) {
        return assignments.stream()
                .filter(each -> each.authorization().worker().equals(ad.worker()))
                .filter(each -> !ad.inHand().contains(each.task()))
                .filter(each -> !stopped.contains(each.task()) && !isDone(ad.worker(), each.task()))
                .filter(each -> clock.instant().isBefore(each.lease()))
                .findFirst();
    }

    private boolean isDone(Address worker, TaskId task) {
        return reports.stream()
                .anyMatch(report ->
                        report.worker().equals(worker) && report.task().equals(task) && isLast(report.progress()));
    }

    private static boolean isLast(Progress progress) {
        return switch (progress) {
            case Progress.Fetching _, Progress.Computing _, Progress.Ran _, Progress.Contributed _ -> false;
            case Progress.Delivered _, Progress.GaveUp _ -> true;
        };
    }
}
