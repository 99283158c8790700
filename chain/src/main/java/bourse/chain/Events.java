package bourse.chain;

import static bourse.chain.Contracts.address;
import static bourse.chain.Contracts.big;
import static bourse.chain.Contracts.bytes;
import static bourse.chain.Contracts.number;
import static bourse.chain.Contracts.word;

import bourse.protocol.Address;
import bourse.protocol.Bytes;
import bourse.protocol.Bytes32;
import bourse.protocol.Deal;
import bourse.protocol.DealId;
import bourse.protocol.Digest;
import bourse.protocol.Event;
import bourse.protocol.Order;
import bourse.protocol.Rlc;
import bourse.protocol.Signed;
import bourse.protocol.Tag;
import bourse.protocol.TaskId;
import com.esaulpaugh.headlong.abi.Tuple;
import java.math.BigInteger;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// The contracts' logs as events.
final class Events {
    private Events() {}

    /// What one log says; nothing, if it is not of those that the market tells.
    ///
    /// @param deals reads a deal, for `OrdersMatched` names orders only by their hash
    static Optional<Event> of(JsonNode log, Deployment market, Deals deals) throws InterruptedException {
        var topics = log.path("topics").valueStream().map(JsonNode::asString).toList();
        var source = Address.parse(log.path("address").asString(""));
        var registries = List.of(market.apps(), market.datasets(), market.workerpools());
        if (topics.isEmpty() || !(source.equals(market.hub()) || registries.contains(source))) {
            return Optional.empty();
        }
        // The registries' logs are alike.
        var contract = source.equals(market.hub()) ? Contracts.HUB : Contracts.APPS;
        var declared = contract.event(Bytes32.parse(topics.getFirst()));
        if (declared.isEmpty()) {
            return Optional.empty();
        }
        Tuple values = declared.get()
                .decodeArgs(
                        topics.stream().map(topic -> Bytes.parse(topic).bytes()).toArray(byte[][]::new),
                        Bytes.parse(log.path("data").asString("")).bytes());
        return source.equals(market.hub())
                ? ofHub(declared.get().getName(), values, deals)
                : ofRegistry(source, declared.get().getName(), values);
    }

    /// Reads deals.
    interface Deals {
        Optional<Deal> deal(DealId id) throws InterruptedException;
    }

    private static Optional<Event> ofHub(String name, Tuple values, Deals deals) throws InterruptedException {
        return switch (name) {
            case "OrdersMatched" ->
                deals.deal(new DealId(word(values, 0)))
                        .map(deal -> new Event.Matched(
                                deal.id(),
                                deal.app().asset(),
                                deal.dataset().asset(),
                                deal.workerpool().asset(),
                                deal.requester(),
                                deal.volume(),
                                new Event.Orders(word(values, 1), word(values, 2), word(values, 3), word(values, 4))));
            case "ClosedAppOrder", "ClosedDatasetOrder", "ClosedWorkerpoolOrder", "ClosedRequestOrder" ->
                Optional.of(new Event.Closed(word(values, 0)));
            case "Transfer" ->
                Optional.of(new Event.Moved(address(values, 0), address(values, 1), new Rlc(big(values, 2))));
            case "BroadcastWorkerpoolOrder" -> Optional.of(new Event.Broadcast(workerpoolOrder(values.get(0))));
            case "TaskInitialize" -> Optional.of(new Event.Initialized(task(values, 0)));
            case "TaskContribute" ->
                Optional.of(new Event.Contributed(task(values, 0), address(values, 1), word(values, 2)));
            case "TaskConsensus" -> Optional.of(new Event.ConsensusReached(task(values, 0), word(values, 1)));
            case "TaskReveal" ->
                Optional.of(new Event.Revealed(task(values, 0), address(values, 1), new Digest(word(values, 2))));
            case "TaskReopen" -> Optional.of(new Event.Reopened(task(values, 0)));
            case "TaskAudit" -> Optional.of(new Event.Audited(task(values, 0)));
            case "TaskFinalize" -> Optional.of(new Event.Finalized(task(values, 0), bytes(values, 1)));
            case "TaskClaimed" -> Optional.of(new Event.Claimed(task(values, 0)));
            case "TaskDeclined" -> Optional.of(new Event.Declined(task(values, 0)));
            case "AccurateContribution" -> Optional.of(new Event.Judged(task(values, 1), address(values, 0), true));
            case "FaultyContribution" -> Optional.of(new Event.Judged(task(values, 1), address(values, 0), false));
            case "Reward" ->
                Optional.of(new Event.Rewarded(address(values, 0), new Rlc(big(values, 1)), word(values, 2)));
            case "Seize" -> Optional.of(new Event.Seized(address(values, 0), new Rlc(big(values, 1)), word(values, 2)));
            default -> Optional.empty();
        };
    }

    private static Optional<Event> ofRegistry(Address registry, String name, Tuple values) {
        if (!name.equals("Transfer")) {
            return Optional.empty();
        }
        var from = address(values, 0);
        var to = address(values, 1);
        return Optional.of(
                from.isZero()
                        ? new Event.Registered(registry, entry(values), to)
                        : new Event.PassedOn(registry, entry(values), from, to));
    }

    /// A registry's entry has its address for a number (ERC-721).
    private static Address entry(Tuple values) {
        return entry(big(values, 2));
    }

    static Address entry(BigInteger number) {
        return new Address("%040x".formatted(number));
    }

    private static TaskId task(Tuple values, int index) {
        return new TaskId(word(values, index));
    }

    private static Signed<Order.Workerpool> workerpoolOrder(Tuple order) {
        return new Signed<>(
                new Order.Workerpool(
                        address(order, 0),
                        new Rlc(big(order, 1)),
                        number(order, 2),
                        new Tag(word(order, 3)),
                        number(order, 4),
                        number(order, 5),
                        address(order, 6),
                        address(order, 7),
                        address(order, 8),
                        word(order, 9)),
                bytes(order, 10));
    }
}
