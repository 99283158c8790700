package bourse.protocol;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/// What a result comes down to: the 32 bytes that workers vote on and reveal. [Result] says how it is made.
public record Digest(@JsonValue Bytes32 value) {
    @JsonCreator
    public static Digest parse(String text) {
        return new Digest(Bytes32.parse(text));
    }

    /// What is voted on: equal for all who found this digest for `task`, and silent about the digest.
    public Bytes32 hash(TaskId task) {
        return Keccak.of(task.value().bytes(), value.bytes());
    }

    /// Proves, once the digest is known, that `worker` knew it when he contributed: nobody can copy another's
    /// seal.
    public Bytes32 seal(Address worker, TaskId task) {
        return Keccak.of(worker.bytes(), task.value().bytes(), value.bytes());
    }

    @Override
    public String toString() {
        return value.toString();
    }
}
