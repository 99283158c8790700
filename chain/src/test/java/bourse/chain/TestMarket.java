package bourse.chain;

import bourse.chain.Deployment.Money;
import bourse.protocol.Draw;
import bourse.protocol.Refused;
import bourse.protocol.Rlc;
import bourse.protocol.Wallet;
import java.io.IOException;

/// A fresh market on a chain of its own.
record TestMarket(Anvil anvil, Wallet bank, Deployment deployment, RpcChain chain, Faucet faucet)
        implements AutoCloseable {

    static TestMarket open() throws IOException, Refused, InterruptedException {
        return open(Anvil.Options.DEFAULT);
    }

    static TestMarket open(Anvil.Options options) throws IOException, Refused, InterruptedException {
        return open(options, Deployment.DRAW);
    }

    static TestMarket open(Anvil.Options options, Draw draw) throws IOException, Refused, InterruptedException {
        return open(options, draw, Money.TOKEN);
    }

    static TestMarket open(Anvil.Options options, Draw draw, Money money)
            throws IOException, Refused, InterruptedException {
        var anvil = Anvil.temporary(options);
        var bank = Wallet.random();
        anvil.fund(bank.address(), Faucet.COIN);
        var deployment = Deployment.deploy(anvil.uri(), bank, draw, money, Deployment.CATEGORIES);
        var chain = RpcChain.connect(anvil.uri(), deployment);
        return new TestMarket(anvil, bank, deployment, chain, new Faucet(anvil, chain, bank));
    }

    /// Somebody with coin and tokens.
    Wallet rich() throws Refused, InterruptedException {
        var wallet = Wallet.random();
        faucet.give(wallet.address(), Rlc.parse("1000"));
        return wallet;
    }

    @Override
    public void close() {
        chain.close();
        anvil.close();
    }
}
