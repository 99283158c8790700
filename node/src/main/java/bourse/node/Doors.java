package bourse.node;

import bourse.chain.Relay;
import bourse.chain.RpcChain;
import bourse.protocol.Address;
import bourse.protocol.Away;
import bourse.protocol.Blobs;
import bourse.protocol.Chain;
import bourse.protocol.OrderBook;
import bourse.protocol.Pool;
import bourse.protocol.Rlc;
import bourse.protocol.Wallet;
import bourse.storage.Directory;
import bourse.storage.Postgres;
import bourse.storage.S3;
import bourse.wire.BlobsClient;
import bourse.wire.Door;
import bourse.wire.MarketClient;
import bourse.wire.PoolClient;
import bourse.wire.PoolInfoClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The doors of a role that runs by itself, as `bourse.toml` names them: each is a client of a service elsewhere, or
/// what lies in the home.
public final class Doors implements Market {
    private static final Logger LOG = LoggerFactory.getLogger(Doors.class);
    /// Some hundred transactions where gas costs something.
    private static final Rlc GAS = Rlc.parse("1");

    private final Home home;
    private final Settings settings;
    private final Deque<AutoCloseable> open = new ArrayDeque<>();
    private final RpcChain chain;
    private Optional<Wallet> signer = Optional.empty();
    private Optional<Blobs> blobs = Optional.empty();
    private Optional<Pool> pool = Optional.empty();
    private Optional<OrderBook> book = Optional.empty();

    private Doors(Home home, Settings settings, RpcChain chain) {
        this.home = home;
        this.settings = settings;
        this.chain = chain;
        open.push(chain);
    }

    /// @throws Problem if there is no such market: another chain, other contracts, or nobody there
    public static Doors of(Home home, Settings settings) throws Problem, InterruptedException {
        var where = settings.chain();
        if (!where.isElsewhere()) {
            throw new Problem(
                    Problem.REFUSED,
                    "%s/bourse.toml names no chain: give chain.rpc and chain.hub, such as `bourse chain` prints them"
                            .formatted(home));
        }
        try {
            var chain = RpcChain.connect(URI.create(where.rpc()), where.market());
            long id = chain.domain().chainId();
            if (where.id() != 0 && where.id() != id) {
                chain.close();
                throw new Problem(
                        Problem.REFUSED,
                        "the chain at %s is number %d, and chain.id wants %d: this is another chain than meant"
                                .formatted(where.rpc(), id, where.id()));
            }
            return new Doors(home, settings, chain);
        } catch (RuntimeException e) {
            throw new Problem(
                    Problem.BROKEN,
                    "there is no market that this version could use at %s, hub %s: %s"
                            .formatted(where.rpc(), where.hub(), e.getMessage()),
                    e);
        }
    }

    /// Who signs what is stored and asked elsewhere.
    public Doors signedBy(Wallet wallet) {
        signer = Optional.of(wallet);
        return this;
    }

    @Override
    public Chain chain() {
        return chain;
    }

    /// Whether the market's money is the chain's own coin.
    public boolean isNative() {
        return chain.market().isNative();
    }

    /// What a role's wallet keeps out of the market for gas: nothing, where that is not paid with the market's money.
    Rlc gas() {
        return isNative() ? GAS : Rlc.ZERO;
    }

    /// The market that `bourse.toml` names; else the pools' orders in the chain's log.
    @Override
    public synchronized OrderBook book() {
        if (book.isEmpty()) {
            var market = settings.market().at();
            book = Optional.of(
                    market.isPresent()
                            ? keep(new MarketClient(
                                    market.get(),
                                    chain.domain(),
                                    settings.service().trusted()))
                            : log());
        }
        return book.get();
    }

    /// The book that the chain's log is.
    OrderBook log() {
        return new Relay(chain);
    }

    @Override
    public synchronized Blobs blobs() {
        if (blobs.isEmpty()) {
            blobs = Optional.of(openBlobs());
        }
        return blobs.get();
    }

    private Blobs openBlobs() {
        var storage = settings.storage();
        if (!storage.isServer()) {
            return here();
        }
        var door = new Door(URI.create(storage.at()), Address.parse(storage.store()), chain.domain());
        return keep(new BlobsClient(door, signer(), settings.service().trusted()));
    }

    /// The bytes themselves: in the home, or on S3.
    Blobs here() {
        try {
            return settings.storage().bucket().isPresent()
                    ? keep(S3.at(settings.storage().bucket().get()))
                    : Directory.at(home.resolve("blobs"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// The pool of which `bourse.toml` tells, to be asked or to work for: whichever of its schedulers answers.
    ///
    /// @throws Away if `pool.address` is empty and none of them answers
    @Override
    public synchronized Pool pool() {
        if (pool.isEmpty()) {
            var urls = settings.pool().urls();
            var meant = settings.pool().registered();
            var clients = new ArrayList<PoolClient>();
            for (var url : urls) {
                clients.add(client(url, meant.isPresent() ? meant.get() : askedFor(urls)));
            }
            pool = Optional.of(new AnyScheduler(clients));
        }
        return pool.get();
    }

    /// Which pool it is that the first scheduler serves that answers.
    private Address askedFor(List<URI> urls) {
        for (var url : urls) {
            try (var info = new PoolInfoClient(url, settings.service().trusted())) {
                return info.workerpool();
            } catch (Away _) {
                // another one may answer
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
                break;
            }
        }
        throw new Away("none of the pool's schedulers answers at %s; is one up? With pool.address set, they need not be"
                .formatted(settings.pool().url()));
    }

    private PoolClient client(URI url, Address workerpool) {
        return keep(new PoolClient(
                new Door(url, workerpool, chain.domain()),
                signer(),
                settings.service().trusted()));
    }

    private Wallet signer() {
        return signer.orElseThrow(() -> new IllegalStateException("nobody signs here"));
    }

    /// The tables of a role, brought up to date.
    public DataSource tables(String role) throws IOException, InterruptedException {
        var url = settings.database().url();
        var postgres = keep(url.isEmpty() ? Postgres.embedded(home.resolve("database")) : Postgres.at(url));
        return postgres.of(role);
    }

    private <T extends AutoCloseable> T keep(T part) {
        open.push(part);
        return part;
    }

    @Override
    public boolean endsWithThisProcess() {
        return false;
    }

    @Override
    public void close() {
        while (!open.isEmpty()) {
            try {
                open.pop().close();
            } catch (Exception e) {
                LOG.warn("a door did not close well: {}", e.toString(), e);
            }
        }
    }
}
