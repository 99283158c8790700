package bourse.chain;

import static bourse.chain.Contracts.APPS;
import static bourse.chain.Contracts.HUB;
import static bourse.chain.Contracts.TOKEN;
import static bourse.chain.Contracts.abi;

import bourse.protocol.Address;
import bourse.protocol.Asset;
import bourse.protocol.Bytes;
import bourse.protocol.Bytes32;
import bourse.protocol.Contribution;
import bourse.protocol.Deal;
import bourse.protocol.DealId;
import bourse.protocol.Refused;
import bourse.protocol.Rlc;
import bourse.protocol.Task;
import bourse.protocol.TaskId;
import bourse.protocol.Transaction;
import bourse.testing.Market;
import bourse.testing.Rules;
import bourse.testing.State;
import com.esaulpaugh.headlong.abi.Tuple;
import java.lang.reflect.Array;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// All that the contracts can be asked, and what they should say to that when they are in a state of the model's.
final class TwinViews {
    private final State state;
    private final Deployment market;
    private final List<Expected> all = new ArrayList<>();

    /// @param refused where the question itself should be refused
    private record Expected(
            String what,
            Artifact contract,
            String function,
            TwinChain.Question question,
            List<String> values,
            Optional<Refused> refused) {}

    /// A view that may refuse to answer.
    private interface View {
        Object value() throws Refused;
    }

    private TwinViews(State state, Deployment market) {
        this.state = state;
        this.market = market;
    }

    /// What the contracts say otherwise than the model.
    ///
    /// @param refusals takes what was refused as it should be
    /// @param people whose accounts are looked at
    /// @param matches whose orders are looked at
    static List<String> differences(
            TwinChain chain,
            State state,
            Deployment market,
            Artifact hub,
            Collection<Address> people,
            List<Transaction.Match> matches,
            Collection<String> refusals)
            throws InterruptedException {
        var views = new TwinViews(state, market);
        views.market();
        people.forEach(views::account);
        views.permissions();
        state.assets().forEach(views::asset);
        state.deals().values().forEach(views::deal);
        state.tasks().values().forEach(views::task);
        matches.forEach(views::match);
        views.all.stream()
                .flatMap(view -> view.refused().stream())
                .map(Refused::error)
                .distinct()
                .forEach(refusals::add);
        return views.compare(chain, hub);
    }

    private List<String> compare(TwinChain chain, Artifact hub) throws InterruptedException {
        var answers = chain.ask(all.stream().map(Expected::question).toList());
        var differences = new ArrayList<String>();
        for (int i = 0; i < all.size(); i++) {
            var expected = all.get(i);
            var actual = answers.get(i);
            var should = expected.refused()
                    .map(refused -> refused.error() + refused.values())
                    .orElseGet(() -> expected.values().toString());
            var is = actual.success()
                    ? flat(expected.contract().result(expected.function(), actual.data()))
                            .toString()
                    : reason(TwinChain.refused(actual.data(), hub));
            if (!is.equals(should)) {
                differences.add("%s is %s and should be %s".formatted(expected.what(), is, should));
            }
        }
        return differences;
    }

    private static String reason(Refused refused) {
        return refused.error() + refused.values();
    }

    /* THE MARKET */

    private void market() {
        var settings = state.settings();
        hub("owner", settings.owner());
        hub("teebroker", settings.broker());
        hub("callbackgas", settings.callbackGas());
        hub("audit_ratio", state.market().draw().ratio());
        hub("totalSupply", state.supply());
        hub("token", market.token());
        hub("appregistry", market.apps());
        hub("datasetregistry", market.datasets());
        hub("workerpoolregistry", market.workerpools());
        hub("kitty_address", Market.KITTY);
        hub("eip712domain_separator", state.market().domain().separator());
        hubOf("domain", List.of("iExecODB", "5.0.0", market.chainId(), market.hub()));
        hub("countCategory", settings.categories().size());
        for (var category : settings.categories()) {
            var values = List.<Object>of(
                    category.name(),
                    category.description(),
                    category.reference().toSeconds());
            hubOf("viewCategory", values, abi(category.id()));
            hubOf("viewCategoryABILegacy", values, abi(category.id()));
        }
        var count = settings.categories().size();
        ask(
                "viewCategory",
                () -> {
                    throw refused("UnknownCategory", "category", count, "count", count);
                },
                abi(count));
        count(market.apps(), Asset.App.class);
        count(market.datasets(), Asset.Dataset.class);
        count(market.workerpools(), Asset.Workerpool.class);
    }

    private void count(Address registry, Class<? extends Asset> kind) {
        var count = state.assets().stream().filter(kind::isInstance).count();
        add("entries of " + kind.getSimpleName(), APPS, registry, "totalSupply", List.of(count));
    }

    /* ACCOUNTS AND ASSETS */

    private void account(Address owner) {
        var account = state.account(owner);
        hubOf("viewAccount", List.of(account.free(), account.locked()), abi(owner));
        hubOf("viewAccountABILegacy", List.of(account.free(), account.locked()), abi(owner));
        hubOf("balanceOf", List.of(account.free()), abi(owner));
        hubOf("frozenOf", List.of(account.locked()), abi(owner));
        hubOf("viewScore", List.of(state.score(owner)), abi(owner));
        if (!market.token().isZero()) {
            add("tokens of " + owner, TOKEN, market.token(), "balanceOf", List.of(state.wallet(owner)), abi(owner));
        }
        var assets = state.assets().stream()
                .filter(asset -> asset instanceof Asset.App && asset.owner().equals(owner))
                .count();
        add("apps of " + owner, APPS, market.apps(), "balanceOf", List.of(assets), abi(owner));
    }

    private void permissions() {
        state.permissions().allowances().forEach((grant, amount) -> {
            var contract = grant.contract().equals(market.hub()) ? HUB : TOKEN;
            add(
                    grant.toString(),
                    contract,
                    grant.contract(),
                    "allowance",
                    List.of(amount),
                    abi(grant.owner()),
                    abi(grant.spender()));
        });
        state.permissions().presigned().forEach((hash, signer) -> {
            hubOf("viewPresigned", List.of(signer), (Object) hash.bytes());
            hubOf("verifyPresignature", List.of(!signer.isZero()), abi(signer), hash.bytes());
            hubOf("verifyPresignatureOrSignature", List.of(!signer.isZero()), abi(signer), hash.bytes(), new byte[0]);
        });
        state.consumed().forEach((hash, volume) -> hubOf("viewConsumed", List.of(volume), (Object) hash.bytes()));
    }

    private void asset(Asset asset) {
        var address = abi(asset.address());
        var registry = switch (asset) {
            case Asset.App a -> {
                hubOf(
                        "viewApp",
                        List.of(a.owner(), a.name(), a.type(), a.location(), a.checksum(), Bytes.EMPTY),
                        address);
                yield market.apps();
            }
            case Asset.Dataset d -> {
                hubOf("viewDataset", List.of(d.owner(), d.name(), d.location(), d.checksum()), address);
                yield market.datasets();
            }
            case Asset.Workerpool w -> {
                hubOf(
                        "viewWorkerpool",
                        List.of(w.owner(), w.description(), w.workerStakeRatio(), w.schedulerRatio()),
                        address);
                yield market.workerpools();
            }
        };
        var id = TwinCalls.id(asset.address());
        add("owner of " + asset, APPS, registry, "ownerOf", List.of(asset.owner()), id);
        var keeper = Optional.ofNullable(state.permissions().keepers().get(asset.address()));
        add("keeper of " + asset, APPS, registry, "getApproved", List.of(keeper.orElse(Address.ZERO)), id);
    }

    /* DEALS AND TASKS */

    private void deal(Deal deal) {
        var id = deal.id().value().bytes();
        var resources = new ArrayList<Object>();
        for (var share : List.of(deal.app(), deal.dataset(), deal.workerpool())) {
            resources.addAll(List.of(share.asset(), share.owner(), share.price()));
        }
        var people = List.<Object>of(deal.tag(), deal.requester(), deal.beneficiary(), deal.callback(), deal.params());
        var config =
                List.<Object>of(deal.start(), deal.first(), deal.volume(), deal.workerStake(), deal.schedulerRatio());
        var category = deal.category().id();
        hubOf(
                "viewDeal",
                joined(resources, List.of(deal.trust(), category), people, config, List.of(deal.sponsor())),
                (Object) id);
        hubOf("viewDealABILegacy_pt1", resources, (Object) id);
        hubOf("viewDealABILegacy_pt2", joined(List.of(deal.trust()), people), (Object) id);
        hubOf("viewConfigABILegacy", joined(List.of(category), config), (Object) id);
        unset(deal);
    }

    /// The first task of the deal that nobody has opened: it reads as zeros.
    private void unset(Deal deal) {
        for (long index = deal.first(); index < deal.first() + deal.volume(); index++) {
            var id = deal.task(index);
            if (!state.tasks().containsKey(id)) {
                var none = Bytes32.ZERO;
                hubOf(
                        "viewTask",
                        List.of(0, none, 0, 0, 0, 0, 0, none, 0, 0, List.of(), none, Bytes.EMPTY, 0, Bytes.EMPTY),
                        (Object) id.value().bytes());
                ask(
                        "resultFor",
                        () -> {
                            throw refused("NoResult", "taskid", id, "status", 0);
                        },
                        (Object) id.value().bytes());
                return;
            }
        }
    }

    private void task(Task task) {
        var id = task.id();
        var bytes = id.value().bytes();
        var deal = Optional.ofNullable(state.deals().get(task.deal())).orElseThrow();
        var vote = state.vote(id);
        var votes = task.contributors();
        var consensus = vote.won().map(State.Won::consensus);
        var proved = votes.stream()
                .filter(each -> each.status() == Contribution.Status.PROVED)
                .count();
        var winners = votes.stream()
                .filter(each -> consensus.equals(Optional.of(each.hash())))
                .filter(each -> each.status() != Contribution.Status.REJECTED)
                .count();
        var digest = consensus.isPresent() && proved > 0
                ? Optional.ofNullable(state.digests().get(id)).orElseThrow().value()
                : Bytes32.ZERO;
        var results = task instanceof Task.Completed done ? done.results() : Bytes.EMPTY;
        var callbackData = task instanceof Task.Completed done ? done.callbackData() : Bytes.EMPTY;
        var start = List.<Object>of(
                status(task),
                task.deal(),
                task.index(),
                deal.category().reference().toSeconds(),
                deal.contributionDeadline(),
                vote.won().<Object>map(State.Won::revealDeadline).orElse(0),
                deal.finalDeadline(),
                consensus.orElse(Bytes32.ZERO),
                consensus.isPresent() ? proved : 0,
                winners,
                votes.stream().map(Contribution::worker).toList());
        hubOf("viewTask", joined(start, List.of(digest, results, 0, callbackData)), (Object) bytes);
        hubOf("viewTaskABILegacy", joined(start, List.of(results)), (Object) bytes);
        hubOf(
                "viewVoting",
                List.of(
                        votes.stream().map(Contribution::weight).toList(),
                        votes.stream().map(Contribution::audited).toList(),
                        vote.drawBlock().orElse(0)),
                (Object) bytes);
        ask(
                "resultFor",
                () -> {
                    if (task instanceof Task.Completed) {
                        return callbackData;
                    }
                    throw refused("NoResult", "taskid", id, "status", status(task));
                },
                (Object) bytes);
        votes.forEach(each -> contribution(id, each, vote.enclaves().getOrDefault(each.worker(), Address.ZERO)));
    }

    private void contribution(TaskId task, Contribution vote, Address enclave) {
        var values = List.<Object>of(status(vote), vote.hash(), vote.seal(), enclave);
        var log2 = 63 - Long.numberOfLeadingZeros(vote.weight());
        hubOf("viewContribution", joined(values, List.of(log2)), task.value().bytes(), abi(vote.worker()));
        hubOf("viewContributionABILegacy", values, task.value().bytes(), abi(vote.worker()));
    }

    private static int status(Contribution vote) {
        return switch (vote.status()) {
            case CONTRIBUTED -> 1;
            case PROVED -> 2;
            case REJECTED -> 3;
        };
    }

    private static int status(Task task) {
        return switch (task) {
            case Task.Unset _ -> 0;
            case Task.Active _ -> 1;
            case Task.Revealing _, Task.AuditDue _ -> 2;
            case Task.Completed _ -> 3;
            case Task.Failed _ -> 4;
        };
    }

    /* ORDERS */

    private void match(Transaction.Match match) {
        ask(
                "computeDealVolume",
                () -> Rules.volume(state, match),
                Calls.tuple(match.app()),
                Calls.tuple(match.dataset()),
                Calls.tuple(match.workerpool()),
                Calls.tuple(match.request()));
        var request = match.request();
        var requester = request.order().requester();
        var hash = state.market().domain().hash(request.order());
        hubOf(
                "verifySignature",
                List.of(Rules.signed(state, requester, hash, request.signature())),
                abi(requester),
                hash.bytes(),
                request.signature().bytes());
        state.deals().keySet().stream()
                .sorted(Comparator.comparing(id -> id.value().hex()))
                .limit(3)
                .forEach(deal -> compatible(match, deal));
        compatible(match, new DealId(Bytes32.ZERO));
    }

    private void compatible(Transaction.Match match, DealId deal) {
        ask(
                "assertDatasetDealCompatibility",
                () -> {
                    Rules.requireCompatible(state, match.dataset(), deal);
                    return List.of();
                },
                Calls.tuple(match.dataset()),
                deal.value().bytes());
    }

    /* ASKING */

    private void hub(String function, Object value) {
        hubOf(function, List.of(value));
    }

    private void hubOf(String function, List<?> values, Object... arguments) {
        add(function, HUB, market.hub(), function, values, arguments);
    }

    private void add(
            String what, Artifact contract, Address address, String function, List<?> values, Object... arguments) {
        var question = new TwinChain.Question(address, contract.call(function, arguments));
        all.add(new Expected(
                what,
                contract,
                function,
                question,
                values.stream().map(TwinViews::text).toList(),
                Optional.empty()));
    }

    private void ask(String function, View view, Object... arguments) {
        try {
            var value = view.value();
            hubOf(function, value instanceof List<?> values ? values : List.of(value), arguments);
        } catch (Refused refused) {
            var question = new TwinChain.Question(market.hub(), HUB.call(function, arguments));
            all.add(new Expected(function, HUB, function, question, List.of(), Optional.of(refused)));
        }
    }

    private static Refused refused(String error, Object... values) {
        var named = new LinkedHashMap<String, String>();
        for (int i = 0; i < values.length; i += 2) {
            named.put(values[i].toString(), text(values[i + 1]));
        }
        return new Refused(error, named, error);
    }

    private static List<Object> joined(List<?>... parts) {
        return Stream.of(parts).<Object>flatMap(List::stream).toList();
    }

    private static String text(Object value) {
        return switch (value) {
            case Rlc amount -> amount.nano().toString();
            case Address address -> "0x" + address.hex();
            case Instant time -> Long.toString(time.getEpochSecond());
            case List<?> list -> list.stream().map(TwinViews::text).collect(Collectors.joining(", ", "[", "]"));
            default -> value.toString();
        };
    }

    /// What a contract returned or said; structs are their fields, lists stay together.
    static List<String> flat(Tuple tuple) {
        var values = new ArrayList<String>();
        for (var value : tuple) {
            if (value instanceof Tuple struct) {
                values.addAll(flat(struct));
            } else if (value.getClass().isArray() && !(value instanceof byte[])) {
                values.add(IntStream.range(0, Array.getLength(value))
                        .mapToObj(i -> digits(Array.get(value, i)))
                        .collect(Collectors.joining(", ", "[", "]")));
            } else {
                values.add(digits(value));
            }
        }
        return values;
    }

    private static String digits(Object value) {
        return value instanceof com.esaulpaugh.headlong.abi.Address address
                ? "0x" + Contracts.address(address).hex()
                : TwinChain.text(value);
    }

    /// Accounts that are not people's.
    static List<Address> others(Deployment market) {
        return List.of(Market.KITTY, market.hub(), Address.ZERO);
    }
}
