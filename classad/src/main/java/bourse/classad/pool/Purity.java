package bourse.classad.pool;

import bourse.classad.Calculation;
import java.util.Set;

/// The functions whose result follows from the values of their arguments, and which look at nothing else.
final class Purity {
    /// The same at any time.
    private static final Set<String> LASTING = Set.of(
            "isundefined",
            "iserror",
            "isstring",
            "isinteger",
            "isreal",
            "isboolean",
            "islist",
            "isclassad",
            "isabstime",
            "isreltime",
            "int",
            "real",
            "string",
            "bool",
            "floor",
            "ceil",
            "ceiling",
            "round",
            "pow",
            "quantize",
            "member",
            "identicalmember",
            "size",
            "sum",
            "avg",
            "min",
            "max",
            "anycompare",
            "allcompare",
            "strcat",
            "toupper",
            "tolower",
            "substr",
            "strcmp",
            "stricmp",
            "versioncmp",
            "versionle",
            "versionlt",
            "versionge",
            "versiongt",
            "versioneq",
            "version_in_range",
            "regexp",
            "stringlistsintersect",
            "stringlistsize",
            "stringlistsum",
            "stringlistavg",
            "stringlistmin",
            "stringlistmax",
            "stringlistmember",
            "stringlistimember",
            "stringlistsubsetmatch",
            "stringlistisubsetmatch",
            "ifthenelse");

    private static final Set<String> MAKING = Set.of("strcat", "toupper", "tolower", "substr", "string");

    private Purity() {}

    static boolean makesText(String function) {
        return MAKING.contains(function);
    }

    static boolean isLasting(String function) {
        return LASTING.contains(Calculation.folded(function));
    }
}
