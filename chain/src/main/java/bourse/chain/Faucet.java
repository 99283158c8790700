package bourse.chain;

import bourse.protocol.Address;
import bourse.protocol.Refused;
import bourse.protocol.Rlc;
import bourse.protocol.Transaction;
import bourse.protocol.Wallet;
import java.math.BigInteger;

/// Gives the coin and the tokens of a development chain away.
///
/// @param bank who holds the tokens, see [Deployment#deploy]
public record Faucet(Anvil anvil, RpcChain chain, Wallet bank) {
    /// Enough gas for a life.
    public static final BigInteger COIN = BigInteger.TEN.pow(18 + 6);

    /// Coin for gas, and `amount` of tokens on top of what `account` has.
    public void give(Address account, Rlc amount) throws Refused, InterruptedException {
        anvil.fund(account, COIN);
        if (!amount.isZero()) {
            chain.submit(bank, new Transaction.Transfer(account, amount));
        }
    }
}
