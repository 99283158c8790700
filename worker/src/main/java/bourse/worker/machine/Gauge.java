package bourse.worker.machine;

/// Measures a machine.
public interface Gauge {
    /// Never fails: what can not be measured is empty.
    ///
    /// @param running how many programs of workers run at the moment, each on one core
    Condition read(int running);
}
