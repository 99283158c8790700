package bourse.scheduler.trust;

/// What a worker that asks for work should get.
///
/// @param <T> what tasks are named by
public sealed interface Step<T> {
    /// A task whose result is known, which he can not tell from others.
    record Check<T>() implements Step<T> {}

    record Work<T>(T task) implements Step<T> {}

    /// Nothing now.
    record Rest<T>() implements Step<T> {}
}
