package bourse.scheduler.trust;

import bourse.protocol.Draw;

/// Who says when a result is accepted.
public sealed interface Law {
    /// The pool itself, once it is as sure as promised. It holds results back until then, so that a check that
    /// a worker passes or fails later still counts for what he gave before.
    record Held() implements Law {}

    /// The contracts, by weights; a vote can not be taken back. The pool can only choose whom it asks, and
    /// wait.
    ///
    /// @param draw which results of one worker alone the chain has checked
    record Chain(Draw draw) implements Law {}
}
