package bourse.node;

import bourse.scheduler.Vitals;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.List;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

/// What an operator's Prometheus reads.
public final class Meters {
    private static final List<String> STATES = List.of("UNSET", "ACTIVE", "REVEALING", "AUDIT_DUE");
    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

    public Meters() {
        new JvmMemoryMetrics().bindTo(registry);
        new JvmThreadMetrics().bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
    }

    /// A number that goes up and down.
    public Meters gauge(String name, String description, Supplier<Number> value) {
        Gauge.builder(name, value)
                .description(description)
                .strongReference(true)
                .register(registry);
        return this;
    }

    /// Those of a scheduler.
    public Meters of(Supplier<Vitals> vitals) {
        for (var state : STATES) {
            Gauge.builder("bourse.tasks", () -> vitals.get().tasks().getOrDefault(state, 0))
                    .description("Open tasks in this scheduler's memory, by their state on chain")
                    .tag("state", state)
                    .register(registry);
        }
        gauge(
                "bourse.tasks.unread",
                "Tasks of the pool that wait outside of memory",
                () -> vitals.get().unread());
        gauge(
                "bourse.tasks.wanting",
                "Tasks that wait for workers",
                () -> vitals.get().wanting());
        gauge(
                "bourse.queue.age.seconds",
                "How long the first of them has waited",
                () -> vitals.get().oldestWait().toSeconds());
        gauge(
                "bourse.workers",
                "Workers heard of lately, by any scheduler",
                () -> vitals.get().members());
        gauge(
                "bourse.workers.idle",
                "Workers that wait here for a task",
                () -> vitals.get().idle());
        gauge(
                "bourse.leader",
                "Whether this scheduler sends the pool's transactions",
                () -> vitals.get().leads() ? 1 : 0);
        gauge(
                "bourse.owner.free.rlc",
                "What the pool's owner could stake",
                () -> vitals.get().purse().free().nano().doubleValue() / 1e9);
        gauge(
                "bourse.owner.locked.rlc",
                "What he has at stake",
                () -> vitals.get().purse().locked().nano().doubleValue() / 1e9);
        gauge(
                "bourse.chain.block",
                "The newest block that it knows",
                () -> vitals.get().block());
        gauge(
                "bourse.replicates.per.task",
                "Votes on each task that ended well",
                () -> vitals.get().counted().completed() == 0
                        ? 0
                        : (double) vitals.get().counted().votes()
                                / (double) vitals.get().counted().completed());
        counter("bourse.leases.assigned", "Leases given", vitals, Vitals.Counted::assigned);
        counter("bourse.leases.lost", "Leases that ran out", vitals, Vitals.Counted::lost);
        counter("bourse.leases.given.up", "Times that workers gave up", vitals, Vitals.Counted::gaveUp);
        counter("bourse.tasks.completed", "Tasks that ended well", vitals, Vitals.Counted::completed);
        counter("bourse.tasks.failed", "Tasks that were refunded", vitals, Vitals.Counted::failed);
        counter("bourse.transactions", "Transactions sent", vitals, Vitals.Counted::transactions);
        counter(
                "bourse.transactions.refused",
                "Transactions that the contracts refused",
                vitals,
                Vitals.Counted::refused);
        counter("bourse.gas", "Gas spent", vitals, Vitals.Counted::gas);
        counter(
                "bourse.leases.unsure",
                "Leases given by the chain's rule alone, the pool's error bound being out of reach",
                vitals,
                Vitals.Counted::unsure);
        counter("bourse.checks", "Checks bought: tasks whose result was known", vitals, Vitals.Counted::checks);
        counter("bourse.checks.passed", "Right answers to checks", vitals, Vitals.Counted::passed);
        counter("bourse.checks.failed", "Wrong answers to checks", vitals, Vitals.Counted::caught);
        return this;
    }

    /// Those of an order book.
    public Meters ofMarket(Supplier<bourse.market.Market.Vitals> vitals) {
        gauge(
                "bourse.chain.block",
                "The newest block that it knows",
                () -> vitals.get().block());
        gauge(
                "bourse.market.listeners",
                "Who listens to its stream",
                () -> vitals.get().listeners());
        FunctionCounter.builder(
                        "bourse.market.orders", vitals, source -> source.get().taken())
                .description("Orders that it has taken since it began")
                .register(registry);
        FunctionCounter.builder(
                        "bourse.market.orders.refused",
                        vitals,
                        source -> source.get().refused())
                .description("Orders that it has refused")
                .register(registry);
        return this;
    }

    private void counter(
            String name, String description, Supplier<Vitals> vitals, ToDoubleFunction<Vitals.Counted> value) {
        FunctionCounter.builder(
                        name, vitals, source -> value.applyAsDouble(source.get().counted()))
                .description(description)
                .register(registry);
    }

    /// In Prometheus' text format.
    public String text() {
        return registry.scrape();
    }
}
