package bourse.protocol;

/// An order book does not take an order, or does not let it go. The message names what is wrong with it, and the
/// next step.
public final class OrderRefused extends RuntimeException {
    private static final long serialVersionUID = 1;
    private final String field;

    /// @param field the order's, by its name in the ABI, or `sign`
    public OrderRefused(String field, String message) {
        super(message);
        this.field = field;
    }

    public String field() {
        return field;
    }
}
