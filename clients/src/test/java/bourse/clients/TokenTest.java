package bourse.clients;

import java.util.List;
import org.junit.jupiter.api.extension.ExtendWith;

/// A market whose money is a token, as iExec's on Arbitrum.
@ExtendWith(OneMarket.class)
class TokenTest extends EitherMoney {
    static List<String> clients() {
        return List.of("iexec", "iexec9");
    }
}
