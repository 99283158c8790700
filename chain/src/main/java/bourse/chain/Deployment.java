package bourse.chain;

import static bourse.chain.Contracts.abi;

import bourse.protocol.Address;
import bourse.protocol.Bytes;
import bourse.protocol.Bytes32;
import bourse.protocol.Category;
import bourse.protocol.Chain;
import bourse.protocol.Draw;
import bourse.protocol.Keccak;
import bourse.protocol.Refused;
import bourse.protocol.Rlc;
import bourse.protocol.Wallet;
import com.esaulpaugh.headlong.abi.Tuple;
import com.esaulpaugh.headlong.rlp.RLPEncoder;
import com.fasterxml.jackson.annotation.JsonIgnore;
import java.io.IOException;
import java.math.BigInteger;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/// Where a market's contracts are. The hub alone is enough to find it; it names the others.
///
/// @param token [Address#ZERO] where the market's money is the chain's own coin
/// @param apps the registry of apps, and so on
public record Deployment(
        long chainId, Address hub, Address token, Address apps, Address datasets, Address workerpools) {
    private static final Logger LOG = LoggerFactory.getLogger(Deployment.class);
    private static final JsonMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    /// iExec's five, by their reference time.
    public static final List<Category> CATEGORIES = List.of(
            new Category(0, "XS", "5 minutes", Duration.ofMinutes(5)),
            new Category(1, "S", "20 minutes", Duration.ofMinutes(20)),
            new Category(2, "M", "1 hour", Duration.ofHours(1)),
            new Category(3, "L", "3 hours", Duration.ofHours(3)),
            new Category(4, "XL", "10 hours", Duration.ofHours(10)));

    /// One in ten is checked: then a lie does not pay where workers stake nine times what they could gain.
    public static final Draw DRAW = new Draw(10);

    private static final BigInteger WEI = BigInteger.TEN.pow(9);

    /// What people pay with.
    public enum Money {
        /// A token of the market's own, which its owner gets all of.
        TOKEN,
        /// The chain's own coin, as on iExec's sidechain: 1 nRLC is 1e9 wei.
        COIN
    }

    /// The market was made by contracts of another version, which this one can not read.
    public static final class Foreign extends RuntimeException {
        private static final long serialVersionUID = 1;

        private Foreign(URI node, Address hub, RuntimeException cause) {
            super(
                    "the market at " + hub + " on " + node
                            + " was made by another version of the contracts, which this one can not read; use"
                            + " the version that made it, or make a new market",
                    cause);
        }
    }

    /// Whether the market's money is the chain's own coin, and there is no token.
    @JsonIgnore
    public boolean isNative() {
        return token.isZero();
    }

    /// What an amount is in the chain's own coin, where that is the market's money.
    static BigInteger wei(Rlc amount) {
        return amount.nano().multiply(WEI);
    }

    /// The whole nRLC in so many wei.
    static Rlc rlc(BigInteger wei) {
        return new Rlc(wei.divide(WEI));
    }

    /// The market that `file` names, or a new one that `owner` deploys and `file` names from then on.
    ///
    /// @param draw how many of the results that one worker gave alone a new one checks
    /// @param money what people pay with in a new one
    /// @throws Refused if the chain does not take the contracts, say because `owner` can not pay for gas
    /// @throws Foreign if the market is of another version
    public static Deployment at(Path file, URI node, Wallet owner, Draw draw, Money money)
            throws IOException, Refused, InterruptedException {
        if (Files.exists(file)) {
            var known = read(file);
            try (var rpc = new JsonRpc(node, Duration.ofSeconds(10))) {
                if (hasCode(rpc, known.hub())) {
                    requireOurs(rpc, known.hub());
                    return known;
                }
            }
            LOG.warn("the chain at {} has lost the market of {}; it gets a new one", node, file);
        }
        var fresh = deploy(node, owner, draw, money, CATEGORIES);
        fresh.write(file);
        return fresh;
    }

    /// Creates all contracts and [#CATEGORIES]; `owner` gets the market and all of its tokens. Everything is
    /// sent at once, and usually in one block.
    public static Deployment deploy(URI node, Wallet owner) throws Refused, InterruptedException {
        return deploy(node, owner, DRAW, Money.TOKEN, CATEGORIES);
    }

    /// @param draw how many of the results that one worker gave alone are checked
    public static Deployment deploy(URI node, Wallet owner, Draw draw, Money money, List<Category> categories)
            throws Refused, InterruptedException {
        try (var rpc = new JsonRpc(node, Duration.ofSeconds(30));
                var head = new Head(rpc, Duration.ofMillis(25))) {
            long chainId = Quantity.number(rpc.call("eth_chainId"));
            try (var sender = new Sender(rpc, head, chainId)) {
                return new Deployer(sender, owner, madeBy(rpc, owner)).deploy(chainId, draw, money, categories);
            }
        } catch (JsonRpc.Failure e) {
            throw Refusals.of(e);
        }
    }

    /// The market behind `hub`.
    ///
    /// @throws IllegalArgumentException if there is none, with the next step
    /// @throws Foreign if it is of another version
    static Deployment find(JsonRpc rpc, Address hub) throws InterruptedException {
        if (!hasCode(rpc, hub)) {
            throw new IllegalArgumentException(
                    "there is no contract at %s on the chain at %s; give the address of a market's hub, or deploy one"
                            .formatted(hub, rpc.node()));
        }
        Deployment found;
        try {
            found = new Deployment(
                    Quantity.number(rpc.call("eth_chainId")),
                    hub,
                    ask(rpc, hub, "token"),
                    ask(rpc, hub, "appregistry"),
                    ask(rpc, hub, "datasetregistry"),
                    ask(rpc, hub, "workerpoolregistry"));
        } catch (Chain.Unreachable e) {
            throw e;
        } catch (RuntimeException e) {
            throw new IllegalArgumentException("the contract at %s is not a market's hub: %s".formatted(hub, e), e);
        }
        requireOurs(rpc, hub);
        return found;
    }

    /// A hub that does not tell the votes' weights is older than audits.
    private static void requireOurs(JsonRpc rpc, Address hub) throws InterruptedException {
        try {
            view(rpc, hub, "viewVoting", (Object) Bytes32.ZERO.bytes());
        } catch (Chain.Unreachable e) {
            throw e;
        } catch (RuntimeException e) {
            throw new Foreign(rpc.node(), hub, e);
        }
    }

    public static Deployment read(Path file) throws IOException {
        try {
            return JSON.readValue(Files.readString(file), Deployment.class);
        } catch (JacksonException e) {
            throw new IOException("%s does not describe a market: %s".formatted(file, e.getOriginalMessage()), e);
        }
    }

    public void write(Path file) throws IOException {
        var fresh = file.resolveSibling(file.getFileName() + ".new");
        Files.writeString(fresh, JSON.writeValueAsString(this));
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
    }

    private static boolean hasCode(JsonRpc rpc, Address contract) throws InterruptedException {
        return rpc.call("eth_getCode", contract.toString(), "latest")
                        .asString("")
                        .length()
                > 2;
    }

    private static long madeBy(JsonRpc rpc, Wallet owner) throws InterruptedException {
        return Quantity.number(
                rpc.call("eth_getTransactionCount", owner.address().toString(), "pending"));
    }

    private static Address ask(JsonRpc rpc, Address hub, String function) throws InterruptedException {
        return Contracts.address(view(rpc, hub, function), 0);
    }

    private static Tuple view(JsonRpc rpc, Address hub, String function, Object... arguments)
            throws InterruptedException {
        var data = Contracts.HUB.call(function, arguments).toString();
        var answer = rpc.call("eth_call", Map.of("to", hub.toString(), "data", data), "latest");
        return Contracts.HUB.result(function, Bytes.parse(answer.asString("")));
    }

    /// Sends what a market is made of, without waiting for one before the next: where a contract will be
    /// follows from how many transactions its maker has made.
    private static final class Deployer {
        private final Sender sender;
        private final Wallet owner;
        private final List<CompletableFuture<JsonNode>> sent = new ArrayList<>();
        private long made;

        Deployer(Sender sender, Wallet owner, long made) {
            this.sender = sender;
            this.owner = owner;
            this.made = made;
        }

        Deployment deploy(long chainId, Draw draw, Money money, List<Category> categories) throws InterruptedException {
            var token = money == Money.COIN ? Address.ZERO : create(Contracts.TOKEN, abi(owner.address()));
            var apps = create(Contracts.APPS);
            var datasets = create(Contracts.DATASETS);
            var workerpools = create(Contracts.WORKERPOOLS);
            var desk = money == Money.COIN
                    ? create(Contracts.NATIVE_DESK, abi(apps), abi(datasets), abi(workerpools))
                    : create(Contracts.DESK, abi(token), abi(apps), abi(datasets), abi(workerpools));
            var hub = create(Contracts.HUB, abi(desk), abi(draw.ratio()));
            for (var category : categories) {
                var seconds = abi(category.reference().toSeconds());
                sent.add(sender.send(
                        owner,
                        Sender.Call.to(
                                hub,
                                Contracts.HUB.call(
                                        "createCategory", category.name(), category.description(), seconds))));
            }
            for (var transaction : sent) {
                requireSuccess(transaction);
            }
            return new Deployment(chainId, hub, token, apps, datasets, workerpools);
        }

        private Address create(Artifact contract, Object... arguments) throws InterruptedException {
            sent.add(sender.send(
                    owner, new Sender.Call(Optional.empty(), BigInteger.ZERO, contract.creation(arguments))));
            var nonce = BigInteger.valueOf(made++);
            var preimage = RLPEncoder.list(
                    owner.address().bytes(), nonce.signum() == 0 ? new byte[0] : Envelope.number(nonce));
            return Address.of(Arrays.copyOfRange(Keccak.of(preimage).bytes(), 12, 32));
        }

        private static void requireSuccess(CompletableFuture<JsonNode> transaction) throws InterruptedException {
            try {
                if (Quantity.number(transaction.get().path("status")) != 1) {
                    throw new IllegalStateException("a transaction of the deployment failed when mined");
                }
            } catch (ExecutionException e) {
                throw new IllegalStateException("the deployment was disturbed; deploy again", e);
            }
        }
    }
}
