package bourse.protocol;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.math.BigInteger;

/// Names a deal: `keccak256(requestHash, consumedBefore)` (PoCo, `matchOrders`).
public record DealId(@JsonValue Bytes32 value) {
    @JsonCreator
    public static DealId parse(String text) {
        return new DealId(Bytes32.parse(text));
    }

    /// @param request the request order's hash
    /// @param consumed how much of its volume was used up before
    public static DealId of(Bytes32 request, long consumed) {
        return new DealId(Keccak.of(request.bytes(), Abi.word(BigInteger.valueOf(consumed))));
    }

    /// The task at `index`, which runs from the deal's first index to its last.
    public TaskId task(long index) {
        return new TaskId(Keccak.of(value.bytes(), Abi.word(BigInteger.valueOf(index))));
    }

    @Override
    public String toString() {
        return value.toString();
    }
}
