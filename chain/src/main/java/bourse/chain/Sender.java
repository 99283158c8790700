package bourse.chain;

import bourse.protocol.Address;
import bourse.protocol.Bytes;
import bourse.protocol.Bytes32;
import bourse.protocol.Chain;
import bourse.protocol.Wallet;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.LongStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/// Turns calls into transactions, and stays with each until it is mined.
///
/// A wallet's calls are estimated, signed and sent one after the other, in the order in which they come, without
/// waiting for blocks: each estimate is made on the node's pending block, which has what was sent before.
///
/// Whatever a node says when it is given a transaction, what counts is what it then knows: the transaction's
/// hash, and how many transactions the wallet has made. So a lost answer, a restarted node and a second process
/// with the same wallet all take the same few ways:
///
/// - A transaction that the node does not know any more is sent again as it is.
/// - One whose number was taken by a foreign transaction can never be mined; its call gets a new number. Only
///   then, so that no call is ever mined twice. (Such a call may fall behind the wallet's next one.)
/// - One that was mined in a block which the chain has taken back is sent again too, as long as it is remembered.
/// - A number that nobody's transaction fills, but later ones wait for, is filled with an empty transaction.
final class Sender implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Sender.class);
    /// How many mined transactions of a wallet are remembered, should their blocks be taken back.
    private static final int REMEMBERED = 500;

    private static final int MOST_ATTEMPTS = 5;
    /// Added to estimates, which others' transactions may make wrong, say with the vote that decides. Partly at
    /// random: two processes that make the same call with the same number must not make the same transaction of
    /// it.
    private static final int MARGIN = 50_000;

    private static final Duration STUCK = Duration.ofSeconds(3);

    private final JsonRpc rpc;
    private final Head head;
    private final long chainId;
    private final BigInteger tip;
    private final Map<Address, Line> lines = new ConcurrentHashMap<>();
    private final Semaphore work = new Semaphore(0);
    private final Thread keeper = Thread.ofVirtual().name("chain-sender").unstarted(this::keep);
    private volatile boolean rewound;

    /// What a transaction does.
    ///
    /// @param to the contract called, or empty to create one from `data`
    record Call(Optional<Address> to, BigInteger value, Bytes data) {
        static Call to(Address contract, Bytes data) {
            return new Call(Optional.of(contract), BigInteger.ZERO, data);
        }
    }

    /// A foreign transaction took this one's place.
    private static final class Overtaken extends Exception {
        private static final long serialVersionUID = 1;
    }

    /// One transaction under way. It is signed again, under another hash, when its fee does not do any more.
    private static final class Flight {
        private final Wallet wallet;
        private final CompletableFuture<JsonNode> receipt = new CompletableFuture<>();
        private final List<Bytes32> hashes = new ArrayList<>();
        private Envelope envelope;
        private Bytes raw;
        private int missed;

        Flight(Wallet wallet, Envelope envelope, Envelope.Signed signed) {
            this.wallet = wallet;
            this.envelope = envelope;
            this.raw = signed.raw();
            hashes.add(signed.hash());
        }

        long nonce() {
            return envelope.nonce();
        }

        void raise(BigInteger baseFee) {
            // Nodes take a replacement only for an eighth more.
            var tip =
                    envelope.tip().multiply(BigInteger.valueOf(9)).shiftRight(3).add(BigInteger.ONE);
            var max = envelope.maxFee()
                    .multiply(BigInteger.valueOf(9))
                    .shiftRight(3)
                    .add(BigInteger.ONE);
            envelope = new Envelope(
                    envelope.chainId(),
                    envelope.nonce(),
                    tip,
                    max.max(baseFee.shiftLeft(1).add(tip)),
                    envelope.gas(),
                    envelope.to(),
                    envelope.value(),
                    envelope.data());
            var signed = envelope.sign(wallet);
            raw = signed.raw();
            hashes.add(signed.hash());
        }
    }

    /// One wallet's transactions.
    private static final class Line {
        private final Wallet wallet;
        /// Held from a call's estimate until the node has its transaction.
        private final ReentrantLock turn = new ReentrantLock(true);

        private final TreeMap<Long, Flight> flights = new TreeMap<>();
        private final TreeMap<Long, Bytes> mined = new TreeMap<>();
        private long next;
        private Instant moved = Instant.now();

        Line(Wallet wallet) {
            this.wallet = wallet;
        }

        synchronized void add(Flight flight) {
            flights.put(flight.nonce(), flight);
            next = flight.nonce() + 1;
        }

        synchronized List<Flight> flights() {
            return List.copyOf(flights.values());
        }

        synchronized void land(Flight flight, JsonNode receipt) {
            flights.remove(flight.nonce());
            mined.put(flight.nonce(), flight.raw);
            if (mined.size() > REMEMBERED) {
                mined.pollFirstEntry();
            }
            moved = Instant.now();
            flight.receipt.complete(receipt);
        }

        synchronized void drop(Flight flight, Exception why) {
            flights.remove(flight.nonce());
            flight.receipt.completeExceptionally(why);
        }

        synchronized boolean remembers(long nonce) {
            return mined.containsKey(nonce);
        }

        /// The first number that is neither mined nor known to the node but below everything under way.
        synchronized long end() {
            return flights.isEmpty() ? next : flights.firstKey();
        }
    }

    Sender(JsonRpc rpc, Head head, long chainId) throws InterruptedException {
        this.rpc = rpc;
        this.head = head;
        this.chainId = chainId;
        this.tip = Quantity.big(rpc.call("eth_maxPriorityFeePerGas"));
        head.onRewind(() -> {
            rewound = true;
            work.release();
        });
        keeper.start();
    }

    /// Sends a call and waits until it is mined and has done its work.
    ///
    /// @return the transaction's receipt
    /// @throws JsonRpc.Failure if the contract refuses the call
    JsonNode submit(Wallet wallet, Call call) throws InterruptedException {
        for (int attempt = 1; ; attempt++) {
            var sent = send(wallet, call);
            try {
                var receipt = sent.get();
                if (Quantity.number(receipt.path("status")) == 1) {
                    return receipt;
                }
                // What came before it changed its ground. Nothing has happened, so it may try again, and if the
                // contract still refuses, the estimate brings the reason.
                if (attempt >= MOST_ATTEMPTS) {
                    throw new JsonRpc.Failure(
                            "transaction " + receipt.path("transactionHash").asString(""), 0, "failed when mined", "");
                }
            } catch (ExecutionException e) {
                switch (e.getCause()) {
                    case Overtaken _ -> LOG.info("another process uses the wallet {}", wallet.address());
                    case RuntimeException silent -> throw silent;
                    case null, default -> throw new IllegalStateException(e);
                }
            }
        }
    }

    /// Sends a call; the future brings the receipt.
    ///
    /// @throws JsonRpc.Failure if the contract refuses the call
    CompletableFuture<JsonNode> send(Wallet wallet, Call call) throws InterruptedException {
        var line = lines.computeIfAbsent(wallet.address(), _ -> new Line(wallet));
        line.turn.lockInterruptibly();
        try {
            return sendNext(line, call);
        } finally {
            line.turn.unlock();
        }
    }

    private CompletableFuture<JsonNode> sendNext(Line line, Call call) throws InterruptedException {
        long seen = -1;
        for (int attempts = 0; ; ) {
            var replies = rpc.batch(List.of(count(line, "pending"), estimate(line, call), newest()));
            long known = Quantity.number(replies.get(0).value());
            // Only failures without anything happening between them are in vain.
            attempts = known == seen ? attempts + 1 : 1;
            seen = known;
            var before = line.flights();
            if (before.isEmpty() && known < line.next) {
                // The chain has taken blocks back. What this call may stand on comes first, if it is remembered.
                if (attempts < MOST_ATTEMPTS && sendAgain(mined(line, known))) {
                    continue;
                }
                line.next = known;
            }
            if (replies.get(1) instanceof JsonRpc.Reply.Refusal(var refusal)) {
                if (before.isEmpty()) {
                    throw refusal;
                }
                // It may have been judged without what comes before it.
                settled(before);
                continue;
            }
            var flight = sign(line, call, known, replies);
            var answer = rpc.batch(List.of(send(flight.raw))).getFirst();
            if (answer instanceof JsonRpc.Reply.Refusal(var refusal) && !knows(flight.hashes.getFirst())) {
                // Its number was taken meanwhile, or the wallet can not pay.
                if (attempts >= MOST_ATTEMPTS) {
                    throw refusal;
                }
                continue;
            }
            line.add(flight);
            work.release();
            return flight.receipt;
        }
    }

    private Flight sign(Line line, Call call, long known, List<JsonRpc.Reply> replies) {
        long gas = Quantity.number(replies.get(1).value());
        var baseFee = Quantity.big(replies.get(2).value().path("baseFeePerGas"));
        var envelope = new Envelope(
                chainId,
                Math.max(known, line.next),
                tip,
                baseFee.shiftLeft(1).add(tip),
                gas + gas / 2 + MARGIN + ThreadLocalRandom.current().nextInt(MARGIN),
                call.to(),
                call.value(),
                call.data());
        return new Flight(line.wallet, envelope, envelope.sign(line.wallet));
    }

    private static void settled(List<Flight> flights) throws InterruptedException {
        for (var flight : flights) {
            try {
                var _ = flight.receipt.get();
            } catch (ExecutionException _) {
                // Its own caller is told.
            }
        }
    }

    /* KEEPING WHAT IS UNDER WAY */

    private void keep() {
        var seen = Bytes32.ZERO;
        while (true) {
            try {
                var busy =
                        lines.values().stream().anyMatch(line -> !line.flights().isEmpty());
                if (!busy && !rewound) {
                    work.acquire();
                }
                work.drainPermits();
                var tip = head.after(seen, Instant.now().plusSeconds(1));
                seen = tip.hash();
                var all = rewound;
                rewound = false;
                keep(
                        lines.values().stream()
                                .filter(line -> all || !line.flights().isEmpty())
                                .toList(),
                        tip);
            } catch (InterruptedException _) {
                return;
            } catch (Chain.Unreachable e) {
                lines.values().forEach(line -> line.flights().forEach(flight -> line.drop(flight, e)));
            } catch (RuntimeException e) {
                LOG.warn("transactions under way could not be looked after: {}", e.toString());
            }
        }
    }

    private void keep(List<Line> lines, Head.Tip tip) throws InterruptedException {
        var requests = new ArrayList<JsonRpc.Request>();
        var flights = lines.stream().map(Line::flights).toList();
        for (int i = 0; i < lines.size(); i++) {
            requests.add(count(lines.get(i), "latest"));
            requests.add(count(lines.get(i), "pending"));
            flights.get(i).forEach(flight -> flight.hashes.forEach(hash -> requests.add(receipt(hash))));
        }
        var replies = rpc.batch(requests).iterator();
        var again = new ArrayList<Bytes>();
        for (int i = 0; i < lines.size(); i++) {
            var line = lines.get(i);
            long made = Quantity.number(replies.next().value());
            long known = Quantity.number(replies.next().value());
            again.addAll(mined(line, known));
            for (var flight : flights.get(i)) {
                var receipt = Optional.<JsonNode>empty();
                for (int hash = flight.hashes.size(); hash > 0; hash--) {
                    var reply = replies.next().value();
                    receipt = reply.isNull() ? receipt : Optional.of(reply);
                }
                look(line, flight, receipt, made, known, tip.baseFee()).ifPresent(again::add);
            }
            again.addAll(fillers(line, known, tip.baseFee()));
        }
        sendAgain(again);
    }

    /// What becomes of a transaction, and what to send for it.
    private static Optional<Bytes> look(
            Line line, Flight flight, Optional<JsonNode> receipt, long made, long known, BigInteger baseFee) {
        if (receipt.isPresent()) {
            line.land(flight, receipt.get());
        } else if (flight.nonce() < made) {
            // The count may be of a later block than the receipt. Not three times over.
            if (++flight.missed == 3) {
                line.drop(flight, new Overtaken());
            }
        } else if (baseFee.compareTo(flight.envelope.maxFee()) > 0) {
            flight.raise(baseFee);
            return Optional.of(flight.raw);
        } else if (flight.nonce() >= known) {
            return Optional.of(flight.raw);
        }
        return Optional.empty();
    }

    /// What this wallet has mined from `known` on, which the node has forgotten.
    private static Collection<Bytes> mined(Line line, long known) {
        synchronized (line) {
            return List.copyOf(
                    line.mined.subMap(known, Math.max(known, line.end())).values());
        }
    }

    /// Empty transactions in the place of those that later ones wait for and nobody knows any more.
    private List<Bytes> fillers(Line line, long known, BigInteger baseFee) {
        long end = line.flights().isEmpty() ? known : line.end();
        if (known >= end || Instant.now().isBefore(line.moved.plus(STUCK))) {
            return List.of();
        }
        var lost = LongStream.range(known, end)
                .filter(nonce -> !line.remembers(nonce))
                .boxed()
                .toList();
        if (!lost.isEmpty()) {
            LOG.warn("{} lost transactions of {} are replaced by empty ones", lost.size(), line.wallet.address());
        }
        var self = Optional.of(line.wallet.address());
        var maxFee = baseFee.shiftLeft(1).add(tip);
        return lost.stream()
                .map(nonce -> new Envelope(chainId, nonce, tip, maxFee, 21_000, self, BigInteger.ZERO, Bytes.EMPTY)
                        .sign(line.wallet)
                        .raw())
                .toList();
    }

    /// Whether there was something to send. What the node says to it does not matter: the next look at it tells.
    private boolean sendAgain(Collection<Bytes> raws) throws InterruptedException {
        if (!raws.isEmpty()) {
            LOG.debug("{} transactions are sent again", raws.size());
            rpc.batch(raws.stream().map(Sender::send).toList());
        }
        return !raws.isEmpty();
    }

    private boolean knows(Bytes32 hash) throws InterruptedException {
        return !rpc.call("eth_getTransactionByHash", hash.toString()).isNull();
    }

    private static JsonRpc.Request send(Bytes raw) {
        return JsonRpc.Request.of("eth_sendRawTransaction", raw.toString());
    }

    private static JsonRpc.Request receipt(Bytes32 hash) {
        return JsonRpc.Request.of("eth_getTransactionReceipt", hash.toString());
    }

    private static JsonRpc.Request newest() {
        return JsonRpc.Request.of("eth_getBlockByNumber", "latest", false);
    }

    private static JsonRpc.Request count(Line line, String block) {
        return JsonRpc.Request.of(
                "eth_getTransactionCount", line.wallet.address().toString(), block);
    }

    private static JsonRpc.Request estimate(Line line, Call call) {
        var transaction = new TreeMap<String, String>();
        transaction.put("from", line.wallet.address().toString());
        call.to().ifPresent(to -> transaction.put("to", to.toString()));
        transaction.put("value", Quantity.of(call.value()));
        transaction.put("data", call.data().toString());
        return JsonRpc.Request.of("eth_estimateGas", transaction, "pending");
    }

    @Override
    public void close() {
        keeper.interrupt();
        try {
            keeper.join();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        var closed = new IllegalStateException("the chain's client is closed");
        lines.values().forEach(line -> line.flights().forEach(flight -> line.drop(flight, closed)));
    }
}
