package bourse.chain;

import bourse.protocol.Address;
import bourse.protocol.Keccak;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Who has sent tokens to whom, as the token's and the market's logs have it (ERC-20's `Transfer`).
///
/// Coins leave no logs, so of who pays for gas nothing is known, and nothing at all where they are the market's
/// money; nor of `depositFor`, whose log does not name who paid.
final class Funders {
    private static final String TRANSFER = Keccak.of(
                    "Transfer(address,address,uint256)".getBytes(StandardCharsets.US_ASCII))
            .toString();
    private final JsonRpc rpc;
    private final Deployment market;
    private volatile @Nullable Set<Address> makers;

    Funders(JsonRpc rpc, Deployment market) {
        this.rpc = rpc;
        this.market = market;
    }

    Set<Address> of(Address owner) throws InterruptedException {
        if (market.isNative()) {
            return Set.of();
        }
        var makers = makers();
        return transfers(null, owner)
                .map(log -> party(log, 1))
                .filter(from -> !from.isZero() && !from.equals(market.hub()) && !makers.contains(from))
                .collect(Collectors.toSet());
    }

    /// Who got tokens when they were made: they sell them to everyone.
    private Set<Address> makers() throws InterruptedException {
        var known = makers;
        if (known == null) {
            known = transfers(Address.ZERO, null)
                    .filter(log ->
                            Address.parse(log.path("address").asString("")).equals(market.token()))
                    .map(log -> party(log, 2))
                    .collect(Collectors.toSet());
            makers = known;
        }
        return known;
    }

    private Stream<JsonNode> transfers(@Nullable Address from, @Nullable Address to) throws InterruptedException {
        long newest = Quantity.number(rpc.call("eth_blockNumber"));
        var logs = new ArrayList<JsonNode>();
        read(from, to, 0, newest, logs);
        return logs.stream();
    }

    /// Nodes refuse ranges that are too long, or give too many logs: such are read in halves.
    private void read(@Nullable Address from, @Nullable Address to, long first, long last, List<JsonNode> logs)
            throws InterruptedException {
        var topics = new ArrayList<@Nullable String>();
        topics.add(TRANSFER);
        topics.add(from == null ? null : topic(from));
        topics.add(to == null ? null : topic(to));
        try {
            rpc.call(
                            "eth_getLogs",
                            Map.of(
                                    "address",
                                    List.of(
                                            market.token().toString(),
                                            market.hub().toString()),
                                    "topics",
                                    topics,
                                    "fromBlock",
                                    Quantity.of(first),
                                    "toBlock",
                                    Quantity.of(last)))
                    .valueStream()
                    .forEach(logs::add);
        } catch (JsonRpc.Failure e) {
            if (first == last) {
                throw e;
            }
            long middle = (first + last) / 2;
            read(from, to, first, middle, logs);
            read(from, to, middle + 1, last, logs);
        }
    }

    private static String topic(Address address) {
        return "0x" + "0".repeat(24) + address.toString().substring(2);
    }

    private static Address party(JsonNode log, int topic) {
        return Address.parse("0x" + log.path("topics").path(topic).asString("").substring(26));
    }
}
