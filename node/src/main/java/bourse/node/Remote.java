package bourse.node;

import bourse.chain.Deployment;
import bourse.chain.Relay;
import bourse.chain.RpcChain;
import bourse.protocol.Blobs;
import bourse.protocol.Chain;
import bourse.protocol.OrderBook;
import bourse.protocol.PoolInfo;
import bourse.protocol.Wallet;
import bourse.storage.Directory;
import bourse.wire.Door;
import bourse.wire.MarketClient;
import bourse.wire.PoolClient;
import bourse.wire.PoolInfoClient;
import java.io.IOException;
import java.net.URI;
import java.util.Optional;

/// A market that another process on this machine keeps up.
public final class Remote implements Market {
    private final RpcChain chain;
    private final OrderBook book;
    private final Optional<MarketClient> market;
    private final Blobs blobs;
    private final PoolInfoClient pool;

    public Remote(Home home, Home.Running running) throws IOException, Problem, InterruptedException {
        try {
            chain = RpcChain.connect(running.rpc(), running.hub());
        } catch (Deployment.Foreign e) {
            throw Laptop.foreign(home, e);
        }
        market = running.market().map(url -> new MarketClient(url, chain.domain(), Optional.empty()));
        book = market.isPresent() ? market.get() : new Relay(chain);
        blobs = Directory.at(home.resolve("blobs"));
        try {
            pool = running.pool().isPresent()
                    ? signing(running.pool().get(), home.wallet("requester"))
                    : new PoolInfoClient(running.gateway());
        } catch (Problem | RuntimeException | InterruptedException e) {
            market.ifPresent(MarketClient::close);
            chain.close();
            throw e;
        }
    }

    /// A pool that tells the owner of `wallet` what is meant for him alone.
    private PoolClient signing(URI server, Wallet wallet) throws InterruptedException {
        try (var info = new PoolInfoClient(server)) {
            return new PoolClient(new Door(server, info.workerpool(), chain.domain()), wallet, Optional.empty());
        }
    }

    @Override
    public Chain chain() {
        return chain;
    }

    /// Whether the market's money is the chain's own coin.
    public boolean isNative() {
        return chain.market().isNative();
    }

    @Override
    public Blobs blobs() {
        return blobs;
    }

    @Override
    public OrderBook book() {
        return book;
    }

    @Override
    public PoolInfo pool() {
        return pool;
    }

    @Override
    public boolean endsWithThisProcess() {
        return false;
    }

    @Override
    public void close() {
        pool.close();
        market.ifPresent(MarketClient::close);
        chain.close();
    }
}
