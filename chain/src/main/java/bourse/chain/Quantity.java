package bourse.chain;

import bourse.protocol.Malformed;
import java.math.BigInteger;
import tools.jackson.databind.JsonNode;

/// Numbers as JSON-RPC writes them: hexadecimal, without leading zeros.
final class Quantity {
    private Quantity() {}

    static String of(long number) {
        return "0x" + Long.toHexString(number);
    }

    static String of(BigInteger number) {
        return "0x" + number.toString(16);
    }

    static long number(JsonNode node) {
        return big(node).longValueExact();
    }

    /// @throws Malformed if it is no number
    static BigInteger big(JsonNode node) {
        try {
            return new BigInteger(node.asString("").substring(2), 16);
        } catch (NumberFormatException | StringIndexOutOfBoundsException e) {
            throw new Malformed("a node's number is hexadecimal, this is not: " + node, e);
        }
    }
}
