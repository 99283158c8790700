package bourse.classad;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;

/// All functions by name, and how many arguments each takes; any other number of them is an error.
final class Functions {
    private static final int ANY = Integer.MAX_VALUE;

    private static final Map<String, Entry> TABLE = new TreeMap<>(Bytes::compareIgnoringCase);

    private record Entry(int least, int most, Function<Arguments, Value> body) {}

    private Functions() {}

    static {
        type("isUndefined", Value.Undefined.class);
        type("isError", Value.Failure.class);
        type("isString", Value.Text.class);
        type("isInteger", Value.Int.class);
        type("isReal", Value.Real.class);
        type("isBoolean", Value.Bool.class);
        type("isList", Value.Sequence.class);
        type("isClassAd", Value.Ad.class);
        type("isAbsTime", Value.AbsoluteTime.class);
        type("isRelTime", Value.RelativeTime.class);

        put("ifThenElse", 3, 3, ControlFunctions::ifThenElse);
        put("eval", 1, 1, ControlFunctions::eval);
        put("unparse", 1, 1, ControlFunctions::unparse);
        put("unresolved", 1, 2, ControlFunctions::unresolved);
        put("debug", 1, 1, it -> it.value(0));
        put("evalInEachContext", 2, 2, ControlFunctions::evalInEachContext);
        put("countMatches", 2, 2, ControlFunctions::countMatches);

        put("int", 1, 1, it -> Conversions.integer(it.value(0)));
        put("real", 1, 1, it -> Conversions.real(it.value(0)));
        put("string", 1, 1, it -> it.evaluation().asText(it.value(0)));
        put("bool", 1, 1, it -> Conversions.bool(it.value(0)));
        put("floor", 1, 1, it -> NumberFunctions.round(it, Math::floor));
        put("ceil", 1, 1, it -> NumberFunctions.round(it, Math::ceil));
        put("ceiling", 1, 1, it -> NumberFunctions.round(it, Math::ceil));
        put("round", 1, 1, it -> NumberFunctions.round(it, Math::rint));
        put("pow", 2, 2, NumberFunctions::pow);
        put("quantize", 2, 2, NumberFunctions::quantize);
        put("random", 0, 1, NumberFunctions::random);

        put("member", 2, 2, it -> ListFunctions.member(it, Operator.EQUAL));
        put("identicalMember", 2, 2, it -> ListFunctions.member(it, Operator.IS));
        put("size", 1, 1, ListFunctions::size);
        put("sum", 1, 1, ListFunctions::sum);
        put("avg", 1, 1, ListFunctions::average);
        put("min", 1, 1, it -> ListFunctions.extreme(it, Operator.LESS));
        put("max", 1, 1, it -> ListFunctions.extreme(it, Operator.GREATER));
        put("anyCompare", 3, 3, it -> ListFunctions.compare(it, false));
        put("allCompare", 3, 3, it -> ListFunctions.compare(it, true));

        put("strcat", 0, ANY, TextFunctions::strcat);
        put("join", 0, ANY, TextFunctions::join);
        put("toUpper", 1, 1, it -> TextFunctions.mapped(it, Bytes::upper));
        put("toLower", 1, 1, it -> TextFunctions.mapped(it, Bytes::lower));
        put("substr", 2, 3, TextFunctions::substr);
        put("strcmp", 2, 2, it -> TextFunctions.compare(it, String::compareTo));
        put("stricmp", 2, 2, it -> TextFunctions.compare(it, Bytes::compareIgnoringCase));
        put("versioncmp", 2, 2, it -> VersionFunctions.compare(it, order -> new Value.Int(order)));
        put("versionLE", 2, 2, it -> VersionFunctions.compare(it, order -> Value.of(order <= 0)));
        put("versionLT", 2, 2, it -> VersionFunctions.compare(it, order -> Value.of(order < 0)));
        put("versionGE", 2, 2, it -> VersionFunctions.compare(it, order -> Value.of(order >= 0)));
        put("versionGT", 2, 2, it -> VersionFunctions.compare(it, order -> Value.of(order > 0)));
        put("versionEQ", 2, 2, it -> VersionFunctions.compare(it, order -> Value.of(order == 0)));
        put("version_in_range", 3, 3, VersionFunctions::inRange);

        put("regexp", 2, 3, PatternFunctions::regexp);
        put("regexpMember", 2, 3, PatternFunctions::regexpMember);
        put("regexps", 3, 4, it -> PatternFunctions.replace(it, ""));
        put("replace", 3, 4, it -> PatternFunctions.replace(it, "f"));
        put("replaceAll", 3, 4, it -> PatternFunctions.replace(it, "fg"));
        put("stringList_regexpMember", 2, 4, PatternFunctions::stringListRegexpMember);

        put("time", 0, 0, it -> new Value.Int(it.evaluation().now().getEpochSecond()));
        put(
                "currentTime",
                0,
                0,
                it -> new Value.AbsoluteTime(it.evaluation().now().getEpochSecond(), 0));
        put("timeZoneOffset", 0, 0, _ -> new Value.RelativeTime(0));
        put("dayTime", 0, 0, TimeFunctions::dayTime);
        put("absTime", 0, 2, TimeFunctions::absTime);
        put("relTime", 1, 1, TimeFunctions::relTime);
        for (var field : TimeFunctions.Field.values()) {
            put(field.function(), 1, 1, it -> TimeFunctions.field(it, field));
        }
        put("splitTime", 1, 1, TimeFunctions::splitTime);
        put("formatTime", 0, 2, TimeFunctions::formatTime);
        put("interval", 1, 1, TimeFunctions::interval);

        put("stringListsIntersect", 2, 3, StringListFunctions::intersect);
        put("stringListSize", 1, 2, StringListFunctions::size);
        put("stringListSum", 1, 2, StringListFunctions::sum);
        put("stringListAvg", 1, 2, StringListFunctions::average);
        put("stringListMin", 1, 2, StringListFunctions::min);
        put("stringListMax", 1, 2, StringListFunctions::max);
        put("stringListMember", 2, 3, it -> StringListFunctions.member(it, false));
        put("stringListIMember", 2, 3, it -> StringListFunctions.member(it, true));
        put("stringListSubsetMatch", 2, 3, it -> StringListFunctions.subset(it, false));
        put("stringListISubsetMatch", 2, 3, it -> StringListFunctions.subset(it, true));
        put("split", 1, 2, StringListFunctions::split);
        put("splitUserName", 1, 1, it -> StringListFunctions.splitAt(it, true));
        put("splitSlotName", 1, 1, it -> StringListFunctions.splitAt(it, false));

        put("argsToList", 1, 2, EnvironmentFunctions::argsToList);
        put("listToArgs", 1, 2, EnvironmentFunctions::listToArgs);
        put("envV1ToV2", 1, 1, EnvironmentFunctions::envV1ToV2);
        put("mergeEnvironment", 0, ANY, EnvironmentFunctions::mergeEnvironment);
        put("userHome", 0, ANY, EnvironmentFunctions::userHome);
        put("userMap", 2, 4, EnvironmentFunctions::userMap);
    }

    static Set<String> names() {
        return TABLE.keySet();
    }

    private static void put(String name, int least, int most, Function<Arguments, Value> body) {
        TABLE.put(name, new Entry(least, most, body));
    }

    private static void type(String name, Class<? extends Value> type) {
        put(name, 1, 1, it -> Value.of(type.isInstance(it.value(0))));
    }

    static Value call(String name, Arguments arguments) {
        var entry = TABLE.get(name);
        return entry == null || arguments.count() < entry.least || arguments.count() > entry.most
                ? Value.ERROR
                : entry.body.apply(arguments);
    }
}
