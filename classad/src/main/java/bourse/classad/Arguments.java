package bourse.classad;

import java.util.List;
import java.util.stream.IntStream;

/// The arguments of one call, which its function evaluates or not.
record Arguments(Evaluation evaluation, List<Expression> expressions, Scope scope) {
    int count() {
        return expressions.size();
    }

    Value value(int i) {
        return evaluation.evaluate(expressions.get(i), scope);
    }

    List<Value> values() {
        return IntStream.range(0, count()).mapToObj(this::value).toList();
    }

    List<Value> elements(Value.Sequence list) {
        return evaluation.elements(list, scope);
    }
}
