package bourse.testing;

import static org.assertj.core.api.Assertions.assertThat;

import bourse.protocol.Address;
import bourse.protocol.Asset;
import bourse.protocol.Bytes;
import bourse.protocol.Bytes32;
import bourse.protocol.Draw;
import bourse.protocol.Refused;
import bourse.protocol.Transaction;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// Addresses that the contracts answered to `predictApp`, `predictDataset` and `predictWorkerpool`, on anvil,
/// deployed by its first account.
class RegistriesTest {
    private static final Address OWNER = Address.parse("0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266");
    private static final Bytes32 CHECKSUM = new Bytes32("11".repeat(32));
    private static final Market MARKET = new Market(
            Market.anywhere(new Draw(0)).domain(),
            Address.ZERO,
            Address.parse("0x5fbdb2315678afecb367f032d93f642f64180aa3"),
            Address.parse("0xe7f1725e7734ce288f8367e1bb143e90bb3f0512"),
            Address.parse("0x9fe46736679d2d9a65f0992f2272de9f3c7fa6e0"),
            new Draw(0));
    private static final Rules.Moment MOMENT = new Rules.Moment(VirtualClock.NOON, 1, _ -> Optional.empty());

    @Test
    void anAppIsWhereTheContractsPutIt() throws Refused {
        assertThat(made(new Transaction.CreateApp("app", "WASM", Bytes.utf8("/ipfs/x"), CHECKSUM)))
                .isEqualTo(new Asset.App(
                        Address.parse("0x0196a8d0234109abcd6d50e9817a4ef70e093061"),
                        OWNER,
                        "app",
                        "WASM",
                        Bytes.utf8("/ipfs/x"),
                        CHECKSUM));
    }

    @Test
    void aDatasetIsWhereTheContractsPutIt() throws Refused {
        assertThat(made(new Transaction.CreateDataset("data", Bytes.utf8("/ipfs/y"), CHECKSUM))
                        .address())
                .isEqualTo(Address.parse("0x16c6f86649c8421728cba351d34db7cdabc93354"));
    }

    @Test
    void aWorkerpoolIsWhereTheContractsPutIt() throws Refused {
        assertThat(made(new Transaction.CreateWorkerpool("pool")).address())
                .isEqualTo(Address.parse("0x713cfd6e863b1703acc822285fcdc7fe7516ac0f"));
    }

    private static Asset made(Transaction transaction) throws Refused {
        return Rules.apply(State.genesis(MARKET, Map.of()), OWNER, transaction, MOMENT)
                .state()
                .assets()
                .getFirst();
    }
}
