package bourse.scheduler;

import bourse.classad.ClassAd;
import bourse.classad.ClassAdException;
import bourse.classad.Evaluator;
import bourse.classad.Expression;
import bourse.classad.Form;
import bourse.classad.Limits;
import bourse.classad.Operator;
import bourse.classad.Parser;
import bourse.classad.Semantics;
import bourse.classad.Value;
import bourse.protocol.Address;
import bourse.protocol.Asset;
import bourse.protocol.Deal;
import bourse.protocol.Malformed;
import bourse.protocol.Params;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;

/// Tasks and machines as ClassAds, by HTCondor's old semantics: a name that the task does not have is looked for in
/// the machine's ad, and the other way round. docs/scheduling.md names the attributes.
final class Ads {
    /// What two strangers' ads may take together, in each other's face.
    private static final Limits LIMITS = new Limits(16 << 10, 200, 400, 4_000, 200, 20_000, 1 << 20, 100_000);

    private static final Parser PARSER = new Parser(Form.NEW, Semantics.OLD, LIMITS);
    private static final Expression RUNS_THERE = PARSER.expression("member(MY.Runtime, TARGET.Runtimes)");
    /// The pool writes these into a machine's ad, and nobody else.
    private static final String TOOK = "Took_";

    private static final int MOST_MACHINES = 10_000;
    /// Machines that describe themselves alike are read once. Of all pools in a process, so nobody waits here for
    /// another.
    private static final Map<String, ClassAd> MACHINES = new ConcurrentHashMap<>();

    private Ads() {}

    static Evaluator evaluator(InstantSource clock) {
        // Nothing here is decided by chance: every scheduler of a pool would choose alike.
        return new Evaluator(Semantics.OLD, LIMITS, clock, new Random(0));
    }

    /// An expression of the operator's.
    ///
    /// @throws Malformed if it is none
    static Expression expression(String name, String text) {
        try {
            return PARSER.expression(text);
        } catch (ClassAdException.Syntax e) {
            throw new Malformed("%s is no expression of ClassAds: %s".formatted(name, e.getMessage()));
        }
    }

    /// @param weight of the worker's vote
    /// @throws Malformed if the text is no ad
    static ClassAd machine(String text, long weight) {
        var ad = MACHINES.get(text);
        if (ad == null) {
            try {
                ad = believed(PARSER.ad(text));
            } catch (ClassAdException.Syntax e) {
                throw new Malformed("a machine is described as a ClassAd, such as [Cpus = 2; Requirements = true]: "
                        + e.getMessage());
            }
            if (MACHINES.size() >= MOST_MACHINES) {
                MACHINES.clear();
            }
            MACHINES.put(text, ad);
        }
        return ad.with("Weight", new Expression.Literal(new Value.Int(weight)));
    }

    /// Without what only the pool may say, and without a speed that is none.
    private static ClassAd believed(ClassAd told) {
        var ad = ClassAd.builder();
        for (var attribute : told.attributes()) {
            var name = attribute.name();
            boolean isClaim = name.regionMatches(true, 0, TOOK, 0, TOOK.length())
                    || (name.equalsIgnoreCase("Speed")
                            && real(attribute.expression()).isEmpty());
            if (!isClaim) {
                ad.put(name, attribute.expression());
            }
        }
        return ad.build();
    }

    /// A positive number that is written out.
    private static Optional<Double> real(Expression expression) {
        double number = switch (expression) {
            case Expression.Literal(Value.Real(double value)) -> value;
            case Expression.Literal(Value.Int(long value)) -> value;
            default -> 0;
        };
        return number > 0 && number < Double.POSITIVE_INFINITY ? Optional.of(number) : Optional.empty();
    }

    /// How fast a machine says that it is; 1 if it does not.
    static double speed(ClassAd machine) {
        return machine.get("Speed").flatMap(Ads::real).orElse(1.0);
    }

    /// The attribute of a machine that tells how many seconds it takes for a task of an app.
    static String took(Address app, long category) {
        return "%s%s_%d".formatted(TOOK, app, category);
    }

    /// What every task of a deal asks for.
    ///
    /// @param rank how much the pool likes a machine for a task
    /// @throws Malformed if the deal's parameters can not be read
    static ClassAd of(Deal deal, Asset.App app, Expression rank) {
        var params = Params.parse(deal.params());
        var needs = params.needs();
        var ad = ClassAd.builder()
                .put("App", app.address().toString())
                .put("AppName", app.name())
                .put("AppChecksum", app.checksum().toString())
                .put("Runtime", app.type())
                .put("Requester", deal.requester().toString())
                .put("Category", deal.category().id())
                .put("CategoryName", deal.category().name())
                .put("Seconds", deal.category().reference().toSeconds())
                .put("Deadline", deal.contributionDeadline().getEpochSecond())
                .put("Trust", deal.trust())
                .put("Tag", deal.tag().toString())
                .put("Volume", deal.volume())
                .put("Price", deal.workerpool().price().nano().doubleValue() / 1e9)
                .put("RequestCpus", needs.cores())
                .put("RequestDisk", needs.disk())
                .put("RequestGpus", needs.gpus())
                .put(
                        "ExpectedSeconds",
                        PARSER.expression("TARGET.%s ?: (MY.Seconds / (TARGET.Speed ?: 1.0))"
                                .formatted(took(app.address(), deal.category().id()))))
                .put("Rank", rank)
                .put(
                        "Requirements",
                        needs.requirements().isEmpty()
                                ? RUNS_THERE
                                : new Expression.Binary(
                                        Operator.AND, RUNS_THERE, expression("requirements", needs.requirements())));
        if (needs.memory() > 0) {
            ad.put("RequestMemory", needs.memory());
        }
        if (!needs.rank().isEmpty()) {
            ad.put("Wish", expression("rank", needs.rank()));
        }
        if (deal.hasDataset()) {
            ad.put("Dataset", deal.dataset().asset().toString());
        }
        return ad.build();
    }

    /// How many cores a task takes.
    static long cores(ClassAd task) {
        return Math.max(1, number(task, "RequestCpus").orElse(1L));
    }

    /// A machine on which nothing runs.
    static ClassAd whole(ClassAd machine) {
        var empty = machine.toBuilder();
        for (var what : List.of("Cpus", "Memory", "Gpus")) {
            machine.get("Total" + what).ifPresent(total -> empty.put(what, total));
        }
        return empty.build();
    }

    /// What a machine has left beside a task.
    static ClassAd without(ClassAd machine, ClassAd task) {
        var left = machine.toBuilder();
        take(left, machine, "Cpus", number(task, "RequestCpus"));
        take(left, machine, "Memory", number(task, "RequestMemory").or(() -> number(machine, "TaskMemory")));
        take(left, machine, "Disk", number(task, "RequestDisk"));
        take(left, machine, "Gpus", number(task, "RequestGpus"));
        return left.build();
    }

    private static void take(ClassAd.Builder left, ClassAd machine, String what, Optional<Long> used) {
        var had = number(machine, what);
        if (had.isPresent() && used.isPresent()) {
            left.put(what, had.get() - used.get());
        }
    }

    private static Optional<Long> number(ClassAd ad, String name) {
        return ad.get(name)
                .flatMap(expression -> expression instanceof Expression.Literal(Value.Int(long value))
                        ? Optional.of(value)
                        : Optional.empty());
    }
}
