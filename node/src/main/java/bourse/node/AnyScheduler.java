package bourse.node;

import bourse.protocol.Address;
import bourse.protocol.Away;
import bourse.protocol.Pool;
import bourse.protocol.TaskId;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// A pool that several schedulers serve: whichever of them answers. One that does is stayed with.
final class AnyScheduler implements Pool {
    private final List<? extends Pool> schedulers;
    private volatile int current;

    AnyScheduler(List<? extends Pool> schedulers) {
        this.schedulers = List.copyOf(schedulers);
    }

    private interface Question<T> {
        T to(Pool scheduler) throws InterruptedException;
    }

    /// @throws Away if nobody answers
    private <T> T put(Question<T> question) throws InterruptedException {
        int first = current;
        for (int i = 0; ; i++) {
            int next = (first + i) % schedulers.size();
            try {
                var answer = question.to(schedulers.get(next));
                current = next;
                return answer;
            } catch (Away e) {
                if (i + 1 == schedulers.size()) {
                    throw e;
                }
            }
        }
    }

    @Override
    public List<Assignment> ask(Ad ad, Duration patience) throws InterruptedException {
        return put(scheduler -> scheduler.ask(ad, patience));
    }

    @Override
    public List<Verdict> report(Address worker, List<Report> reports) throws InterruptedException {
        return put(scheduler -> scheduler.report(worker, reports));
    }

    @Override
    public Address workerpool() throws InterruptedException {
        return put(Pool::workerpool);
    }

    @Override
    public List<Member> members() throws InterruptedException {
        return put(Pool::members);
    }

    @Override
    public Status status(TaskId task) throws InterruptedException {
        return put(scheduler -> scheduler.status(task));
    }

    @Override
    public Optional<Suitability> suitability(TaskId task) throws InterruptedException {
        return put(scheduler -> scheduler.suitability(task));
    }

    @Override
    public List<Log> logs(TaskId task, Address reader) throws InterruptedException {
        return put(scheduler -> scheduler.logs(task, reader));
    }
}
