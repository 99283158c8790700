package bourse.protocol;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// The door to the chain: everyone's money, deals, tasks, votes and scores.
///
/// Reading answers from the newest block. Every method blocks, may be called from any thread, and stops with
/// `InterruptedException` or [Unreachable] when the node stays silent; a caller that tries again loses nothing.
public interface Chain {

    /// What signatures are bound to.
    Domain domain();

    Block head() throws InterruptedException;

    /// The deal, if the chain has it.
    Optional<Deal> deal(DealId id) throws InterruptedException;

    /// Tasks of known deals, in the order asked, all read at one block. A task that was never initialized is
    /// [Task.Unset].
    List<Task> tasks(Collection<Index> indexes) throws InterruptedException;

    /// The task that `id` names, if it was initialized; an id alone does not tell its deal before.
    Optional<Task> task(TaskId id) throws InterruptedException;

    /// A task by its place in a deal.
    record Index(DealId deal, long index) {
        public TaskId task() {
            return deal.task(index);
        }
    }

    Account account(Address owner) throws InterruptedException;

    /// The tokens that `owner` holds outside of the market.
    Rlc wallet(Address owner) throws InterruptedException;

    /// Who has sent tokens to `owner`, outside of the market or in it. Left out are those who had tokens when they
    /// were made: they sell them to everyone.
    Set<Address> funders(Address owner) throws InterruptedException;

    long score(Address worker) throws InterruptedException;

    /// All categories, by their number.
    List<Category> categories() throws InterruptedException;

    Optional<Asset.App> app(Address address) throws InterruptedException;

    Optional<Asset.Dataset> dataset(Address address) throws InterruptedException;

    Optional<Asset.Workerpool> workerpool(Address address) throws InterruptedException;

    /// At most `limit` apps, the newest first.
    List<Asset.App> apps(int limit) throws InterruptedException;

    /// How much of an order's volume is used up.
    long consumed(Order order) throws InterruptedException;

    /// Whether `signer` agreed to `hash`: by his key, as a contract (ERC-1271), or by a transaction before.
    boolean agreed(Address signer, Bytes32 hash, Bytes signature) throws InterruptedException;

    /// What has happened after `cursor`. With nothing new, waits for a block for at most `patience` and then
    /// answers what there is, be it nothing.
    News news(News.Cursor cursor, Duration patience) throws InterruptedException;

    /// Sends a transaction and waits until it is in a block.
    ///
    /// Transactions of one wallet take effect in the order in which they are submitted. The call survives a lost
    /// node and a reorganised chain: it resends until the transaction is mined or can not be any more.
    ///
    /// @throws Refused if the contracts refuse it, now or when mined
    Receipt submit(Wallet sender, Transaction transaction) throws Refused, InterruptedException;

    /// The receipt of somebody's transaction, if it is in a block.
    Optional<Receipt> receipt(Bytes32 transaction) throws InterruptedException;

    /// The node did not answer for so long that its caller should know.
    final class Unreachable extends RuntimeException {
        private static final long serialVersionUID = 1;

        public Unreachable(String message, Throwable cause) {
            super(message, cause);
        }
    }
}
