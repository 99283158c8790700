package bourse.scheduler.trust;

import bourse.protocol.Address;
import java.util.ArrayList;
import java.util.List;

/// An undecided task, as the [Book] keeps it.
final class Ballot<T> {
    final T task;
    final Address app;
    /// Its place on the [Shelf] is where this number was given.
    long stamp;
    /// Whether anybody was ever asked.
    boolean touched;

    private List<Vote> votes = List.of();
    /// Who is at it.
    private List<Address> pending = List.of();

    Ballot(T task, Address app) {
        this.task = task;
        this.app = app;
    }

    List<Vote> votes() {
        return votes;
    }

    List<Address> pending() {
        return pending;
    }

    void ask(Address worker) {
        pending = with(pending, worker);
    }

    void forget(Address worker) {
        pending = pending.stream().filter(other -> !other.equals(worker)).toList();
    }

    void vote(Vote vote) {
        forget(vote.worker());
        votes = with(votes, vote);
    }

    void withdraw(Address worker) {
        votes = votes.stream().filter(vote -> !vote.worker().equals(worker)).toList();
    }

    /// His vote counts `power` from now on.
    void weigh(Address worker, double power) {
        votes = votes.stream()
                .map(vote -> vote.worker().equals(worker)
                        ? new Vote(vote.worker(), vote.answer(), power, vote.epoch())
                        : vote)
                .toList();
    }

    private static <E> List<E> with(List<E> list, E one) {
        var longer = new ArrayList<E>(list.size() + 1);
        longer.addAll(list);
        longer.add(one);
        return List.copyOf(longer);
    }
}
