package bourse.protocol;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.regex.Pattern;

/// An amount of the market's token, exact to the nRLC (10⁻⁹ RLC), never negative.
///
/// @param nano the amount in nRLC, 0 to 2²⁵⁶−1
public record Rlc(BigInteger nano) implements Comparable<Rlc> {
    public static final Rlc ZERO = new Rlc(BigInteger.ZERO);
    private static final Pattern DECIMAL = Pattern.compile("(\\d{1,60})(\\.\\d{1,9})?");

    /// @throws Malformed if the amount is outside its range
    public Rlc {
        if (nano.signum() < 0 || nano.bitLength() > 256) {
            throw new Malformed("an amount is 0 to 2^256-1 nRLC, this is " + nano);
        }
    }

    public static Rlc ofNano(long nano) {
        return new Rlc(BigInteger.valueOf(nano));
    }

    /// `"1.5"` is 1,500,000,000 nRLC.
    ///
    /// @throws Malformed if it is not a decimal number with at most nine places
    @JsonCreator
    public static Rlc parse(String decimal) {
        if (!DECIMAL.matcher(decimal).matches()) {
            throw new Malformed("an amount in RLC is a number with at most 9 decimals, such as 1.5; this is not: "
                    + decimal.substring(0, Math.min(80, decimal.length())));
        }
        return new Rlc(new BigDecimal(decimal).movePointRight(9).toBigIntegerExact());
    }

    public Rlc plus(Rlc other) {
        return new Rlc(nano.add(other.nano));
    }

    /// @throws Malformed if `other` is more than this
    public Rlc minus(Rlc other) {
        return new Rlc(nano.subtract(other.nano));
    }

    public Rlc times(long factor) {
        return new Rlc(nano.multiply(BigInteger.valueOf(factor)));
    }

    /// `percent` of it, rounded down as the contracts do.
    public Rlc percent(long percent) {
        return new Rlc(nano.multiply(BigInteger.valueOf(percent)).divide(BigInteger.valueOf(100)));
    }

    public boolean isZero() {
        return nano.signum() == 0;
    }

    public boolean covers(Rlc price) {
        return compareTo(price) >= 0;
    }

    @Override
    public int compareTo(Rlc other) {
        return nano.compareTo(other.nano);
    }

    /// The decimal number alone, without trailing zeros: `1.5`.
    @JsonValue
    public String decimal() {
        return isZero() ? "0" : new BigDecimal(nano, 9).stripTrailingZeros().toPlainString();
    }

    @Override
    public String toString() {
        return decimal() + " RLC";
    }
}
