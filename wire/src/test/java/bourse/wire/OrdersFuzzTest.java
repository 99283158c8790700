package bourse.wire;

import static org.assertj.core.api.Assertions.assertThat;

import bourse.protocol.Bytes;
import bourse.protocol.Malformed;
import bourse.protocol.Order;
import bourse.protocol.OrderBook.Kind;
import bourse.protocol.Signed;
import bourse.testing.Generators;
import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import tools.jackson.core.JacksonException;

/// Any body and any query is an order or a question, or is refused with a sentence.
///
/// A fuzzer looks for the one that is an exception to it: `./build slow`.
@Tag("fuzz")
class OrdersFuzzTest {
    private static final int LONGEST = 300;

    @FuzzTest(maxDuration = "1h")
    void readsItOrRefusesIt(FuzzedDataProvider data) {
        var kind = data.pickValue(Kind.values());
        try {
            switch (data.consumeInt(0, 2)) {
                case 0 -> OrderJson.read(kind, Json.read(data.consumeRemainingAsBytes()));
                case 1 -> readsWhatItWrites(kind, Json.write(changed(kind, data)));
                default -> query(kind, data);
            }
        } catch (Malformed | JacksonException e) {
            assertThat(e.getMessage()).isNotBlank().hasSizeLessThan(2000);
        }
    }

    private static void readsWhatItWrites(Kind kind, byte[] body) {
        var order = OrderJson.read(kind, Json.read(body));
        assertThat(OrderJson.read(kind, Json.read(Json.write(OrderJson.write(order)))))
                .isEqualTo(order);
    }

    /// A good order, but for some of its fields.
    private static Object changed(Kind kind, FuzzedDataProvider data) {
        var generators = new Generators(data.consumeInt());
        Order good = switch (kind) {
            case APP -> generators.appOrder();
            case DATASET -> generators.datasetOrder();
            case WORKERPOOL -> generators.workerpoolOrder();
            case REQUEST -> generators.requestOrder();
        };
        var json = new LinkedHashMap<>(OrderJson.write(new Signed<>(good, Bytes.of(data.consumeBytes(70)))));
        for (var name : json.keySet().toArray(String[]::new)) {
            switch (data.consumeInt(0, 9)) {
                case 0 -> json.remove(name);
                case 1 -> json.put(name, data.consumeString(LONGEST));
                case 2 -> json.put(name, data.consumeLong());
                case 3 -> json.put(name, data.consumeDouble());
                case 4 -> json.put(name, Map.of(name, List.of(name)));
                case 5 -> json.put(data.consumeString(LONGEST), data.consumeBoolean());
                default -> {}
            }
        }
        return json;
    }

    private static void query(Kind kind, FuzzedDataProvider data) {
        var values = OrderQuery.names(kind).stream()
                .sorted()
                .filter(_ -> data.consumeBoolean())
                .collect(Collectors.toMap(name -> name, _ -> data.consumeString(LONGEST)));
        assertThat(new OrderQuery(values).query(kind)).isNotNull();
    }
}
