package bourse.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bourse.protocol.Address;
import bourse.protocol.Authorization;
import bourse.protocol.Bytes;
import bourse.protocol.Bytes32;
import bourse.protocol.Chain.Index;
import bourse.protocol.Cid;
import bourse.protocol.DealId;
import bourse.protocol.Digest;
import bourse.protocol.ResultLink;
import bourse.protocol.Wallet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PromisesTest {
    private static final Wallet ME = Wallet.random();

    @TempDir
    Path home;

    private static Promise promise(long index, String digest) {
        var deal = new DealId(Bytes32.ZERO);
        return new Promise(
                new Index(deal, index),
                Authorization.sign(ME.address(), deal.task(index), Address.ZERO, Wallet.random()),
                10,
                Digest.parse(digest.repeat(64)),
                new ResultLink(new Cid(Bytes32.random())),
                Bytes.parse("0xc0ffee"));
    }

    @Test
    void readsBackWhatWasPromised() throws IOException {
        var one = promise(0, "1");
        var other = promise(Long.MAX_VALUE, "2");
        var promises = new Promises(home);
        promises.make(one);
        promises.make(other);

        assertThat(new Promises(home).all()).containsExactlyInAnyOrder(one, other);
    }

    @Test
    void standsByTheFirst() throws IOException {
        var first = promise(0, "1");
        var second = promise(0, "2");
        var promises = new Promises(home);

        assertThat(promises.make(first)).isEqualTo(first);
        assertThat(promises.make(second)).isEqualTo(first);
        assertThat(new Promises(home).make(second)).isEqualTo(first);
    }

    @Test
    void forgets() throws IOException {
        var promise = promise(0, "1");
        var promises = new Promises(home);
        promises.make(promise);

        promises.forget(promise.task());

        assertThat(promises.of(promise.task())).isEmpty();
        assertThat(home).isEmptyDirectory();
    }

    @Test
    void aPromiseHalfWrittenWasNeverMade() throws IOException {
        Files.writeString(home.resolve("0x12.json.tmp"), "{\"ind");

        assertThat(new Promises(home).all()).isEmpty();
    }

    @Test
    void doesNotBeginWithAPromiseThatItCanNotRead() throws IOException {
        Files.writeString(home.resolve("0x12.json"), "{\"ind");

        assertThatThrownBy(() -> new Promises(home))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("0x12.json");
    }
}
