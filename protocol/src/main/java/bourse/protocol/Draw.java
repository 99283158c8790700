package bourse.protocol;

import java.math.BigInteger;

/// Which of the results that one worker gave alone are checked: so many percent of them, drawn by the hash of the
/// block in which he won, which nobody knew when he committed to his result.
///
/// @param ratio in percent, 0 to 100
public record Draw(int ratio) {
    /// For so many blocks the chain remembers a hash (EVM, `BLOCKHASH`). A result that has not been revealed by then is
    /// checked.
    public static final int MEMORY = 256;

    private static final BigInteger HUNDRED = BigInteger.valueOf(100);

    public Draw {
        if (ratio < 0 || ratio > 100) {
            throw new IllegalArgumentException("%d is no percentage; it is 0 to 100".formatted(ratio));
        }
    }

    /// @param hash of the block in which the result won
    public boolean audits(TaskId task, Bytes32 hash) {
        var number =
                new BigInteger(1, Keccak.of(hash.bytes(), task.value().bytes()).bytes());
        return number.mod(HUNDRED).intValue() < ratio;
    }
}
