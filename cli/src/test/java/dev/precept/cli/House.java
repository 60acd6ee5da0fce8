package dev.precept.cli;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import dev.precept.store.ObjectStore;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The modules, each with the modules that it may use, and the rules that hold within them. */
final class House {
    private static final String ROOT = "dev.precept.";
    private static final String[] KAFKA = {"org.apache.kafka..", "io.confluent.."};

    /** By the package of a module: the packages of the modules that it may depend on, from the leaves up. */
    private static final Map<String, Set<String>> ARROWS = arrows();

    private House() {}

    private static Map<String, Set<String>> arrows() {
        Map<String, Set<String>> arrows = new HashMap<>();
        arrows.put("content", Set.of());
        arrows.put("text", Set.of());
        arrows.put("consumer", Set.of());
        arrows.put("chattemplate", Set.of());
        arrows.put("records", Set.of());
        arrows.put("config", Set.of("content"));
        arrows.put("spec", Set.of("text", "content"));
        arrows.put("model", Set.of("content"));
        arrows.put("embedding", Set.of("model", "content"));
        arrows.put("store", Set.of("content"));
        arrows.put("schemas", Set.of("records", "content"));
        arrows.put("kafka", Set.of("schemas", "records", "config", "content"));
        arrows.put("runtime", Set.of("kafka", "schemas", "records", "config", "content"));
        arrows.put("judging", Set.of("schemas", "records", "spec", "model", "store", "config", "text", "content"));
        arrows.put("runs", Set.of("runtime", "kafka", "schemas", "records", "config", "content"));
        arrows.put(
                "dataset",
                Set.of("schemas", "records", "store", "model", "chattemplate", "spec", "config", "text", "content"));
        arrows.put(
                "prompts",
                Set.of("runtime", "kafka", "schemas", "records", "spec", "store", "config", "text", "content"));
        arrows.put(
                "workers",
                Set.of(
                        "judging",
                        "consumer",
                        "runtime",
                        "kafka",
                        "schemas",
                        "records",
                        "spec",
                        "model",
                        "store",
                        "config",
                        "text",
                        "content"));
        arrows.put(
                "streams", Set.of("consumer", "runtime", "kafka", "schemas", "records", "config", "text", "content"));
        arrows.put(
                "sinks",
                Set.of("dataset", "runtime", "kafka", "schemas", "records", "store", "config", "text", "content"));
        arrows.put(
                "evaluation",
                Set.of(
                        "judging", "dataset", "runtime", "schemas", "records", "spec", "model", "store", "config",
                        "text", "content"));
        arrows.put(
                "reward",
                Set.of(
                        "judging", "dataset", "runtime", "kafka", "schemas", "records", "spec", "model", "store",
                        "config", "text", "content"));
        arrows.put(
                "console",
                Set.of(
                        "dataset", "judging", "runs", "runtime", "kafka", "schemas", "records", "spec", "model",
                        "store", "config", "text", "content"));
        arrows.put("cli", Set.copyOf(arrows.keySet()));
        arrows.put("testkit", Set.of());
        return Map.copyOf(arrows);
    }

    /** @throws AssertionError naming every arrow that the table does not have, every cycle of packages, and what breaks a rule */
    static void check(JavaClasses classes) {
        everyClassBelongsToAModule(classes);
        ARROWS.forEach((module, allowed) -> arrowsOf(module, allowed, classes));
        slices().matching("dev.precept.(**)").should().beFreeOfCycles().check(classes);
        for (String module : List.of("dataset", "judging", "schemas")) {
            noClasses()
                    .that()
                    .resideInAPackage(ROOT + module + "..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(KAFKA)
                    .because("module " + module + " is used where no Kafka client is on the class path")
                    .check(classes);
        }
        noClasses()
                .that()
                .resideInAPackage(ROOT + "sinks..")
                .should()
                .dependOnClassesThat(inOtherPartsOfDataset())
                .because("the sink commits rows and the evidence of runs, and makes no versions")
                .allowEmptyShould(true)
                .check(classes);
        noClasses()
                .that()
                .resideOutsideOfPackage(ROOT + "store.s3..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("software.amazon..")
                .because("one package knows the client of S3")
                .check(classes);
        noClasses()
                .that()
                .resideOutsideOfPackage(ROOT + "embedding..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("ai.onnxruntime..", "dev.langchain4j..")
                .because("one module loads the native code of the embedded model")
                .check(classes);
        noClasses()
                .that()
                .resideOutsideOfPackage(ROOT + "runtime.http..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.eclipse.jetty..")
                .because("one package knows the HTTP server")
                .check(classes);
        localesAreGiven(classes);
        onlyRemovalDeletes(classes);
    }

    /** What an unfinished plan could name is known in one place; the probes of stores and the response cache are named by none. */
    static void onlyRemovalDeletes(JavaClasses classes) {
        noClasses()
                .that()
                .resideOutsideOfPackages(ROOT + "dataset.removal", ROOT + "store..")
                .and()
                .doNotHaveFullyQualifiedName(ROOT + "judging.StoreResponseCache")
                .should()
                .accessTargetWhere(DescribedPredicate.<JavaAccess<?>>describe(
                        "delete a key of a store",
                        access -> access.getTarget().getName().equals("delete")
                                && access.getTargetOwner().isAssignableTo(ObjectStore.class)))
                .because("one package decides what may be deleted")
                .check(classes);
    }

    static void localesAreGiven(JavaClasses classes) {
        noClasses()
                .should()
                .accessTargetWhere(DefaultLocale.decides())
                .because("keys, numbers and messages are the same on every machine; give Locale.ROOT")
                .check(classes);
    }

    private static void everyClassBelongsToAModule(JavaClasses classes) {
        classes()
                .should()
                .resideInAnyPackage(ARROWS.keySet().stream()
                        .map(module -> ROOT + module + "..")
                        .toArray(String[]::new))
                .because("a new module needs a row in the table of arrows")
                .check(classes);
    }

    private static void arrowsOf(String module, Set<String> allowed, JavaClasses classes) {
        noClasses()
                .that()
                .resideInAPackage(ROOT + module + "..")
                .should()
                .dependOnClassesThat(inOurPackagesExcept(module, allowed))
                .because("module " + module + " may use " + (allowed.isEmpty() ? "no other" : allowed))
                .allowEmptyShould(true)
                .check(classes);
    }

    private static DescribedPredicate<JavaClass> inOurPackagesExcept(String module, Set<String> allowed) {
        return DescribedPredicate.describe("reside in another module", type -> {
            String name = type.getPackageName();
            if (!name.startsWith(ROOT)) {
                return false;
            }
            String other = name.substring(ROOT.length()).split("\\.")[0];
            return !other.equals(module) && !allowed.contains(other);
        });
    }

    private static DescribedPredicate<JavaClass> inOtherPartsOfDataset() {
        Set<String> known =
                Set.of(ROOT + "dataset", ROOT + "dataset.chain", ROOT + "dataset.evidence", ROOT + "dataset.parquet");
        return DescribedPredicate.describe("reside in a part of dataset that makes or reads versions", type -> {
            String name = type.getPackageName();
            return name.startsWith(ROOT + "dataset") && !known.contains(name);
        });
    }
}
