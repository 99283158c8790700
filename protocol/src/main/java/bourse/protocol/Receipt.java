package bourse.protocol;

import java.util.List;

/// A transaction that is in a block, and did what it was asked.
///
/// @param gas what it used
public record Receipt(Bytes32 transaction, long block, long gas, List<Event> events) {
    public Receipt {
        events = List.copyOf(events);
    }

    /// The first event of `type`.
    ///
    /// @throws IllegalStateException if there is none: the contracts did not do what their interface says
    public <E extends Event> E event(Class<E> type) {
        return events.stream()
                .filter(type::isInstance)
                .map(type::cast)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException(
                        "transaction %s has no event %s".formatted(transaction, type.getSimpleName())));
    }
}
