package bourse.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bourse.protocol.Asset;
import bourse.protocol.Bytes;
import bourse.protocol.Bytes32;
import bourse.protocol.Chain;
import bourse.protocol.Draw;
import bourse.protocol.Event;
import bourse.protocol.News;
import bourse.protocol.Receipt;
import bourse.protocol.Refused;
import bourse.protocol.Rlc;
import bourse.protocol.Task;
import bourse.protocol.Transaction;
import bourse.protocol.Wallet;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ModelTest {
    private static final Draw NEVER = new Draw(0);
    private static final Duration MINUTE = Duration.ofMinutes(1);

    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final VirtualClock clock = VirtualClock.atNoon();
    private final Wallet alice = new Generators(1).wallet();
    private final Wallet bob = new Generators(2).wallet();
    private final Model chain = Model.of(clock, Map.of(alice.address(), Rlc.parse("10")), NEVER);

    @AfterEach
    void stop() {
        threads.shutdownNow();
    }

    @Test
    void eachTransactionMakesABlockAtTheClocksTime() throws Exception {
        clock.advance(Duration.ofMillis(90_500));

        var receipt = pay("1");

        assertThat(receipt.block()).isEqualTo(1);
        assertThat(chain.head().number()).isEqualTo(1);
        assertThat(chain.head().time()).isEqualTo(VirtualClock.NOON.plusSeconds(90));
        assertThat(chain.receipt(receipt.transaction())).contains(receipt);
        assertThat(chain.wallet(bob.address())).isEqualTo(Rlc.parse("1"));
    }

    @Test
    void whatIsRefusedMakesNoBlockAndChangesNothing() {
        var before = chain.state();

        assertThatThrownBy(() -> pay("11"))
                .isInstanceOf(Refused.class)
                .extracting(refused -> ((Refused) refused).error())
                .isEqualTo("ERC20InsufficientBalance");

        assertThat(chain.head().number()).isZero();
        assertThat(chain.state()).isEqualTo(before);
    }

    @Test
    void theSameStoryGivesTheSameChain() throws Exception {
        var other = Model.of(VirtualClock.atNoon(), Map.of(alice.address(), Rlc.parse("10")), NEVER);

        pay("1");
        other.submit(alice, new Transaction.Transfer(bob.address(), Rlc.parse("1")));

        assertThat(other.head()).isEqualTo(chain.head());
        assertThat(other.state()).isEqualTo(chain.state());
    }

    @Test
    void heldTransactionsShareABlock() throws Exception {
        chain.hold();
        var first = inBackground(() -> pay("9"));
        chain.awaitWaiting(1);
        var second = inBackground(() -> pay("2"));
        chain.awaitWaiting(2);
        assertThat(chain.head().number()).isZero();

        chain.mine();

        assertThat(first.get().block()).isEqualTo(1);
        assertThatThrownBy(second::get)
                .isInstanceOf(ExecutionException.class)
                .cause()
                .isInstanceOf(Refused.class);
        assertThat(chain.wallet(bob.address())).isEqualTo(Rlc.parse("9"));
    }

    @Test
    void newsGoOnWhereTheCursorIs() throws Exception {
        var first = deposit("1");
        var news = chain.news(News.Cursor.START, Duration.ZERO);
        assertThat(news.events()).hasSize(1).allMatch(event -> event instanceof Event.Moved);
        assertThat(news.rewound()).isFalse();
        assertThat(news.cursor().block()).isEqualTo(first.block());

        var receipt = chain.submit(alice, new Transaction.CreateWorkerpool("pool"));
        var next = chain.news(news.cursor(), Duration.ZERO);

        assertThat(next.entries())
                .containsExactly(new News.Entry(
                        2, receipt.transaction(), receipt.events().getFirst()));
        assertThat(chain.news(next.cursor(), Duration.ZERO)).isEqualTo(new News(next.cursor(), List.of(), false));
        assertThat(chain.news(News.Cursor.START, Duration.ZERO).events())
                .endsWith(receipt.events().getFirst());
    }

    @Test
    void newsWaitForABlock() throws Exception {
        var cursor = chain.news(News.Cursor.START, Duration.ZERO).cursor();
        var news = inBackground(() -> chain.news(cursor, MINUTE));
        clock.awaitWaiting(1);

        pay("1");

        assertThat(news.get().cursor().block()).isEqualTo(1);
    }

    @Test
    void newsWaitNoLongerThanPatienceOfTheClock() throws Exception {
        var cursor = chain.news(News.Cursor.START, Duration.ZERO).cursor();
        var news = inBackground(() -> chain.news(cursor, MINUTE));
        clock.awaitWaiting(1);

        clock.advance(Duration.ofSeconds(59));
        clock.awaitWaiting(1);
        assertThat(news.isDone()).isFalse();
        clock.advance(Duration.ofSeconds(1));

        assertThat(news.get()).isEqualTo(new News(cursor, List.of(), false));
    }

    @Test
    void aReorgThatDropsBlocksUndoesWhatTheyDid() throws Exception {
        pay("1");
        var kept = chain.news(News.Cursor.START, Duration.ZERO).cursor();
        var receipt = chain.submit(alice, new Transaction.CreateWorkerpool("lost"));
        var pool = receipt.event(Event.Registered.class).asset();
        var cursor = chain.news(kept, Duration.ZERO).cursor();

        chain.reorg(1, Model.Lost.DROPPED);

        assertThat(chain.workerpool(pool)).isEmpty();
        assertThat(chain.receipt(receipt.transaction())).isEmpty();
        assertThat(chain.wallet(bob.address())).isEqualTo(Rlc.parse("1"));
        assertThat(chain.head().number()).isEqualTo(3);
        var news = chain.news(cursor, Duration.ZERO);
        assertThat(news.rewound()).isTrue();
        assertThat(news.entries()).isEmpty();
        assertThat(chain.news(kept, Duration.ZERO).rewound()).isFalse();
    }

    @Test
    void aReorgMayMineTransactionsAgain() throws Exception {
        var receipt = chain.submit(alice, new Transaction.CreateWorkerpool("moved"));
        var cursor = chain.news(News.Cursor.START, Duration.ZERO).cursor();

        chain.reorg(1, Model.Lost.MINED_AGAIN);

        assertThat(chain.receipt(receipt.transaction())).contains(receipt);
        var news = chain.news(cursor, Duration.ZERO);
        assertThat(news.rewound()).isTrue();
        assertThat(news.events()).isEqualTo(receipt.events());
    }

    @Test
    void readersFindTheirWayBackOverManyReorgs() throws Exception {
        var kept = chain.news(News.Cursor.START, Duration.ZERO).cursor();
        pay("1");
        chain.reorg(1, Model.Lost.MINED_AGAIN);
        var cursor = chain.news(kept, Duration.ZERO).cursor();
        chain.reorg(2, Model.Lost.MINED_AGAIN);
        chain.submit(alice, new Transaction.CreateWorkerpool("new"));

        var news = chain.news(cursor, Duration.ZERO);

        assertThat(news.rewound()).isTrue();
        assertThat(news.events()).hasSize(1);
        assertThat(blockNumbersAreInOrder(news)).isTrue();
    }

    @Test
    void whatDependedOnALostTransactionIsLostToo() throws Exception {
        pay("4");
        chain.submit(bob, new Transaction.Transfer(alice.address(), Rlc.parse("3")));

        chain.reorg(2, Model.Lost.DROPPED);

        assertThat(chain.wallet(alice.address())).isEqualTo(Rlc.parse("10"));
        assertThat(chain.wallet(bob.address())).isEqualTo(Rlc.ZERO);
    }

    @Test
    void aNodeThatIsCutOffDoesNotAnswer() throws Exception {
        var waiting = inBackground(() -> {
            var cursor = chain.news(News.Cursor.START, Duration.ZERO).cursor();
            return chain.news(cursor, MINUTE);
        });
        clock.awaitWaiting(1);

        chain.cut();

        assertThatThrownBy(waiting::get).hasCauseInstanceOf(Chain.Unreachable.class);
        assertThatThrownBy(chain::head).isInstanceOf(Chain.Unreachable.class);
        assertThatThrownBy(() -> pay("1")).isInstanceOf(Chain.Unreachable.class);
        chain.mend();
        assertThat(pay("1").block()).isEqualTo(1);
    }

    @Test
    void knowsATaskThatNobodyInitialized() throws Exception {
        var scene = new Scene(1, 0);
        var deal = scene.deal(1, 2);
        var index = new Chain.Index(deal.id(), 1);

        assertThat(scene.chain().tasks(List.of(index))).containsExactly(new Task.Unset(deal.task(1), deal.id(), 1));
        assertThat(scene.chain().task(deal.task(1))).isEmpty();
    }

    @Test
    void listsAppsNewestFirst() throws Exception {
        var scene = new Scene(1, 0);
        var newer = scene.chain()
                .submit(scene.developer(), new Transaction.CreateApp("b", "WASM", Bytes.EMPTY, Bytes32.ZERO))
                .event(Event.Registered.class)
                .asset();

        assertThat(scene.chain().apps(10)).extracting(Asset.App::address).containsExactly(newer, scene.app());
        assertThat(scene.chain().apps(1)).hasSize(1);
    }

    private Receipt pay(String amount) throws Refused, InterruptedException {
        return chain.submit(alice, new Transaction.Transfer(bob.address(), Rlc.parse(amount)));
    }

    private Receipt deposit(String amount) throws Refused, InterruptedException {
        return chain.submit(alice, new Transaction.Deposit(Rlc.parse(amount)));
    }

    private <T> Future<T> inBackground(Callable<T> call) {
        return threads.submit(call);
    }

    private static boolean blockNumbersAreInOrder(News news) {
        var numbers = news.entries().stream().map(News.Entry::block).toList();
        return numbers.equals(numbers.stream().sorted().toList());
    }
}
