package bourse.node;

import bourse.chain.Relay;
import bourse.chain.RpcChain;
import bourse.protocol.Address;
import bourse.protocol.Blobs;
import bourse.protocol.Chain;
import bourse.protocol.Malformed;
import bourse.protocol.OrderBook;
import bourse.protocol.PoolInfo;
import bourse.protocol.Wallet;
import bourse.storage.Directory;
import bourse.storage.Postgres;
import bourse.storage.S3;
import bourse.wire.BlobsClient;
import bourse.wire.Door;
import bourse.wire.PoolClient;
import bourse.wire.PoolInfoClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import javax.sql.DataSource;

/// The doors of a role that runs by itself, as `bourse.toml` names them: each is a client of a service elsewhere, or
/// what lies in the home.
public final class Doors implements Market {
    private final Home home;
    private final Settings settings;
    private final Deque<AutoCloseable> open = new ArrayDeque<>();
    private final RpcChain chain;
    private Optional<Wallet> signer = Optional.empty();
    private Optional<Blobs> blobs = Optional.empty();
    private Optional<PoolInfoClient> pool = Optional.empty();

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

    @Override
    public OrderBook book() {
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

    /// The pool of which `bourse.toml` tells, to be asked. Its scheduler need not answer until then.
    @Override
    public synchronized PoolInfo pool() {
        if (pool.isEmpty()) {
            var authority = settings.service().trusted();
            var registered = settings.pool().registered();
            pool = Optional.of(keep(
                    signer.isPresent() && registered.isPresent()
                            ? new PoolClient(
                                    new Door(poolUrl(), registered.get(), chain.domain()), signer.get(), authority)
                            : new PoolInfoClient(poolUrl(), authority)));
        }
        return pool.get();
    }

    /// The pool to work for.
    ///
    /// @throws Problem if its scheduler serves another one than `pool.address`
    public PoolClient poolToWorkFor() throws Problem, InterruptedException {
        var told = pool().workerpool();
        var meant = settings.pool().registered().orElse(told);
        if (!meant.equals(told)) {
            throw new Problem(
                    Problem.REFUSED,
                    "the scheduler at %s leads the pool %s, and pool.address is %s: correct one of them"
                            .formatted(settings.pool().url(), told, meant));
        }
        return keep(new PoolClient(
                new Door(poolUrl(), meant, chain.domain()),
                signer(),
                settings.service().trusted()));
    }

    private URI poolUrl() {
        if (settings.pool().url().isEmpty()) {
            throw new Malformed("pool.url in %s/bourse.toml is missing: the URL that `bourse scheduler` prints"
                    .formatted(home));
        }
        return URI.create(settings.pool().url());
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
                throw new IllegalStateException("a door did not close: " + e, e);
            }
        }
    }
}
