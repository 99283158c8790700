package bourse.chain;

import bourse.protocol.Bytes;
import bourse.protocol.Bytes32;
import bourse.protocol.Keccak;
import com.esaulpaugh.headlong.abi.ABIJSON;
import com.esaulpaugh.headlong.abi.ContractError;
import com.esaulpaugh.headlong.abi.Event;
import com.esaulpaugh.headlong.abi.Function;
import com.esaulpaugh.headlong.abi.Tuple;
import com.esaulpaugh.headlong.abi.TupleType;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.json.JsonMapper;

/// A contract as the compiler wrote it: its ABI, and the code that creates it.
final class Artifact {
    private static final JsonMapper JSON = new JsonMapper();

    private final String name;
    private final Bytes bytecode;
    private final TupleType<Tuple> constructor;
    private final Map<String, Function> functions = new HashMap<>();
    private final Map<Bytes32, Event<Tuple>> events = new HashMap<>();
    private final Map<String, ContractError<Tuple>> errors = new HashMap<>();

    private Artifact(String name, Bytes bytecode, String abi) {
        this.name = name;
        this.bytecode = bytecode;
        TupleType<Tuple> parameters = TupleType.parse("()");
        for (var function : ABIJSON.parseFunctions(abi)) {
            switch (function.getType()) {
                case FUNCTION -> functions.put(function.getName(), function);
                case CONSTRUCTOR -> parameters = function.getInputs();
                default -> {
                    // Fallbacks have no parameters.
                }
            }
        }
        constructor = parameters;
        for (var event : ABIJSON.parseEvents(abi)) {
            events.put(keccak(event.getCanonicalSignature()), event);
        }
        for (var error : ABIJSON.parseErrors(abi)) {
            errors.put(keccak(error.getCanonicalSignature()).hex().substring(0, 8), error);
        }
    }

    static Artifact load(String name) {
        try (var resource = Artifact.class.getResourceAsStream("/bourse/contracts/" + name + ".json")) {
            if (resource == null) {
                throw new IllegalStateException(
                        "the compiled contract %s is missing; build contracts/".formatted(name));
            }
            var json = JSON.readTree(resource.readAllBytes());
            return new Artifact(
                    name,
                    Bytes.parse(json.path("bytecode").asString("")),
                    json.path("abi").toString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// The data of a transaction that creates the contract.
    Bytes creation(Object... arguments) {
        return Bytes.parse(bytecode.hex()
                + Bytes.of(constructor.encode(Tuple.from(arguments)).array()).hex());
    }

    /// The data of a call.
    Bytes call(String function, Object... arguments) {
        return Bytes.of(function(function).encodeCall(Tuple.from(arguments)).array());
    }

    /// What a call returned.
    Tuple result(String function, Bytes returned) {
        return function(function).decodeReturn(returned.bytes());
    }

    Optional<Event<Tuple>> event(Bytes32 topic) {
        return Optional.ofNullable(events.get(topic));
    }

    Optional<ContractError<Tuple>> error(Bytes data) {
        return data.length() < 4
                ? Optional.empty()
                : Optional.ofNullable(errors.get(data.hex().substring(0, 8)));
    }

    /// The names of all errors that it declares.
    List<String> errorNames() {
        return errors.values().stream().map(ContractError::getName).toList();
    }

    private Function function(String function) {
        return Optional.ofNullable(functions.get(function))
                .orElseThrow(() -> new IllegalStateException("%s has no function %s".formatted(name, function)));
    }

    private static Bytes32 keccak(String signature) {
        return Keccak.of(signature.getBytes(StandardCharsets.US_ASCII));
    }
}
