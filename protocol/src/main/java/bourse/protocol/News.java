package bourse.protocol;

import java.util.List;

/// What has happened on the chain after a cursor.
///
/// @param cursor where to go on
/// @param entries in the order of the chain
/// @param rewound the chain took blocks back: what was read since the last news may never have happened, read
///     it again
public record News(Cursor cursor, List<Entry> entries, boolean rewound) {
    public News {
        entries = List.copyOf(entries);
    }

    /// One event, and the transaction that made it.
    public record Entry(long block, Bytes32 transaction, Event event) {}

    /// A place on the chain: everything up to and with this block is known. Its hash tells whether it still
    /// stands.
    public record Cursor(long block, Bytes32 hash) {
        /// Before all blocks.
        public static final Cursor START = new Cursor(-1, Bytes32.ZERO);
    }

    public List<Event> events() {
        return entries.stream().map(Entry::event).toList();
    }
}
