package dev.precept.cli.command;

import dev.precept.cli.admin.KafkaText;
import dev.precept.cli.admin.StrimziText;
import dev.precept.cli.run.RunRecipe;
import dev.precept.config.ConfigurationException;
import dev.precept.config.Recipe;
import dev.precept.dataset.Dataset;
import dev.precept.kafka.DatasetTopics;
import dev.precept.kafka.KafkaAccess;
import dev.precept.runtime.ExitCode;
import dev.precept.schemas.Namespace;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code precept topics}: what a dataset needs on the broker, from the catalogue. */
@Command(
        name = "topics",
        mixinStandardHelpOptions = true,
        description =
                "Prints the topics of a dataset, or who may do what with them; 'apply' makes them, 'clean' removes what closed runs leave.")
final class TopicsCommand implements Callable<Integer> {
    @Mixin
    private DeployedRecipe recipe = new DeployedRecipe();

    private enum Format {
        STRIMZI,
        KAFKA
    }

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            defaultValue = "kafka",
            description =
                    "strimzi for KafkaTopic and KafkaUser, kafka for Kafka's own tools (default ${DEFAULT-VALUE})")
    private String format = "kafka";

    @Option(names = "--users", description = "the users and their grants, in place of the topics")
    private boolean users;

    @Override
    public Integer call() {
        RunRecipe read = RunRecipe.read(recipe.read(), System.getenv());
        Namespace namespace = new Namespace(read.deploymentSettings()
                .prefix()
                .orElseThrow(
                        () -> new ConfigurationException("topics.prefix: give it, as in 'topics: {prefix: mine}'")));
        int partitions = read.deploymentSettings().partitions();
        int replicas = read.deploymentSettings().replication();
        System.out.print(
                switch (format()) {
                    case STRIMZI ->
                        users
                                ? StrimziText.users(namespace)
                                : StrimziText.topics(namespace, partitions, Math.max(1, replicas));
                    case KAFKA ->
                        users ? KafkaText.users(namespace) : KafkaText.topics(namespace, partitions, replicas);
                });
        return ExitCode.RELEASED.code();
    }

    private Format format() {
        return switch (format) {
            case "strimzi" -> Format.STRIMZI;
            case "kafka" -> Format.KAFKA;
            default -> throw new ConfigurationException("--format " + format + ": there are strimzi and kafka");
        };
    }

    /** Makes the topics and registers the schemas. */
    @Command(
            name = "apply",
            mixinStandardHelpOptions = true,
            description =
                    "Makes the topics that are not there, registers the schemas; given again, it changes nothing.")
    Integer apply(@Mixin DeployedRecipe applied) throws InterruptedException, IOException {
        Recipe asked = applied.read();
        RunRecipe read = RunRecipe.read(asked, System.getenv());
        read.deploymentSettings().requireStandalone(asked);
        asked.throwProblems();
        KafkaAccess kafka = read.deploymentSettings().access();
        Map<String, String> ids =
                DatasetTopics.ensure(kafka, read.deploymentSettings().replication());
        kafka.serdes().registry().register(kafka.namespace());
        ids.forEach((name, id) -> System.out.println(kafka.namespace().prefix() + "." + name + "  " + id));
        System.out.println(ids.size() + " topics with " + kafka.partitions() + " partitions each, and their schemas");
        return ExitCode.RELEASED.code();
    }

    /** Removes what closed runs leave. */
    @Command(
            name = "clean",
            mixinStandardHelpOptions = true,
            description = {
                "Removes from Kafka what a closed run leaves: records that are committed, its books, its spending.",
                "Only while no run of the dataset is open; the dataset itself is not touched.",
                "The rows of the ledger go too, by the streams role: where it does not run, as soon as it does."
            })
    Integer clean(
            @Mixin DeployedRecipe applied,
            @Option(names = "--run", paramLabel = "NAME", description = "the run; without it the recipe's") @Nullable
                    String name,
            @Option(names = "--dry-run", description = "say what would go, and remove nothing") boolean dryRun,
            @Option(
                            names = "--all",
                            description = "remove every topic, group and schema of the dataset; every run must be"
                                    + " closed, every role stopped")
                    boolean all,
            @Option(names = "--yes", description = "with --all: do it, do not only say what would go") boolean yes)
            throws InterruptedException, IOException {
        Recipe asked = applied.read();
        RunRecipe read = RunRecipe.read(asked, System.getenv());
        read.deploymentSettings().requireStandalone(asked);
        asked.throwProblems();
        CleanCommand clean =
                new CleanCommand(read.deploymentSettings().access(), Dataset.openExisting(read.dataset()), System.out);
        clean.requireSameDataset();
        if (all) {
            clean.resetDataset(yes && !dryRun);
            return ExitCode.RELEASED.code();
        }
        return clean.run(name == null ? read.deploymentSettings().run().orElseThrow() : name, !dryRun)
                .code();
    }
}
