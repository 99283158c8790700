package bourse.protocol;

import java.util.Map;

/// The contracts refused a transaction, or a question. It changed nothing.
///
/// The message is a sentence with the next step where there is one.
public final class Refused extends Exception {
    private static final long serialVersionUID = 1;
    private final String error;
    private final transient Map<String, String> values;

    /// @param error the name of the contracts' custom error, such as `InsufficientFree`
    /// @param values its values by name
    public Refused(String error, Map<String, String> values, String message) {
        super(message);
        this.error = error;
        this.values = Map.copyOf(values);
    }

    public String error() {
        return error;
    }

    public Map<String, String> values() {
        return values;
    }
}
