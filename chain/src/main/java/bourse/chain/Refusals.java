package bourse.chain;

import bourse.protocol.Address;
import bourse.protocol.Bytes;
import bourse.protocol.Refused;
import bourse.protocol.Rlc;
import com.esaulpaugh.headlong.abi.ContractError;
import com.esaulpaugh.headlong.abi.Tuple;
import java.math.BigInteger;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The contracts' errors as sentences that name the next step.
final class Refusals {
    /// Everything that a transaction of the market can end with.
    private static final List<Artifact> CONTRACTS = List.of(
            Contracts.HUB,
            Contracts.TOKEN,
            Contracts.APPS,
            Contracts.DATASETS,
            Contracts.WORKERPOOLS,
            Contracts.WORKERPOOL);

    /// `{name}` stands for a value, `{name:rlc}` for one that is an amount, `{name:time}` for a time, and
    /// `{name:…}` for the name of an enum's value.
    private static final Pattern VALUE = Pattern.compile("\\{(\\w+)(?::([\\w|]+))?}");

    private static final String STATUS = "UNSET|ACTIVE|REVEALING|COMPLETED|FAILED";
    private static final String RESTRICTION =
            "the request, which names another workerpool|the app's order, for datasets"
                    + "|the app's order, for workerpools|the app's order, for requesters|the dataset's order, for apps"
                    + "|the dataset's order, for workerpools|the dataset's order, for requesters|the workerpool's order, for apps"
                    + "|the workerpool's order, for datasets|the workerpool's order, for requesters";

    private static final Map<String, String> SENTENCES = Map.ofEntries(
            Map.entry(
                    "InsufficientFree",
                    "{account} has {free:rlc} free in the market and needs {needed:rlc}; deposit at least {missing:rlc}"),
            Map.entry(
                    "ERC20InsufficientBalance",
                    "{sender} holds {balance:rlc} and needs {needed:rlc}; get at least {missing:rlc} first"),
            Map.entry(
                    "NoVolumeLeft",
                    "an order has served its whole volume, or was closed; left are {app} of the app's, {dataset} of the"
                            + " dataset's, {workerpool} of the workerpool's and {request} of the request: its owner signs"
                            + " a new one"),
            Map.entry(
                    "CategoryMismatch",
                    "the request asks for category {requested} and the workerpool offers category {offered}; take"
                            + " another workerpool's order or change the request"),
            Map.entry("UnknownCategory", "there is no category {category}; the market has {count}, counted from 0"),
            Map.entry(
                    "TrustNotOffered",
                    "the request asks for trust {requested} and the workerpool offers at most {offered}; ask for less or"
                            + " take another workerpool's order"),
            Map.entry("TrustTooHigh", "trust {requested} is more than the market can reach; the most is {max}"),
            Map.entry(
                    "AppPriceTooHigh",
                    "the app costs {asked:rlc} a task and the request accepts {accepted:rlc}; raise its appmaxprice"),
            Map.entry(
                    "DatasetPriceTooHigh",
                    "the dataset costs {asked:rlc} a task and the request accepts {accepted:rlc}; raise its"
                            + " datasetmaxprice"),
            Map.entry(
                    "WorkerpoolPriceTooHigh",
                    "the workerpool costs {asked:rlc} a task and the request accepts {accepted:rlc}; raise its"
                            + " workerpoolmaxprice"),
            Map.entry(
                    "TagNotOffered",
                    "the orders need the tag {needed} and the workerpool offers {offered}; take a workerpool with all of"
                            + " it"),
            Map.entry(
                    "AppLacksTee",
                    "the orders need an enclave (tag {needed}) and the app's order has the tag {appTag}; take an app"
                            + " that is made for it"),
            Map.entry("AppMismatch", "the request is for the app {requested}, the app's order is for {offered}"),
            Map.entry(
                    "DatasetMismatch",
                    "the request is for the dataset {requested}, the dataset's order is for {offered}"),
            Map.entry("Restricted", "{account} is not let in by {which:restriction}: only {restriction} is"),
            Map.entry("NotRegistered", "{entry} is not in the registry {registry}; create it there first"),
            Map.entry(
                    "BadSignature",
                    "{signer} has not signed this ({hash}); the signature is missing, of another wallet, or for another"
                            + " market"),
            Map.entry("NotOwner", "only {owner} may do this, and {caller} is not"),
            Map.entry("CallerIsNotOwner", "only the owner {owner} may do this, and {caller} is not"),
            Map.entry("NotScheduler", "only the scheduler {scheduler} may do this, and {caller} is not"),
            Map.entry("UnknownDeal", "there is no deal {dealid}"),
            Map.entry(
                    "IndexOutOfDeal",
                    "the deal has {size} tasks from index {first} on, and index {index} is none of them"),
            Map.entry("WrongStatus", "task {taskid} is {actual:status}, which does not allow this"),
            Map.entry("TooLate", "task {taskid}: the time for this ended at {deadline:time}"),
            Map.entry("TooEarly", "task {taskid}: this is not possible before {from:time}"),
            Map.entry("AlreadyContributed", "{worker} has contributed to task {taskid} already"),
            Map.entry("TooManyContributors", "task {taskid} has {max} contributions, and takes no more"),
            Map.entry("HasContributors", "task {taskid} has {contributors} contributions already"),
            Map.entry("EnclaveRequired", "task {taskid} takes results of an enclave only"),
            Map.entry("TrustNotOne", "task {taskid} has trust {trust}; contribute, reveal and finalize one by one"),
            Map.entry(
                    "NotAWinner", "{worker} has no contribution to the consensus of task {taskid}, or has revealed it"),
            Map.entry("ResultHashMismatch", "task {taskid}: the digest revealed is not the one that the vote chose"),
            Map.entry("SealMismatch", "task {taskid}: the digest revealed is not the one that was contributed"),
            Map.entry(
                    "RevealsMissing",
                    "task {taskid}: {reveals} of {winners} winners have revealed; wait for the others or until"
                            + " {deadline:time}"),
            Map.entry("AlreadyRevealed", "task {taskid} has {reveals} reveals; finalize it instead of reopening"),
            Map.entry("CallbackMismatch", "task {taskid}: the callback's data has the digest {actual}, not {digest}"),
            Map.entry("RatioTooHigh", "a ratio of {ratio} % is too high; the most is {max} %"),
            Map.entry("FieldTooLong", "a description's field of {length} bytes is too long; the most is {max}"),
            Map.entry("BlobTooLong", "a deal's parameters of {length} bytes are too long; the most is {max}"),
            Map.entry("AmountTooLarge", "an amount of {amount:rlc} is too large; the most is {max:rlc}"));

    private Refusals() {}

    /// Why the node would not do what it was asked.
    static Refused of(JsonRpc.Failure failure) {
        var data = revertData(failure);
        return data.flatMap(Refusals::custom)
                .or(() -> data.flatMap(Refusals::reason))
                .orElseGet(() -> new Refused(
                        "NodeRefusal",
                        Map.of(),
                        failure.text().toLowerCase(java.util.Locale.ROOT).contains("insufficient funds")
                                ? "the wallet can not pay for gas; give it some of the chain's own coin ("
                                        + failure.text() + ")"
                                : "the node refuses this: " + failure.text()));
    }

    private static Optional<Bytes> revertData(JsonRpc.Failure failure) {
        return failure.data().startsWith("0x") && failure.data().length() >= 10
                ? Optional.of(Bytes.parse(failure.data()))
                : Optional.empty();
    }

    private static Optional<Refused> custom(Bytes data) {
        return CONTRACTS.stream()
                .flatMap(contract -> contract.error(data).stream())
                .findFirst()
                .map(error -> {
                    var values = values(error, error.function().decodeCall(data.bytes()));
                    return new Refused(error.getName(), values, sentence(error.getName(), values));
                });
    }

    /// `revert("…")` and panics, of contracts that are not ours.
    private static Optional<Refused> reason(Bytes data) {
        return switch (data.hex().substring(0, 8)) {
            case "08c379a0" -> {
                String text = com.esaulpaugh.headlong.abi.Function.parse("Error(string)")
                        .<Tuple>decodeCall(data.bytes())
                        .get(0);
                yield Optional.of(new Refused("Error", Map.of("reason", text), "a contract refuses this: " + text));
            }
            case "4e487b71" ->
                Optional.of(new Refused(
                        "Panic", Map.of("code", data.hex().substring(70)), "a contract failed: panic " + data));
            default -> Optional.empty();
        };
    }

    private static Map<String, String> values(ContractError<Tuple> error, Tuple arguments) {
        var values = new LinkedHashMap<String, String>();
        for (int i = 0; i < arguments.size(); i++) {
            var name = Optional.ofNullable(error.getInputs().getElementName(i)).orElse("value" + i);
            values.put(name, text(arguments.get(i)));
        }
        return values;
    }

    private static String text(Object value) {
        return switch (value) {
            case byte[] bytes -> Bytes.of(bytes).toString();
            case com.esaulpaugh.headlong.abi.Address address ->
                Address.parse(address.toString()).toString();
            default -> value.toString();
        };
    }

    private static String sentence(String error, Map<String, String> values) {
        var sentence = SENTENCES.get(error);
        return sentence == null
                ? values.entrySet().stream()
                        .map(value -> value.getKey() + " " + value.getValue())
                        .collect(Collectors.joining(", ", "the contracts refuse this: " + error + " (", ")"))
                : VALUE.matcher(sentence)
                        .replaceAll(match -> java.util.regex.Matcher.quoteReplacement(fill(match, values)));
    }

    private static String fill(MatchResult match, Map<String, String> values) {
        var value = match.group(1).equals("missing") ? missing(values) : values.getOrDefault(match.group(1), "?");
        return switch (Optional.ofNullable(match.group(2)).orElse("")) {
            case "rlc" -> new Rlc(new BigInteger(value)).toString();
            case "time" -> Instant.ofEpochSecond(Long.parseLong(value)).toString();
            case "status" -> STATUS.split("\\|", -1)[Integer.parseInt(value)];
            case "restriction" -> RESTRICTION.split("\\|", -1)[Integer.parseInt(value)];
            default -> value;
        };
    }

    private static String missing(Map<String, String> values) {
        var has = Stream.of("free", "balance").flatMap(name -> Stream.ofNullable(values.get(name)));
        return new BigInteger(values.getOrDefault("needed", "0"))
                .subtract(new BigInteger(has.findFirst().orElse("0")))
                .toString();
    }
}
