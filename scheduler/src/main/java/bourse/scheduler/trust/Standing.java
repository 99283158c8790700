package bourse.scheduler.trust;

/// What a pool has seen of one worker.
///
/// His work is cut into *epochs*. Under [Law.Held] a result is as sure as the checks that he passed in the
/// epoch that it was given in, before it or after it; an epoch ends with the check that makes him believed
/// alone. So no lie is accepted before its author has passed as many checks as the bound needs, whatever he did
/// earlier: a good past does not pay for a lie.
public sealed interface Standing {
    Standing NEW = new Good(0, 0, 0);

    /// Caught in nothing.
    ///
    /// @param epoch how many epochs he has completed
    /// @param passed checks in this epoch
    /// @param remembered all passed checks, older ones counting less
    record Good(int epoch, int passed, double remembered) implements Standing {
        Good pass(Policy policy) {
            return new Good(epoch, passed + 1, policy.remember(remembered));
        }

        /// The epoch ends: its results are accepted.
        Good close() {
            return new Good(epoch + 1, 0, remembered);
        }

        /// After he was seen in bad company: what he earned counts no more, what was completed stands.
        Good forfeit() {
            return new Good(epoch, 0, 0);
        }

        /// How many checks stand behind a result of this epoch.
        double behind(int given, Policy policy) {
            return switch (policy.law()) {
                case Law.Held _ -> given < epoch ? policy.checksForOne() : passed;
                case Law.Chain _ -> remembered;
            };
        }
    }

    /// Never asked again.
    record Caught(Reason reason) implements Standing {}

    /// What he was caught by.
    enum Reason {
        /// He failed a task whose result was known.
        CHECK,
        /// Others found another result, and they are believed as surely as promised.
        VOTE,
        /// He contradicted more workers than can be faulty.
        CONFLICTS
    }
}
