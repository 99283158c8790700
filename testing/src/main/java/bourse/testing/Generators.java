package bourse.testing;

import bourse.protocol.Account;
import bourse.protocol.Address;
import bourse.protocol.Asset;
import bourse.protocol.Bytes;
import bourse.protocol.Bytes32;
import bourse.protocol.Cid;
import bourse.protocol.Contribution;
import bourse.protocol.Deal;
import bourse.protocol.DealId;
import bourse.protocol.Digest;
import bourse.protocol.Order;
import bourse.protocol.Params;
import bourse.protocol.ResultLink;
import bourse.protocol.Rlc;
import bourse.protocol.Tag;
import bourse.protocol.Task;
import bourse.protocol.TaskId;
import bourse.protocol.Wallet;
import java.math.BigInteger;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/// Values of the market that a seed replays.
public final class Generators {
    private static final String LETTERS = "abcXYZ019 \\\"'$äß€中\uD83D\uDE00\n\t{}:,";
    private final RandomGenerator random;

    public Generators(long seed) {
        this(new Random(seed));
    }

    public Generators(RandomGenerator random) {
        this.random = random;
    }

    public RandomGenerator random() {
        return random;
    }

    /* THE SMALL ONES */

    public Bytes32 word() {
        var bytes = new byte[32];
        random.nextBytes(bytes);
        return Bytes32.of(bytes);
    }

    /// 0 to `most` bytes.
    public Bytes bytes(int most) {
        var bytes = new byte[random.nextInt(most + 1)];
        random.nextBytes(bytes);
        return Bytes.of(bytes);
    }

    public Address address() {
        return new Address(word().hex().substring(24));
    }

    public Wallet wallet() {
        return Wallet.of(word()); // a word that is no key comes once in 2¹²⁸
    }

    /// 0 to `most`.
    public Rlc rlc(Rlc most) {
        return new Rlc(new BigInteger(most.nano().bitLength() + 64, new RandomBits(random))
                .mod(most.nano().add(BigInteger.ONE)));
    }

    /// A price such as people ask.
    public Rlc price() {
        return rlc(Rlc.parse("10"));
    }

    /// Of the four bits that mean something.
    public Tag tag() {
        var bits = BigInteger.valueOf(
                chance(0.5) ? 0 : random.nextInt(2) + 8 * random.nextInt(2) + 256 * random.nextInt(2));
        return new Tag(new Bytes32("%064x".formatted(bits)));
    }

    /// 1, 2, 4 … up to `most`, each as likely, and the numbers between.
    public long size(long most) {
        return 1 + random.nextLong(Math.max(1, most >>> random.nextInt(64 - Long.numberOfLeadingZeros(most))));
    }

    /// Text with everything that breaks programs, at most `most` characters.
    public String text(int most) {
        var points = LETTERS.codePoints().toArray();
        return random.ints(random.nextInt(most / 2 + 1), 0, points.length)
                .map(i -> points[i])
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    public boolean chance(double probability) {
        return random.nextDouble() < probability;
    }

    public <T> T oneOf(List<T> values) {
        return values.get(random.nextInt(values.size()));
    }

    public <T> List<T> list(int size, Supplier<T> each) {
        return Stream.generate(each).limit(size).toList();
    }

    /* NOUNS */

    public Digest digest() {
        return new Digest(word());
    }

    public Cid cid() {
        return new Cid(word());
    }

    public ResultLink link() {
        return new ResultLink(cid());
    }

    public Params params() {
        return new Params(
                list(random.nextInt(5), () -> text(12)),
                list(random.nextInt(3), () -> "ipfs://" + cid() + "?filename=input.txt"),
                random.nextBoolean() ? Params.Needs.NONE : needs());
    }

    private Params.Needs needs() {
        return new Params.Needs(
                random.nextBoolean() ? "" : "Memory >= " + random.nextInt(1 << 14),
                random.nextBoolean() ? "" : "Speed",
                1 + random.nextInt(8),
                random.nextInt(1 << 14),
                random.nextInt(1 << 14),
                random.nextInt(3));
    }

    public TaskId taskId() {
        return new TaskId(word());
    }

    public Account account() {
        return new Account(price(), price());
    }

    public Asset.App app() {
        var program = cid();
        return new Asset.App(
                address(), address(), text(20), Asset.App.WASM, Bytes.utf8(program.path()), program.sha256());
    }

    public Asset.Dataset dataset() {
        var file = cid();
        return new Asset.Dataset(address(), address(), text(20), Bytes.utf8(file.path()), file.sha256());
    }

    public Asset.Workerpool workerpool() {
        return new Asset.Workerpool(address(), address(), text(20), random.nextInt(1001), random.nextInt(101));
    }

    /* ORDERS */

    public Order.App appOrder() {
        return new Order.App(address(), price(), size(100), tag(), restriction(), restriction(), restriction(), word());
    }

    public Order.Dataset datasetOrder() {
        return new Order.Dataset(
                address(), price(), size(100), tag(), restriction(), restriction(), restriction(), word());
    }

    public Order.Workerpool workerpoolOrder() {
        return new Order.Workerpool(
                address(),
                price(),
                size(100),
                tag(),
                random.nextInt(State.CATEGORIES.size()),
                size(1000),
                restriction(),
                restriction(),
                restriction(),
                word());
    }

    public Order.Request requestOrder() {
        return new Order.Request(
                address(),
                price(),
                chance(0.5) ? Address.ZERO : address(),
                price(),
                restriction(),
                price(),
                address(),
                size(100),
                tag(),
                random.nextInt(State.CATEGORIES.size()),
                size(1000),
                address(),
                chance(0.8) ? Address.ZERO : address(),
                params().json(),
                word());
    }

    public Order order() {
        return oneOf(List.of(appOrder(), datasetOrder(), workerpoolOrder(), requestOrder()));
    }

    private Address restriction() {
        return chance(0.8) ? Address.ZERO : address();
    }

    /* DEALS AND TASKS */

    public Deal deal() {
        var requester = address();
        var hasDataset = chance(0.3);
        var poolPrice = price();
        return new Deal(
                new DealId(word()),
                new Deal.Share(address(), address(), price()),
                hasDataset
                        ? new Deal.Share(address(), address(), price())
                        : new Deal.Share(Address.ZERO, Address.ZERO, Rlc.ZERO),
                new Deal.Share(address(), address(), poolPrice),
                size(1000),
                oneOf(State.CATEGORIES),
                tag(),
                requester,
                chance(0.5) ? requester : address(),
                chance(0.8) ? Address.ZERO : address(),
                params().json(),
                VirtualClock.NOON.plusSeconds(random.nextInt(1_000_000)),
                chance(0.5) ? 0 : random.nextInt(1000),
                size(100),
                poolPrice.percent(30),
                1,
                requester);
    }

    /// A task of `deal`, in any state.
    public Task task(Deal deal) {
        var index = deal.first() + random.nextLong(deal.volume());
        var id = deal.task(index);
        var digest = digest();
        return switch (random.nextInt(5)) {
            case 0 -> new Task.Unset(id, deal.id(), index);
            case 1 ->
                new Task.Active(
                        id,
                        deal.id(),
                        index,
                        list(random.nextInt(4), () -> contribution(id, digest(), Contribution.Status.CONTRIBUTED)));
            case 2 -> {
                var winners = 1 + random.nextInt(4);
                var reveals = random.nextInt(winners + 1);
                var votes = Stream.concat(
                                list(reveals, () -> contribution(id, digest, Contribution.Status.PROVED)).stream(),
                                list(winners - reveals, () -> contribution(id, digest, Contribution.Status.CONTRIBUTED))
                                        .stream())
                        .toList();
                var deadline = deal.start().plus(deal.category().reference().multipliedBy(random.nextInt(1, 10)));
                yield new Task.Revealing(id, deal.id(), index, digest.hash(id), deadline, winners, reveals, votes);
            }
            case 3 ->
                new Task.Completed(
                        id,
                        deal.id(),
                        index,
                        digest,
                        link().results(),
                        deal.hasCallback() ? bytes(100) : Bytes.EMPTY,
                        list(1 + random.nextInt(4), () -> contribution(id, digest, Contribution.Status.PROVED)));
            default ->
                new Task.Failed(
                        id,
                        deal.id(),
                        index,
                        list(random.nextInt(4), () -> contribution(id, digest(), Contribution.Status.CONTRIBUTED)));
        };
    }

    /// Somebody's vote for `digest`.
    public Contribution contribution(TaskId task, Digest digest, Contribution.Status status) {
        var worker = address();
        return new Contribution(worker, status, digest.hash(task), digest.seal(worker, task), 1 + size(100));
    }

    /// [BigInteger] takes its bits from the old class only.
    private static final class RandomBits extends Random {
        private static final long serialVersionUID = 1;
        private final transient RandomGenerator source;

        private RandomBits(RandomGenerator source) {
            this.source = source;
        }

        @Override
        public void nextBytes(byte[] bytes) {
            source.nextBytes(bytes);
        }
    }
}
