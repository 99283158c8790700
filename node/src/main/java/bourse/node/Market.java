package bourse.node;

import bourse.protocol.Blobs;
import bourse.protocol.Chain;
import bourse.protocol.OrderBook;
import bourse.protocol.PoolInfo;

/// What a requester needs of a market, whoever runs it.
public interface Market extends AutoCloseable {
    Chain chain();

    Blobs blobs();

    OrderBook book();

    PoolInfo pool();

    /// Whether it ends with this process: nobody else will come and work.
    boolean endsWithThisProcess();

    @Override
    void close();
}
