package bourse.scheduler.simulation;

import bourse.protocol.Voting;
import bourse.scheduler.simulation.Crowd.Sight;
import bourse.scheduler.trust.Promise;
import java.util.Arrays;
import java.util.SplittableRandom;

/// The other ways. Tasks are done one after the other, by workers who come in random order, each once in a
/// step; nobody is excluded.
final class Rivals {
    /// How often in a row somebody must be right before BOINC accepts him alone (`sched/sched_config`, default
    /// 10).
    private static final int RELIABLE = 10;

    private final Setup setup;
    private final SplittableRandom random;
    private final Crowd crowd;
    private final long[] scores;
    private int[] order = {};
    private int next;
    private long results;
    private long steps;

    /* The votes on the task that is being done: who, whether he lied, what he weighs, and whether he is audited. */
    private final int[] voters;
    private final boolean[] lied;
    private final double[] powers;
    private int votes;

    Rivals(Setup setup, SplittableRandom random) {
        this.setup = setup;
        this.random = random;
        this.crowd = new Crowd(setup, random);
        this.scores = new long[setup.workers()];
        this.voters = new int[setup.workers()];
        this.lied = new boolean[setup.workers()];
        this.powers = new double[setup.workers()];
    }

    Outcome run(Method method) {
        int wrong = 0;
        int undone = 0;
        if (method instanceof Method.Poco) {
            Arrays.fill(scores, setup.score());
        }
        for (int task = 0; task < setup.tasks(); task++) {
            votes = 0;
            var accepted = switch (method) {
                case Method.First first -> first(first.votes());
                case Method.Adaptive _ -> adaptive();
                case Method.Poco poco -> poco(poco.audit());
                case Method.Bourse _, Method.Held _ -> throw new IllegalArgumentException(method + " is no rival");
            };
            switch (accepted) {
                case WRONG -> wrong++;
                case NOTHING -> undone++;
                case RIGHT -> {}
            }
        }
        return new Outcome(setup.tasks(), wrong, undone, results, 0, steps, 0, 0);
    }

    private enum Accepted {
        RIGHT,
        WRONG,
        NOTHING;

        static Accepted of(boolean lie) {
            return lie ? WRONG : RIGHT;
        }
    }

    /// Whoever comes next and has not voted on this task.
    private int comes() {
        while (true) {
            if (next == order.length) {
                order = crowd.shuffled();
                next = 0;
                steps++;
            }
            int worker = order[next++];
            boolean voted = false;
            for (int i = 0; i < votes; i++) {
                voted |= voters[i] == worker;
            }
            if (!voted) {
                return worker;
            }
        }
    }

    private void vote(int worker, boolean trusted, double power) {
        int lies = 0;
        for (int i = 0; i < votes; i++) {
            lies += lied[i] ? 1 : 0;
        }
        voters[votes] = worker;
        lied[votes] = crowd.lies(worker, new Sight(trusted, lies, votes - lies));
        powers[votes] = power;
        votes++;
        results++;
    }

    private boolean everyoneHasVoted() {
        return votes == setup.workers();
    }

    private Accepted first(int needed) {
        int lies = 0;
        while (!everyoneHasVoted()) {
            vote(comes(), needed == 1, 1);
            lies += lied[votes - 1] ? 1 : 0;
            if (Math.max(lies, votes - lies) == needed) {
                return Accepted.of(lies == needed);
            }
        }
        return Accepted.NOTHING;
    }

    private Accepted adaptive() {
        int lies = 0;
        while (!everyoneHasVoted()) {
            int worker = comes();
            boolean reliable = scores[worker] >= RELIABLE;
            vote(worker, reliable, 1);
            lies += lied[votes - 1] ? 1 : 0;
            if (votes == 1 && reliable && random.nextDouble() >= 1.0 / (double) scores[worker]) {
                return Accepted.of(lied[0]);
            }
            if (Math.max(lies, votes - lies) == 2) {
                boolean lie = lies == 2;
                for (int i = 0; i < votes; i++) {
                    scores[voters[i]] = lied[i] == lie ? scores[voters[i]] + 1 : 0;
                }
                return Accepted.of(lie);
            }
        }
        return Accepted.NOTHING;
    }

    private Accepted poco(int audit) {
        var promise = new Promise(setup.trust());
        boolean audited = false;
        while (!everyoneHasVoted()) {
            int worker = comes();
            double weight = (double) Voting.weight(scores[worker]);
            vote(worker, promise.consensus(weight, 0), weight);
            boolean answer = lied[votes - 1];
            double group = 1;
            double others = 1;
            int members = 0;
            boolean contested = false;
            for (int i = 0; i < votes; i++) {
                if (lied[i] == answer) {
                    group *= powers[i];
                    members++;
                } else {
                    others *= powers[i];
                    contested = true;
                }
            }
            if (!promise.consensus(group, contested ? others : 0)) {
                continue;
            }
            if (members == 1 && setup.trust() > 1 && random.nextInt(100) < audit) {
                audited = true;
                powers[votes - 1] = (double) Voting.weight(0);
                continue;
            }
            for (int i = 0; i < votes; i++) {
                if (lied[i] != answer) {
                    scores[voters[i]] = audited ? 0 : Voting.outvoted(scores[voters[i]]);
                } else if (votes > 1) {
                    scores[voters[i]]++;
                }
            }
            return Accepted.of(answer);
        }
        return Accepted.NOTHING;
    }
}
