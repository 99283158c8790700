package bourse.classad.pool;

import bourse.classad.Calculation;
import bourse.classad.Value;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Numbers for the values of a column that are no numbers.
///
/// A code has two halves. The low one is another for every value; the high one is the same for texts that differ in
/// nothing but case, which `==` takes for equal.
final class Dictionary {
    private final List<Value> values = new ArrayList<>();
    private final Map<Value, Long> codes = new HashMap<>();
    private final Map<String, Integer> folded = new HashMap<>();

    long code(Value value) {
        var known = codes.get(value);
        if (known != null) {
            return known;
        }
        int high = -1;
        if (value instanceof Value.Text(String bytes)) {
            high = folded.computeIfAbsent(Calculation.folded(bytes), _ -> folded.size());
        }
        long code = (long) high << 32 | values.size();
        values.add(value);
        codes.put(value, code);
        return code;
    }

    Value value(long code) {
        return values.get((int) code);
    }

    /// The high half of the codes of texts that equal this one; -2 if there are none.
    int folded(String text) {
        return folded.getOrDefault(Calculation.folded(text), -2);
    }

    int size() {
        return values.size();
    }
}
