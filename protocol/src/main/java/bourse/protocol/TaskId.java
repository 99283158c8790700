package bourse.protocol;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/// Names a task: `keccak256(dealId, index)` (PoCo, `initialize`).
public record TaskId(@JsonValue Bytes32 value) {
    @JsonCreator
    public static TaskId parse(String text) {
        return new TaskId(Bytes32.parse(text));
    }

    /// `0x12345678…`, for people.
    public String brief() {
        return toString().substring(0, 10) + "…";
    }

    @Override
    public String toString() {
        return value.toString();
    }
}
