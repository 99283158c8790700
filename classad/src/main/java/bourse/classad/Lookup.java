package bourse.classad;

import org.jspecify.annotations.Nullable;

/// What a name refers to.
sealed interface Lookup {
    /// An attribute, and the place of the ad that has it.
    record Found(Expression expression, Scope scope) implements Lookup {}

    /// `self`, `parent` and their like, the time, or undefined.
    record Known(Value value) implements Lookup {}

    Known NOTHING = new Known(Value.UNDEFINED);

    /// From a place outwards; then, if somebody stands opposite, from there outwards.
    static Lookup unscoped(String name, Scope scope, Scope root, Evaluator evaluator) {
        var found = search(name, scope, root, evaluator);
        var opposite = scope.opposite();
        if (found == null && opposite != null) {
            found = search(name, opposite, root, evaluator);
        }
        return found == null ? NOTHING : found;
    }

    static Lookup from(String name, Scope scope, Scope root, Evaluator evaluator) {
        var found = search(name, scope, root, evaluator);
        return found == null ? NOTHING : found;
    }

    private static @Nullable Lookup search(String name, Scope start, Scope root, Evaluator evaluator) {
        for (var scope = start; scope != null; scope = scope.parent()) {
            var expression = scope.ad().find(name);
            if (expression != null) {
                return new Found(expression, scope);
            }
            if (scope == start) {
                var special = special(name, scope, root, evaluator);
                if (special != null) {
                    return special;
                }
            }
        }
        return null;
    }

    /// These names never mean an attribute of an ad further out.
    private static @Nullable Lookup special(String name, Scope scope, Scope root, Evaluator evaluator) {
        boolean old = evaluator.semantics() == Semantics.OLD;
        return switch (name.length()) {
            case 2 -> old && Bytes.equalIgnoringCase(name, "my") ? place(scope) : null;
            case 4 ->
                Bytes.equalIgnoringCase(name, "self")
                        ? place(scope)
                        : Bytes.equalIgnoringCase(name, "root") ? place(root) : null;
            case 6 -> Bytes.equalIgnoringCase(name, "parent") ? place(scope.parent()) : null;
            case 8 -> Bytes.equalIgnoringCase(name, "toplevel") ? place(root) : null;
            case 11 ->
                old && Bytes.equalIgnoringCase(name, "CurrentTime")
                        ? new Known(new Value.Int(evaluator.clock().instant().getEpochSecond()))
                        : null;
            default -> null;
        };
    }

    private static Lookup place(@Nullable Scope scope) {
        return scope == null ? NOTHING : new Known(new Value.Ad(scope));
    }
}
