package bourse.chain;

import bourse.protocol.Address;
import bourse.protocol.Bytes;
import bourse.protocol.Bytes32;
import bourse.protocol.Refused;
import com.esaulpaugh.headlong.abi.Tuple;
import java.io.IOException;
import java.math.BigInteger;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// A real EVM chain that does nothing by itself and forgets on demand: every transaction makes a block, at a time that
/// is given, sent by whom one likes, without a signature and without a price. The same calls give the same blocks,
/// with the same hashes.
final class TwinChain implements AutoCloseable {
    /// When it begins.
    static final Instant GENESIS = Instant.parse("2020-02-02T12:00:00Z");

    /// Ends the child when this process ends, however it does.
    private static final String GUARD = "\"$@\" >/dev/null 2>&1 </dev/null & read -r _; kill -9 $!";
    /// The most that one transaction may ask for (EIP-7825).
    private static final BigInteger GAS = BigInteger.valueOf(16_700_000);

    private static final Artifact READER = Artifact.load("Reader");

    private final Process guard;
    private final JsonRpc rpc;
    private final Map<Long, Bytes32> hashes = new HashMap<>();
    private Address reader = Address.ZERO;

    /// What somebody asks of a contract.
    record Call(Optional<Address> to, Bytes data, BigInteger wei) {
        static Call to(Address contract, Bytes data) {
            return new Call(Optional.of(contract), data, BigInteger.ZERO);
        }
    }

    /// A transaction in its block.
    record Mined(long block, Instant time, boolean success, Optional<Address> created, List<JsonNode> logs) {}

    /// One question of many.
    record Question(Address contract, Bytes call) {}

    /// @param data where it is refused, the reason
    record Answer(boolean success, Bytes data) {}

    private TwinChain(Process guard, JsonRpc rpc) {
        this.guard = guard;
        this.rpc = rpc;
    }

    static TwinChain open() throws IOException, InterruptedException {
        int port = Anvil.freePort();
        var command = new ArrayList<>(List.of("/bin/sh", "-c", GUARD, "guard"));
        command.addAll(List.of(Anvil.find(Optional.empty()).toString(), "--port", Integer.toString(port)));
        command.addAll(List.of("--chain-id", "31337", "--hardfork", "osaka", "--order", "fifo", "--accounts", "0"));
        command.addAll(List.of("--gas-limit", "400000000", "--gas-price", "0", "--base-fee", "0"));
        // So many blocks are remembered as the EVM can ask for.
        command.addAll(List.of("--prune-history", "512", "--timestamp", Long.toString(GENESIS.getEpochSecond())));
        var guard = new ProcessBuilder(command).start();
        var chain = new TwinChain(guard, new JsonRpc(URI.create("http://127.0.0.1:" + port), Duration.ofSeconds(20)));
        chain.rpc.call("anvil_autoImpersonateAccount", true);
        chain.remember();
        chain.reader = chain.create(Address.of(new byte[20]), READER.creation());
        return chain;
    }

    URI uri() {
        return rpc.node();
    }

    /// The block's hash, as far as it was made here.
    Optional<Bytes32> hash(long block) {
        return Optional.ofNullable(hashes.get(block));
    }

    /* DOING */

    /// Makes a contract, a second after the last block.
    Address create(Address sender, Bytes creation) throws InterruptedException {
        var latest = remember();
        return send(
                        sender,
                        new Call(Optional.empty(), creation, BigInteger.ZERO),
                        latest.time().plusSeconds(1))
                .created()
                .orElseThrow();
    }

    Mined send(Address sender, Call call, Instant time) throws InterruptedException {
        rpc.call("evm_setNextBlockTimestamp", time.getEpochSecond());
        var request = new LinkedHashMap<String, Object>(json(sender, call));
        request.put("gas", Quantity.of(GAS));
        request.put("gasPrice", "0x0");
        var receipt = rpc.call("eth_sendTransactionSync", request);
        var block = Quantity.number(receipt.path("blockNumber"));
        hashes.put(block, Bytes32.parse(receipt.path("blockHash").asString("")));
        var created = receipt.path("contractAddress");
        return new Mined(
                block,
                Instant.ofEpochSecond(receipt.path("blockTimestamp").asLong(0)),
                Quantity.number(receipt.path("status")) == 1,
                created.isString() ? Optional.of(Address.parse(created.asString())) : Optional.empty(),
                receipt.path("logs").valueStream().toList());
    }

    /// Makes empty blocks, one a second, and says where that leads.
    Mined mine(int blocks) throws InterruptedException {
        rpc.call("anvil_mine", Quantity.of(blocks), "0x1");
        return remember();
    }

    private Mined remember() throws InterruptedException {
        var latest = rpc.call("eth_getBlockByNumber", "latest", false);
        var block = Quantity.number(latest.path("number"));
        hashes.put(block, Bytes32.parse(latest.path("hash").asString("")));
        var time = Instant.ofEpochSecond(Quantity.number(latest.path("timestamp")));
        return new Mined(block, time, true, Optional.empty(), List.of());
    }

    void setBalance(Address owner, BigInteger wei) throws InterruptedException {
        rpc.call("anvil_setBalance", owner.toString(), Quantity.of(wei));
    }

    BigInteger storage(Address contract, Bytes32 slot) throws InterruptedException {
        return new BigInteger(
                rpc.call("eth_getStorageAt", contract.toString(), slot.toString(), "latest")
                        .asString("")
                        .substring(2),
                16);
    }

    void store(Address contract, Bytes32 slot, BigInteger word) throws InterruptedException {
        rpc.call("anvil_setStorageAt", contract.toString(), slot.toString(), "0x%064x".formatted(word));
    }

    /* ASKING */

    /// What the newest block would have answered after its last transaction.
    Answer ask(Address sender, Call call) throws InterruptedException {
        return answer(JsonRpc.Request.of("eth_call", json(sender, call), "latest"));
    }

    /// What a block to come would answer.
    Answer ask(Address sender, Call call, long block, Instant time) throws InterruptedException {
        return answer(JsonRpc.Request.of(
                "eth_call",
                json(sender, call),
                "latest",
                Map.of(),
                Map.of("number", Quantity.of(block), "time", Quantity.of(time.getEpochSecond()))));
    }

    private Answer answer(JsonRpc.Request request) throws InterruptedException {
        return switch (rpc.batch(List.of(request)).getFirst()) {
            case JsonRpc.Reply.Result(var value) -> new Answer(true, Bytes.parse(value.asString("")));
            case JsonRpc.Reply.Refusal(var failure)
            when failure.data().startsWith("0x") -> new Answer(false, Bytes.parse(failure.data()));
            case JsonRpc.Reply.Refusal(var failure) -> throw failure;
        };
    }

    /// Answers of the newest block to all of them.
    List<Answer> ask(List<Question> questions) throws InterruptedException {
        var call = READER.call(
                "ask",
                questions.stream()
                        .map(question -> Contracts.abi(question.contract()))
                        .toArray(com.esaulpaugh.headlong.abi.Address[]::new),
                questions.stream().map(question -> question.call().bytes()).toArray(byte[][]::new));
        var answer = ask(Address.ZERO, Call.to(reader, call));
        Tuple[] answers = READER.result("ask", answer.data()).get(0);
        return List.of(answers).stream()
                .map(each -> new Answer(each.get(0), Contracts.bytes(each, 1)))
                .toList();
    }

    List<BigInteger> balances(List<Address> owners) throws InterruptedException {
        return rpc
                .batch(owners.stream()
                        .map(owner -> JsonRpc.Request.of("eth_getBalance", owner.toString(), "latest"))
                        .toList())
                .stream()
                .map(reply -> new BigInteger(reply.value().asString("").substring(2), 16))
                .toList();
    }

    /* FORGETTING */

    String snapshot() throws InterruptedException {
        return rpc.call("evm_snapshot").asString("");
    }

    /// A snapshot is good for once.
    void revert(String snapshot) throws InterruptedException {
        if (!rpc.call("evm_revert", snapshot).asBoolean(false)) {
            throw new IllegalStateException("the chain has forgotten " + snapshot);
        }
    }

    private static Map<String, Object> json(Address sender, Call call) {
        var json = new LinkedHashMap<String, Object>();
        json.put("from", "0x" + sender.hex());
        call.to().ifPresent(to -> json.put("to", "0x" + to.hex()));
        json.put("data", call.data().toString());
        json.put("value", Quantity.of(call.wei()));
        return json;
    }

    /// A contract's reason, by name and values.
    static Refused refused(Bytes reason, Artifact hub) {
        var refused = Refusals.of(new JsonRpc.Failure("eth_call", 3, "execution reverted", reason.toString()));
        return refused.error().equals("NodeRefusal")
                ? hub.error(reason)
                        .map(error -> {
                            var values = new HashMap<String, String>();
                            var arguments = error.function().decodeCall(reason.bytes());
                            for (int i = 0; i < arguments.size(); i++) {
                                values.put(String.valueOf(error.getInputs().getElementName(i)), text(arguments.get(i)));
                            }
                            return new Refused(error.getName(), values, error.getName() + values);
                        })
                        .orElse(refused)
                : refused;
    }

    static String text(Object value) {
        return switch (value) {
            case byte[] bytes -> Bytes.of(bytes).toString();
            case com.esaulpaugh.headlong.abi.Address address ->
                Contracts.address(address).toString();
            default -> value.toString();
        };
    }

    @Override
    public void close() {
        rpc.close();
        try {
            // The guard hears that, and ends the child.
            guard.outputWriter().close();
            guard.waitFor();
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException("the chain goes on without its test", e);
        }
    }
}
