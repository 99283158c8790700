package bourse.chain;

import bourse.protocol.Account;
import bourse.protocol.Address;
import bourse.protocol.Asset;
import bourse.protocol.Block;
import bourse.protocol.Bytes;
import bourse.protocol.Bytes32;
import bourse.protocol.Category;
import bourse.protocol.Chain;
import bourse.protocol.Contribution;
import bourse.protocol.Deal;
import bourse.protocol.DealId;
import bourse.protocol.Domain;
import bourse.protocol.Event;
import bourse.protocol.Malformed;
import bourse.protocol.News;
import bourse.protocol.Order;
import bourse.protocol.Receipt;
import bourse.protocol.Refused;
import bourse.protocol.Rlc;
import bourse.protocol.Task;
import bourse.protocol.TaskId;
import bourse.protocol.Transaction;
import bourse.protocol.Wallet;
import com.esaulpaugh.headlong.abi.Tuple;
import java.math.BigInteger;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/// The chain behind a node's JSON-RPC.
public final class RpcChain implements Chain, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RpcChain.class);
    private static final int MOST_ATTEMPTS = 10;

    /// How often a reading is begun that contradicts itself.
    private static final int TRIES = 3;

    private final JsonRpc rpc;
    private final Head head;
    private final Sender sender;
    private final Follower follower;
    private final Deployment market;
    private final Funders funders;
    /// Deals never change, but the chain may take them back.
    private final Map<DealId, Deal> deals = Collections.synchronizedMap(new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<DealId, Deal> eldest) {
            return size() > 10_000;
        }
    });

    /// How often the chain has taken blocks back.
    private final AtomicLong branch = new AtomicLong();

    private volatile List<Category> categories = List.of();

    /// @param poll how often the node is asked for a new block, while somebody waits for one
    /// @param patience how long a silent node is asked again
    public record Options(Duration poll, Duration patience) {
        public static final Options DEFAULT = new Options(Duration.ofMillis(25), Duration.ofSeconds(30));
    }

    private RpcChain(JsonRpc rpc, Deployment market, Duration poll) throws InterruptedException {
        this.rpc = rpc;
        this.market = market;
        this.funders = new Funders(rpc, market);
        this.head = new Head(rpc, poll);
        this.sender = new Sender(rpc, head, market.chainId());
        this.follower = new Follower(
                rpc,
                head,
                List.of(market.hub(), market.apps(), market.datasets(), market.workerpools()),
                new Follower.Reader() {
                    @Override
                    public List<News.Entry> entries(List<JsonNode> logs) throws InterruptedException {
                        return RpcChain.this.entries(logs);
                    }

                    @Override
                    public void forget() {
                        RpcChain.this.forget();
                    }
                });
        head.onRewind(this::forget);
    }

    /// The market whose hub is at `hub`, on the chain of `node`.
    ///
    /// @throws IllegalArgumentException if there is no market, or it is on another chain than a deployment says
    public static RpcChain connect(URI node, Address hub) throws InterruptedException {
        return connect(node, hub, Options.DEFAULT);
    }

    public static RpcChain connect(URI node, Address hub, Options options) throws InterruptedException {
        var rpc = new JsonRpc(node, options.patience());
        try {
            return new RpcChain(rpc, Deployment.find(rpc, hub), options.poll());
        } catch (RuntimeException | InterruptedException e) {
            rpc.close();
            throw e;
        }
    }

    public static RpcChain connect(URI node, Deployment deployment) throws InterruptedException {
        var chain = connect(node, deployment.hub());
        if (!chain.market.equals(deployment)) {
            chain.close();
            throw new IllegalArgumentException(
                    "the market at %s on %s is %s, and should be %s; check the node's URL and the deployment's file"
                            .formatted(deployment.hub(), node, chain.market, deployment));
        }
        return chain;
    }

    public Deployment market() {
        return market;
    }

    @Override
    public Domain domain() {
        return new Domain(market.chainId(), market.hub());
    }

    @Override
    public Block head() throws InterruptedException {
        return head.now().block();
    }

    @Override
    public Optional<Deal> deal(DealId id) throws InterruptedException {
        var known = deals.get(id);
        if (known != null) {
            return Optional.of(known);
        }
        long before = branch.get();
        var view = hub("viewDeal", (Object) id.value().bytes());
        var category = Contracts.number(view, 4);
        var read = Views.deal(id, view, category < categories.size() ? categories : categories());
        if (read.isPresent() && branch.get() == before) {
            deals.put(id, read.get());
        }
        return read;
    }

    @Override
    public List<Task> tasks(Collection<Index> indexes) throws InterruptedException {
        for (int tries = 1; ; tries++) {
            try {
                return indexes.isEmpty() ? List.of() : read(indexes);
            } catch (Malformed e) {
                // Anvil, just when it mines, may show one question more of the next block than it shows another.
                if (tries == TRIES) {
                    throw e;
                }
            }
        }
    }

    private List<Task> read(Collection<Index> indexes) throws InterruptedException {
        return atOneBlock(block -> {
            var all = List.copyOf(indexes);
            var both = block.ask(Stream.concat(ofEach(all, "viewTask"), ofEach(all, "viewVoting"))
                    .toList());
            var views = both.subList(0, all.size());
            var votings = both.subList(all.size(), both.size());
            var votes = new ArrayList<View>();
            for (int i = 0; i < all.size(); i++) {
                var task = all.get(i).task().value().bytes();
                for (var worker : Views.contributors(views.get(i))) {
                    votes.add(View.hub("viewContribution", task, Contracts.abi(worker)));
                }
            }
            var answers = block.ask(votes).iterator();
            var drawn = new ArrayList<TaskId>();
            for (int i = 0; i < all.size(); i++) {
                if (Views.waitsForDraw(views.get(i), votings.get(i))) {
                    drawn.add(all.get(i).task());
                }
            }
            var due = auditsDue(drawn);
            var tasks = new ArrayList<Task>();
            for (int i = 0; i < all.size(); i++) {
                var contributions = new ArrayList<Contribution>();
                for (var worker : Views.contributors(views.get(i))) {
                    contributions.add(Views.contribution(worker, answers.next(), votings.get(i), contributions.size()));
                }
                tasks.add(Views.task(
                        all.get(i),
                        views.get(i),
                        contributions,
                        due.contains(all.get(i).task())));
            }
            return List.copyOf(tasks);
        });
    }

    private static Stream<View> ofEach(List<Index> indexes, String view) {
        return indexes.stream()
                .map(index -> View.hub(view, (Object) index.task().value().bytes()));
    }

    /// Of the tasks that a draw was made for and whose result is hidden, those that are to be checked.
    ///
    /// The contracts are asked, on the pending block, in which a reveal would be. To compute it from the block's
    /// hash would be wrong where BLOCKHASH gives another: on Arbitrum, and on an anvil that was restarted.
    private Set<TaskId> auditsDue(List<TaskId> drawn) throws InterruptedException {
        var due = new HashSet<TaskId>();
        var replies = rpc.batch(drawn.stream()
                .map(task -> View.hub("audit", (Object) task.value().bytes()).at("pending", market))
                .toList());
        for (int i = 0; i < replies.size(); i++) {
            if (isDue(replies.get(i))) {
                due.add(drawn.get(i));
            }
        }
        return due;
    }

    private static boolean isDue(JsonRpc.Reply reply) {
        return switch (reply) {
            case JsonRpc.Reply.Result _ -> true;
            case JsonRpc.Reply.Refusal(var failure) ->
                switch (Refusals.of(failure).error()) {
                    // It was drawn, but opening it to others came too late.
                    case "TooLate" -> true;
                    // The draw is of the next block; or of this one, on a node whose pending block is its newest.
                    case "NothingToAudit", "DrawTooEarly" -> false;
                    default -> throw failure;
                };
        };
    }

    @Override
    public Optional<Task> task(TaskId id) throws InterruptedException {
        var index = Views.index(hub("viewTask", (Object) id.value().bytes()));
        return index.isEmpty()
                ? Optional.empty()
                : Optional.of(tasks(List.of(index.get())).getFirst());
    }

    @Override
    public Account account(Address owner) throws InterruptedException {
        return Views.account(hub("viewAccount", Contracts.abi(owner)));
    }

    /// Where the market's money is the chain's own coin, these are all of the owner's coins, in whole nRLC: also
    /// those that he needs for gas. Whoever spends them leaves enough for that.
    @Override
    public Rlc wallet(Address owner) throws InterruptedException {
        if (market.isNative()) {
            return Deployment.rlc(Quantity.big(rpc.call("eth_getBalance", owner.toString(), "latest")));
        }
        return new Rlc(Contracts.big(
                latest(new View(Contracts.TOKEN, market.token(), "balanceOf", List.of(Contracts.abi(owner)))), 0));
    }

    @Override
    public Set<Address> funders(Address owner) throws InterruptedException {
        return funders.of(owner);
    }

    @Override
    public long score(Address worker) throws InterruptedException {
        return Contracts.number(hub("viewScore", Contracts.abi(worker)), 0);
    }

    @Override
    public List<Category> categories() throws InterruptedException {
        long count = Contracts.number(hub("countCategory"), 0);
        if (count != categories.size()) {
            categories = atOneBlock(block -> {
                var views = block.ask(LongStream.range(0, count)
                        .mapToObj(id -> View.hub("viewCategory", Contracts.abi(id)))
                        .toList());
                return LongStream.range(0, count)
                        .mapToObj(id -> Views.category(id, views.get((int) id)))
                        .toList();
            });
        }
        return categories;
    }

    @Override
    public Optional<Asset.App> app(Address address) throws InterruptedException {
        return registered(Contracts.APPS, market.apps(), address)
                ? Optional.of(Views.app(address, hub("viewApp", Contracts.abi(address))))
                : Optional.empty();
    }

    @Override
    public Optional<Asset.Dataset> dataset(Address address) throws InterruptedException {
        return registered(Contracts.DATASETS, market.datasets(), address)
                ? Optional.of(Views.dataset(address, hub("viewDataset", Contracts.abi(address))))
                : Optional.empty();
    }

    @Override
    public Optional<Asset.Workerpool> workerpool(Address address) throws InterruptedException {
        return registered(Contracts.WORKERPOOLS, market.workerpools(), address)
                ? Optional.of(Views.workerpool(address, hub("viewWorkerpool", Contracts.abi(address))))
                : Optional.empty();
    }

    @Override
    public List<Asset.App> apps(int limit) throws InterruptedException {
        return atOneBlock(block -> {
            long count =
                    Contracts.number(block.ask(List.of(apps("totalSupply"))).getFirst(), 0);
            var addresses = block
                    .ask(LongStream.range(0, Math.min(count, limit))
                            .mapToObj(back -> apps("tokenByIndex", Contracts.abi(count - 1 - back)))
                            .toList())
                    .stream()
                    .map(number -> Events.entry(Contracts.big(number, 0)))
                    .toList();
            var views = block.ask(addresses.stream()
                    .map(address -> View.hub("viewApp", Contracts.abi(address)))
                    .toList());
            var apps = new ArrayList<Asset.App>();
            for (var address : addresses) {
                apps.add(Views.app(address, views.get(apps.size())));
            }
            return List.copyOf(apps);
        });
    }

    @Override
    public long consumed(Order order) throws InterruptedException {
        var consumed =
                Contracts.big(hub("viewConsumed", (Object) domain().hash(order).bytes()), 0);
        // A closed order has consumed everything.
        return consumed.min(BigInteger.valueOf(Long.MAX_VALUE)).longValue();
    }

    @Override
    public boolean agreed(Address signer, Bytes32 hash, Bytes signature) throws InterruptedException {
        return hub("verifyPresignatureOrSignature", Contracts.abi(signer), hash.bytes(), signature.bytes())
                .get(0);
    }

    @Override
    public News news(News.Cursor cursor, Duration patience) throws InterruptedException {
        return follower.news(cursor, patience);
    }

    @Override
    public Receipt submit(Wallet wallet, Transaction transaction) throws Refused, InterruptedException {
        try {
            return receipt(sender.submit(wallet, Calls.of(transaction, wallet.address(), market)));
        } catch (JsonRpc.Failure e) {
            throw Refusals.of(e);
        }
    }

    /// Sends coins, for others to pay their gas with.
    ///
    /// @param wei how many
    public Receipt pay(Wallet wallet, Address to, BigInteger wei) throws Refused, InterruptedException {
        try {
            return receipt(sender.submit(wallet, new Sender.Call(Optional.of(to), wei, Bytes.EMPTY)));
        } catch (JsonRpc.Failure e) {
            throw Refusals.of(e);
        }
    }

    @Override
    public Optional<Receipt> receipt(Bytes32 transaction) throws InterruptedException {
        var receipt = rpc.call("eth_getTransactionReceipt", transaction.toString());
        // One that failed when mined has not done what it was asked.
        return receipt.isNull() || Quantity.number(receipt.path("status")) == 0
                ? Optional.empty()
                : Optional.of(receipt(receipt));
    }

    private Receipt receipt(JsonNode receipt) throws InterruptedException {
        return new Receipt(
                Bytes32.parse(receipt.path("transactionHash").asString("")),
                Quantity.number(receipt.path("blockNumber")),
                Quantity.number(receipt.path("gasUsed")),
                entries(receipt.path("logs").valueStream().toList()).stream()
                        .map(News.Entry::event)
                        .toList());
    }

    private List<News.Entry> entries(List<JsonNode> logs) throws InterruptedException {
        var entries = new ArrayList<News.Entry>();
        for (var log : logs) {
            event(log)
                    .ifPresent(event -> entries.add(new News.Entry(
                            Quantity.number(log.path("blockNumber")),
                            Bytes32.parse(log.path("transactionHash").asString("")),
                            event)));
        }
        return entries;
    }

    private Optional<Event> event(JsonNode log) throws InterruptedException {
        try {
            return Events.of(log, market, this::deal);
        } catch (Malformed | IllegalArgumentException e) {
            // Anyone may broadcast an order of any size. Nobody here will match it.
            LOG.info("an event is passed over: {}", e.getMessage());
            return Optional.empty();
        }
    }

    private void forget() {
        branch.incrementAndGet();
        deals.clear();
        categories = List.of();
    }

    /* READING */

    /// One question to a contract.
    private record View(Artifact contract, Optional<Address> other, String function, List<Object> arguments) {
        View(Artifact contract, Address address, String function, List<Object> arguments) {
            this(contract, Optional.of(address), function, arguments);
        }

        static View hub(String function, Object... arguments) {
            return new View(Contracts.HUB, Optional.empty(), function, List.of(arguments));
        }

        JsonRpc.Request at(Object block, Deployment market) {
            return JsonRpc.Request.of(
                    "eth_call",
                    Map.of(
                            "to",
                            other.orElse(market.hub()).toString(),
                            "data",
                            contract.call(function, arguments.toArray()).toString()),
                    block);
        }

        /// A struct comes alone in a tuple.
        Tuple result(JsonRpc.Reply reply) {
            Tuple result = contract.result(function, Bytes.parse(reply.value().asString("")));
            return result.size() == 1 && result.get(0) instanceof Tuple struct ? struct : result;
        }
    }

    private View apps(String function, Object... arguments) {
        return new View(Contracts.APPS, market.apps(), function, List.of(arguments));
    }

    private boolean registered(Artifact contract, Address registry, Address entry) throws InterruptedException {
        return latest(new View(contract, registry, "isRegistered", List.of(Contracts.abi(entry))))
                .get(0);
    }

    private Tuple hub(String function, Object... arguments) throws InterruptedException {
        return latest(View.hub(function, arguments));
    }

    private Tuple latest(View view) throws InterruptedException {
        return view.result(rpc.batch(List.of(view.at("latest", market))).getFirst());
    }

    /// A block to which several batches of questions go.
    private final class Pinned {
        private final Object block;

        Pinned(Bytes32 hash) {
            this.block = Map.of("blockHash", hash.toString());
        }

        List<Tuple> ask(List<View> views) throws InterruptedException {
            var replies =
                    rpc.batch(views.stream().map(view -> view.at(block, market)).toList());
            var results = new ArrayList<Tuple>();
            for (var view : views) {
                results.add(view.result(replies.get(results.size())));
            }
            return results;
        }
    }

    /// Reads from a block.
    private interface Reading<T> {
        T from(Pinned block) throws InterruptedException;
    }

    /// Reads from the newest block, and again from a newer one if the node has forgotten it meanwhile.
    private <T> T atOneBlock(Reading<T> reading) throws InterruptedException {
        for (int attempt = 1; ; attempt++) {
            try {
                return reading.from(new Pinned(head.now().hash()));
            } catch (JsonRpc.Failure e) {
                if (attempt == MOST_ATTEMPTS) {
                    throw e;
                }
            }
        }
    }

    @Override
    public void close() {
        sender.close();
        head.close();
        rpc.close();
    }
}
