package dev.precept.cli;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** The folder list is the architecture, and its arrows point one way. */
class ArchitectureDependencyTest {
    private static final String[] APPS = {"prompts", "workers", "streams", "sinks"};
    private static final JavaClasses OURS = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.precept");

    @Test
    void appsDoNotKnowOneAnother() {
        for (String app : APPS) {
            for (String other : APPS) {
                if (!app.equals(other)) {
                    forbid(app, other);
                }
            }
        }
    }

    @Test
    void leavesKnowNothingOfOurs() {
        for (String leaf : new String[] {"schemas", "spec", "model", "store"}) {
            for (String other : new String[] {"runtime", "prompts", "workers", "streams", "sinks", "factory"}) {
                forbid(leaf, other);
            }
        }
        for (String leaf : new String[] {"spec", "model", "store"}) {
            for (String other : new String[] {"schemas", "spec", "model", "store"}) {
                if (!leaf.equals(other)) {
                    forbid(leaf, other);
                }
            }
        }
        forbid("schemas", "store");
    }

    @Test
    void runtimeKnowsOnlySchemas() {
        for (String other :
                new String[] {"spec", "model", "store", "prompts", "workers", "streams", "sinks", "factory"}) {
            forbid("runtime", other);
        }
    }

    @Test
    void theTopologyAndTheSinkCallNoModel() {
        forbid("streams", "model");
        forbid("streams", "spec");
        forbid("sinks", "model");
        forbid("sinks", "spec");
    }

    @Test
    void whatOnlyPassesRecordsOnKeepsNothingInTheStore() {
        forbid("streams", "store");
    }

    @Test
    void onlyTheStoreOnS3KnowsItsClient() {
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.precept.store.s3..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("software.amazon..")
                .check(OURS);
    }

    @Test
    void packagesOfTheLedgerHaveNoCycle() {
        slices().matching("dev.precept.streams.(*)..").should().beFreeOfCycles().check(OURS);
    }

    private static void forbid(String from, String to) {
        noClasses()
                .that()
                .resideInAPackage("dev.precept." + from + "..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("dev.precept." + to + "..")
                .check(OURS);
    }
}
