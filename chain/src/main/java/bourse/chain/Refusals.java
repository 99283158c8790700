package bourse.chain;

import bourse.protocol.Address;
import bourse.protocol.Bytes;
import bourse.protocol.Refused;
import bourse.protocol.Rlc;
import com.esaulpaugh.headlong.abi.ContractError;
import com.esaulpaugh.headlong.abi.Tuple;
import java.math.BigDecimal;
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
            Contracts.WORKERPOOL,
            Contracts.NATIVE_HUB);

    /// `{name}` stands for a value, `{name:rlc}` for one that is an amount, `{name:coin}` for an amount of the
    /// chain's own coin, `{name:time}` for a time, `{name:…}` for the name of an enum's value, and `{missing}` for
    /// what is needed beyond what is there.
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
            Map.entry(
                    "UnknownCategory",
                    "there is no category {category}; the market has {count}, counted from 0: take one of them"),
            Map.entry(
                    "TrustNotOffered",
                    "the request asks for trust {requested} and the workerpool offers at most {offered}; ask for less or"
                            + " take another workerpool's order"),
            Map.entry("TrustTooHigh", "trust {requested} is more than the market can reach; ask for at most {max}"),
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
            Map.entry(
                    "AppMismatch",
                    "the request is for the app {requested}, the app's order is for {offered}; match orders for the same one"),
            Map.entry(
                    "DatasetMismatch",
                    "the request is for the dataset {requested}, the dataset's order is for {offered}; match orders for the same"
                            + " one"),
            Map.entry(
                    "Restricted",
                    "{account} is not let in by {which:restriction}: only {restriction} is; take another order"),
            Map.entry("NotRegistered", "{entry} is not in the registry {registry}; create it there first"),
            Map.entry(
                    "BadSignature",
                    "{signer} has not signed this ({hash}); the signature is missing, of another wallet, or for another"
                            + " market: sign again"),
            Map.entry("NotOwner", "only the market's owner {owner} may do this, and {caller} is not; use his wallet"),
            Map.entry("CallerIsNotOwner", "only the owner {owner} may do this, and {caller} is not; use his wallet"),
            Map.entry(
                    "NotScheduler", "only the scheduler {scheduler} may do this, and {caller} is not; use his wallet"),
            Map.entry("UnknownDeal", "there is no deal {dealid}; match orders first, or look for a wrong digit"),
            Map.entry(
                    "IndexOutOfDeal",
                    "the deal has {size} tasks from index {first} on, and index {index} is none of them; take one of those"),
            Map.entry("WrongStatus", "task {taskid} is {actual:status}, which does not allow this; look at it again"),
            Map.entry(
                    "TooLate",
                    "task {taskid}: the time for this ended at {deadline:time}; it will be opened again or refunded"),
            Map.entry("TooEarly", "task {taskid}: this is not possible before {from:time}; wait until then"),
            Map.entry("AlreadyContributed", "{worker} has contributed to task {taskid} already; wait for the others"),
            Map.entry(
                    "TooManyContributors",
                    "task {taskid} has {max} contributions, and takes no more; it is refunded after its final deadline"),
            Map.entry(
                    "HasContributors",
                    "task {taskid} has {contributors} contributions already; contribute, reveal and finalize one by one"),
            Map.entry(
                    "EnclaveRequired",
                    "task {taskid} takes results of an enclave only; contribute with an enclave's signature"),
            Map.entry("TrustNotOne", "task {taskid} has trust {trust}; contribute, reveal and finalize one by one"),
            Map.entry(
                    "NotAWinner",
                    "{worker} has no contribution to the consensus of task {taskid}, or has revealed it; there is nothing to do"),
            Map.entry(
                    "ResultHashMismatch",
                    "task {taskid}: the digest revealed has the hash {revealed}, and the vote chose {won}; reveal what won"),
            Map.entry(
                    "SealMismatch",
                    "task {taskid}: the digest revealed has the seal {revealed}, and {contributed} was contributed; reveal what"
                            + " was contributed"),
            Map.entry(
                    "RevealsMissing",
                    "task {taskid}: {reveals} of {winners} winners have revealed; wait for the others or until"
                            + " {deadline:time}"),
            Map.entry("AlreadyRevealed", "task {taskid} has {reveals} reveals; finalize it instead of reopening"),
            Map.entry(
                    "CallbackMismatch",
                    "task {taskid}: the callback's data has the digest {actual}, not {digest}; hand over the data that were"
                            + " voted for"),
            Map.entry("RatioTooHigh", "a ratio of {ratio} % is too high; set at most {max} %"),
            Map.entry("FieldTooLong", "a description's field of {length} bytes is too long; shorten it to {max}"),
            Map.entry(
                    "BlobTooLong",
                    "a deal's parameters of {length} bytes are too long; shorten them to {max}, say by putting them into an input"
                            + " file"),
            Map.entry("AmountTooLarge", "an amount of {amount:rlc} is too large; the most is {max:rlc}"),
            // Audits
            Map.entry(
                    "AuditDue",
                    "task {taskid}: this result, given by one worker alone, was drawn to be checked; keep it to yourself"
                            + " until others have voted, anyone may open the task to them by an audit"),
            Map.entry(
                    "DrawTooEarly",
                    "task {taskid}: whether its result is checked is drawn by the hash of block {afterBlock}; wait for the"
                            + " next block"),
            Map.entry(
                    "NothingToAudit",
                    "task {taskid} has no result that waits to be checked: it was spared by the draw, revealed, or is being"
                            + " checked already; look at it again"),
            Map.entry(
                    "AuditRatioTooHigh",
                    "{ratio} % of the results can not be checked; make the market with at most {max} %"),
            // Matching
            Map.entry(
                    "NotTheSponsor",
                    "this request may be paid by {sponsor} only, and {payer} is not; let the sponsor match it, or sign a"
                            + " request without a sponsor"),
            Map.entry(
                    "BlobNotCreated",
                    "the chain did not store the deal; send it again with more gas, or shorten its parameters"),
            Map.entry(
                    "DatasetOrderSpent",
                    "the dataset's order {orderHash} has served {consumed} of its {volume} tasks, or was closed; its owner"
                            + " signs a new one"),
            Map.entry(
                    "DealHasDataset",
                    "deal {dealid} has the dataset {dataset}; check the order against a deal without one"),
            Map.entry("LengthMismatch", "the lists have {first} and {second} entries; give both the same number"),
            Map.entry(
                    "CallbackNeedsGas",
                    "{left} gas are left and the callback needs {needed}; send the transaction with more gas"),
            Map.entry("NoResult", "task {taskid} is {status:status} and has no result; ask again when it is COMPLETED"),
            // Accounts
            Map.entry(
                    "InsufficientAllowance",
                    "{owner} lets {spender} move {allowance:rlc} of his account and {needed:rlc} are asked for; he approves"
                            + " at least {missing:rlc} more"),
            Map.entry("NoAccount", "the zero address can not have an account; give somebody's address"),
            Map.entry(
                    "SpenderRefused",
                    "the contract {spender} does not take the {amount:rlc} that it was allowed; approve without calling it"),
            Map.entry(
                    "NotAMatch",
                    "a deposit can match orders, and do nothing else ({selector}); hand over the call of matchOrders, or no"
                            + " data"),
            Map.entry(
                    "NotTheRequester",
                    "a deposit of {sender} pays his own requests only, and this one is of {requester}; use the requester's"
                            + " wallet"),
            Map.entry(
                    "CoinsNotAccepted",
                    "this market's money is its token, and the {value:coin} of the chain's coin would be lost; deposit"
                            + " tokens"),
            Map.entry(
                    "WrongToken",
                    "{caller} calls as the token {token}, which is not this market's; deposit the market's own token"),
            Map.entry(
                    "TransferFailed",
                    "the token did not move {amount:rlc} from {from} to {to}; allow the market to take that much, and see that"
                            + " it is there"),
            Map.entry(
                    "TokenFellShort",
                    "the token left the market with {held:rlc} where accounts have {owed:rlc}; deposit a token that keeps no"
                            + " fee"),
            Map.entry(
                    "SendFailed",
                    "{to} does not take the {value:coin} of the chain's coin; withdraw to an account that does"),
            Map.entry(
                    "ValueTooLow",
                    "{value:coin} of the chain's coin came with the deposit and {needed:coin} are needed; send the rest along"),
            // The market's owner
            Map.entry("CallbackGasOutOfRange", "a callback can not get {asked} gas; set {min} to {max}"),
            Map.entry("DurationOutOfRange", "a category can not last {duration} seconds; set {min} to {max}"),
            Map.entry(
                    "UnknownFunction",
                    "the market has no function {selector}; call one of its interface, maybe of another version"),
            // Registries
            Map.entry("AlreadyRegistered", "{entry} is registered already; use it, or change its description"),
            Map.entry("UnknownEntry", "there is no entry {id}; create it first, or look for a wrong digit"),
            Map.entry("IndexOutOfBounds", "there is no entry at index {index}; there are {length}, counted from 0"),
            Map.entry("NotTheOwner", "the entry belongs to {owner} and not to {from}; name its owner"),
            Map.entry("NotAllowed", "{caller} may not move entry {id}; its owner does that, or approves him"),
            Map.entry("NoRecipient", "the zero address can not own an entry; give somebody's address"),
            Map.entry(
                    "UnsafeRecipient",
                    "the contract {to} does not say that it can hold entries; transfer without the check, or to a wallet"),
            Map.entry("CloneArgumentsTooLong", "the description is too long to be stored; shorten it"),
            Map.entry(
                    "FailedDeployment",
                    "the entry's contract could not be created; it exists already, or the gas did not do: look for it, or"
                            + " send more"),
            Map.entry("Create2EmptyBytecode", "there is no code to create the entry from; make the registries anew"),
            // The token
            Map.entry(
                    "ERC20InsufficientAllowance",
                    "{spender} may take {allowance:rlc} and {needed:rlc} are asked for; approve at least {missing:rlc} more"),
            Map.entry("ERC20InvalidApprover", "{approver} can not approve anything; use a wallet's address"),
            Map.entry("ERC20InvalidReceiver", "{receiver} can not receive tokens; give another address"),
            Map.entry("ERC20InvalidSender", "{sender} can not send tokens; use a wallet's address"),
            Map.entry("ERC20InvalidSpender", "{spender} can not be allowed anything; give another address"),
            // Calls inside of calls
            Map.entry("AddressEmptyCode", "there is no contract at {target}; check the address and the chain"),
            Map.entry("FailedCall", "a contract failed without a reason; send more gas, or look at what it was asked"),
            Map.entry(
                    "InsufficientBalance",
                    "a contract has {balance:coin} of the chain's coin and needs {needed:coin}; send it the rest first"));

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
                                ? "the wallet can not pay for gas and for what it sends; give it some of the chain's own coin ("
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

    /// The sentences, by error.
    static Map<String, String> sentences() {
        return SENTENCES;
    }

    /// Every error of which there is a sentence.
    static Stream<ContractError<Tuple>> errors() {
        return CONTRACTS.stream().flatMap(Artifact::errors);
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
            case "coin" ->
                new BigDecimal(new BigInteger(value), 18).stripTrailingZeros().toPlainString();
            case "time" -> Instant.ofEpochSecond(Long.parseLong(value)).toString();
            case "status" -> STATUS.split("\\|", -1)[Integer.parseInt(value)];
            case "restriction" -> RESTRICTION.split("\\|", -1)[Integer.parseInt(value)];
            default -> value;
        };
    }

    private static String missing(Map<String, String> values) {
        var has = Stream.of("free", "balance", "allowance").flatMap(name -> Stream.ofNullable(values.get(name)));
        return new BigInteger(values.getOrDefault("needed", "0"))
                .subtract(new BigInteger(has.findFirst().orElse("0")))
                .toString();
    }
}
