package bourse.protocol;

/// Someone's money in the market.
///
/// @param free what its owner may withdraw, or stake
/// @param locked prices and stakes of what is under way
public record Account(Rlc free, Rlc locked) {
    public static final Account EMPTY = new Account(Rlc.ZERO, Rlc.ZERO);
}
