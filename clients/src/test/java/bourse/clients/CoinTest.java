package bourse.clients;

import java.util.List;
import org.junit.jupiter.api.extension.ExtendWith;

/// A market whose money is the chain's own coin, as iExec's sidechain: version 9 knows no such.
@ExtendWith(OneMarket.OfCoins.class)
class CoinTest extends EitherMoney {
    static List<String> clients() {
        return List.of("iexec");
    }
}
