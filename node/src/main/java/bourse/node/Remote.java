package bourse.node;

import bourse.chain.Deployment;
import bourse.chain.Relay;
import bourse.chain.RpcChain;
import bourse.protocol.Blobs;
import bourse.protocol.Chain;
import bourse.protocol.OrderBook;
import bourse.protocol.PoolInfo;
import bourse.storage.Directory;
import bourse.wire.PoolInfoClient;
import java.io.IOException;

/// A market that another process on this machine keeps up.
public final class Remote implements Market {
    private final RpcChain chain;
    private final OrderBook book;
    private final Blobs blobs;
    private final PoolInfoClient pool;

    public Remote(Home home, Home.Running running) throws IOException, Problem, InterruptedException {
        try {
            chain = RpcChain.connect(running.rpc(), running.hub());
        } catch (Deployment.Foreign e) {
            throw Laptop.foreign(home, e);
        }
        book = new Relay(chain);
        blobs = Directory.at(home.resolve("blobs"));
        pool = new PoolInfoClient(running.gateway());
    }

    @Override
    public Chain chain() {
        return chain;
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
        chain.close();
    }
}
