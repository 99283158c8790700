package bourse.chain;

import static org.assertj.core.api.Assertions.assertThat;

import bourse.protocol.Bytes;
import com.esaulpaugh.headlong.abi.ABIType;
import com.esaulpaugh.headlong.abi.Address;
import com.esaulpaugh.headlong.abi.ContractError;
import com.esaulpaugh.headlong.abi.Tuple;
import java.math.BigInteger;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class RefusalsTest {
    private static final Pattern PLACEHOLDER = Pattern.compile("\\{(\\w+)");

    static List<ContractError<Tuple>> errors() {
        return Refusals.errors().distinct().toList();
    }

    @ParameterizedTest
    @MethodSource("errors")
    void everyErrorIsASentenceOfItsOwnValues(ContractError<Tuple> error) {
        assertThat(Refusals.sentences()).containsKey(error.getName());
        var sentence = Refusals.sentences().getOrDefault(error.getName(), "");
        var inputs = inputs(error);

        assertThat(PLACEHOLDER
                        .matcher(sentence)
                        .results()
                        .map(match -> match.group(1))
                        .filter(name -> !name.equals("missing")))
                .isSubsetOf(inputs);
        if (sentence.contains("{missing")) {
            assertThat(inputs).contains("needed").containsAnyOf("free", "balance", "allowance");
        }
        assertThat(sentence)
                .as("what is wrong, and what to do about it")
                .containsPattern("[;:,] ")
                .doesNotEndWith(".");
    }

    @ParameterizedTest
    @MethodSource("errors")
    void everyErrorOfANodeIsToldWithItsValues(ContractError<Tuple> error) {
        var data =
                Bytes.of(error.function().encodeCall(Tuple.from(values(error))).array());
        var failure = new JsonRpc.Failure("eth_estimateGas", 3, "execution reverted", data.toString());

        var refused = Refusals.of(failure);

        assertThat(refused.error()).isEqualTo(error.getName());
        assertThat(refused.values()).containsOnlyKeys(inputs(error));
        assertThat(refused.getMessage()).doesNotContain("{", "}", "?");
    }

    @Test
    void noSentenceIsOfAnErrorThatIsNoMore() {
        var names = Refusals.errors().map(ContractError::getName).collect(Collectors.toSet());

        assertThat(Refusals.sentences().keySet()).isSubsetOf(names);
    }

    private static Set<String> inputs(ContractError<Tuple> error) {
        return names(error).collect(Collectors.toSet());
    }

    private static Stream<String> names(ContractError<Tuple> error) {
        return IntStream.range(0, error.getInputs().size()).mapToObj(error.getInputs()::getElementName);
    }

    private static Object[] values(ContractError<Tuple> error) {
        return IntStream.range(0, error.getInputs().size())
                .mapToObj(i -> value(error.getInputs().get(i)))
                .toArray();
    }

    private static Object value(ABIType<?> type) {
        return switch (type.getCanonicalType()) {
            case "address" -> Address.wrap("0x0000000000000000000000000000000000000001");
            case "uint8" -> 1;
            case "uint256" -> BigInteger.ONE;
            case "bytes4" -> new byte[4];
            case "bytes32" -> new byte[32];
            default -> throw new IllegalArgumentException("no sample of " + type);
        };
    }
}
