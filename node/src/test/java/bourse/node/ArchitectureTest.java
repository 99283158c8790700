package bourse.node;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/// A module imports only what lies under it.
@AnalyzeClasses(packages = "bourse", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    @ArchTest
    static final ArchRule PROTOCOL_KNOWS_NO_OTHER_ROOM = onlyKnows("protocol", "bourse.protocol..");

    @ArchTest
    static final ArchRule SANDBOX_KNOWS_NO_OTHER_ROOM = onlyKnows("sandbox", "bourse.sandbox..");

    @ArchTest
    static final ArchRule CLASSAD_KNOWS_NO_OTHER_ROOM = onlyKnows("classad", "bourse.classad..");

    @ArchTest
    static final ArchRule CHAIN_KNOWS_THE_NOUNS = onlyKnows("chain", "bourse.chain..", "bourse.protocol..");

    @ArchTest
    static final ArchRule STORAGE_KNOWS_THE_NOUNS = onlyKnows("storage", "bourse.storage..", "bourse.protocol..");

    @ArchTest
    static final ArchRule WIRE_KNOWS_THE_NOUNS = onlyKnows("wire", "bourse.wire..", "bourse.protocol..");

    @ArchTest
    static final ArchRule THE_SCHEDULER_KNOWS_DOORS_ONLY =
            onlyKnows("scheduler", "bourse.scheduler..", "bourse.protocol..", "bourse.classad..");

    @ArchTest
    static final ArchRule A_WORKER_KNOWS_DOORS_AND_ITS_SANDBOX =
            onlyKnows("worker", "bourse.worker..", "bourse.protocol..", "bourse.sandbox..", "bourse.classad..");

    @ArchTest
    static final ArchRule UNTRUSTED_CODE_HAS_NO_NETWORK_AROUND_IT = noClasses()
            .that()
            .resideInAPackage("bourse.sandbox.child..")
            .should()
            .dependOnClassesThat(resideInAnyPackage("java.net..", "java.net.http..", "java.sql.."));

    private static ArchRule onlyKnows(String module, String... packages) {
        return classes()
                .that()
                .resideInAPackage("bourse." + module + "..")
                .should()
                .onlyDependOnClassesThat(resideOutsideOfPackages("bourse..").or(resideInAnyPackage(packages)));
    }
}
