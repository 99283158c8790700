/// The ClassAd language and two-way matching: what machines have and tasks want, said in one language, and who suits
/// whom.
///
/// A [ClassAd] is a set of named expressions. An ad that describes a machine has numbers and strings; an ad that
/// wants something has an expression `Requirements`, true of what it accepts, and an expression `Rank`, higher for
/// what it likes better. Put two ads in front of each other, and each is `MY` to itself and `TARGET` to the other:
///
/// ```java
/// var machine = ClassAd.parse("[Memory = 4096; Arch = \"X86_64\"; Requirements = TARGET.RequestMemory <= Memory]");
/// var task = ClassAd.parse("[RequestMemory = 1024; Requirements = TARGET.Arch == \"x86_64\"; Rank = TARGET.Memory]");
/// var match = new Match(task, machine, Evaluator.NEW);
/// match.matches();  // true: each accepts the other
/// match.leftRank(); // 4096.0
/// ```
///
/// The way of a text: [Parser] (with `Lexer` and `Reading`) makes an [Expression], [Printer] makes it text again,
/// [Evaluator] makes it a [Value] at a [Scope], the place of an ad among the ads around it. `Evaluation` is one such
/// call, `Lookup` finds names, `Operations` and `Arithmetic` know the operators, `Functions` is the table of all
/// functions, which live by theme in the classes of their names. Regular expressions are `Pattern` and `Matcher`.
///
/// Nothing in the language fails: what is not there is undefined, what makes no sense is an error, and both are
/// values. What ends otherwise is beyond [Limits], and a [ClassAdException]: an ad comes from a stranger, and may be
/// made to hurt.
///
/// The language and its rules are those of HTCondor's library (htcondor/htcondor, 25.14), which printed the expected
/// values of the tests; `docs/classad.md` tells where it differs from its manual, and this library from it.
@NullMarked
package bourse.classad;

import org.jspecify.annotations.NullMarked;
