package dev.precept.cli.command;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.precept.cli.admin.KafkaText;
import dev.precept.cli.admin.StrimziText;
import dev.precept.cli.admin.TopicCounts;
import dev.precept.cli.run.RunRecipe;
import dev.precept.config.ConfigurationException;
import dev.precept.config.Recipe;
import dev.precept.dataset.Dataset;
import dev.precept.kafka.DatasetTopics;
import dev.precept.kafka.KafkaAccess;
import dev.precept.runtime.ExitCode;
import dev.precept.schemas.Namespace;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code precept topics}. */
@Command(
        name = "topics",
        mixinStandardHelpOptions = true,
        description = "Print the Kafka topics or grants of a dataset. 'apply' creates the topics, 'clean' deletes what"
                + " closed runs left.")
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
                    "strimzi: KafkaTopic and KafkaUser resources; kafka: commands of Kafka's tools (default ${DEFAULT-VALUE})")
    private String format = "kafka";

    @Option(names = "--users", description = "print users and grants instead of topics")
    private boolean users;

    @Override
    public Integer call() {
        RunRecipe read = RunRecipe.read(recipe.read(), System.getenv());
        // Of an existing dataset both are fixed, so its recipe need not repeat them.
        Optional<Dataset> dataset =
                read.deploymentSettings().prefix().isPresent() ? Optional.empty() : Dataset.find(read.dataset());
        Namespace namespace = new Namespace(read.deploymentSettings()
                .prefix()
                .or(() -> dataset.map(Dataset::topicPrefix))
                .orElseThrow(() -> new ConfigurationException("topics.prefix: missing, and " + read.dataset()
                        + " is no dataset that has one; give it, as in 'topics: {prefix: mine}'")));
        TopicCounts counts = new TopicCounts(
                dataset.map(Dataset::partitions)
                        .orElse(read.deploymentSettings().partitions()),
                read.deploymentSettings().taskPartitions(),
                read.deploymentSettings().shards());
        int replicas = read.deploymentSettings().replication();
        System.out.print(
                switch (format()) {
                    case STRIMZI ->
                        users
                                ? StrimziText.users(namespace)
                                : StrimziText.topics(namespace, counts, Math.max(1, replicas));
                    case KAFKA -> users ? KafkaText.users(namespace) : KafkaText.topics(namespace, counts, replicas);
                });
        return ExitCode.RELEASED.code();
    }

    private Format format() {
        return switch (format) {
            case "strimzi" -> Format.STRIMZI;
            case "kafka" -> Format.KAFKA;
            default -> throw new ConfigurationException("--format " + format + ": give strimzi or kafka");
        };
    }

    @Command(
            name = "apply",
            mixinStandardHelpOptions = true,
            description = "Creates missing topics and partitions of task topics, sets the configuration of existing"
                    + " topics, and registers the schemas. Safe to run again.")
    Integer apply(@Mixin DeployedRecipe applied, @Mixin OutputOption output) throws InterruptedException, IOException {
        Recipe source = applied.read();
        RunRecipe read = RunRecipe.read(source, System.getenv());
        read.deploymentSettings().requireStandalone(source);
        source.throwProblems();
        requirePartitions(read);
        KafkaAccess kafka = read.deploymentSettings().access();
        Map<String, String> ids =
                DatasetTopics.ensure(kafka, read.deploymentSettings().replication());
        kafka.serdes().registry().register(kafka.namespace());
        if (output.isJson()) {
            ObjectNode json = OutputOption.object()
                    .put("partitions", kafka.partitions())
                    .put("task_partitions", kafka.taskPartitions())
                    .put("shards", kafka.shards());
            ObjectNode topics = json.putObject("topics");
            ids.forEach((name, id) -> topics.put(kafka.namespace().prefix() + "." + name, id));
            OutputOption.print(json);
            return ExitCode.RELEASED.code();
        }
        ids.forEach((name, id) -> System.out.println(kafka.namespace().prefix() + "." + name + "  " + id));
        System.out.println(ids.size() + " topics with " + kafka.partitions() + " partitions each, task topics with "
                + kafka.taskPartitions() + " and those of signatures with " + kafka.shards() + ", and their schemas");
        return ExitCode.RELEASED.code();
    }

    /** The number of partitions of a dataset is fixed. A Job that creates topics may have no access to it; the roles check again. */
    private static void requirePartitions(RunRecipe read) {
        Optional<Dataset> dataset;
        try {
            dataset = Dataset.find(read.dataset());
        } catch (ConfigurationException | UncheckedIOException e) {
            System.err.println("note: topics.partitions is not compared with the dataset, which cannot be read here ("
                    + e.getMessage() + "); the roles compare it when they start");
            return;
        }
        dataset.ifPresent(
                existing -> existing.requirePartitions(read.deploymentSettings().partitions()));
    }

    @Command(
            name = "clean",
            mixinStandardHelpOptions = true,
            description = {
                "Deletes from Kafka what a closed run left: committed records, its progress and its spend.",
                "Every run of the dataset must be closed. The dataset itself is not changed.",
                "The streams role deletes the ledger rows; if it is stopped, when it next starts."
            })
    Integer clean(
            @Mixin DeployedRecipe applied,
            @Option(names = "--run", paramLabel = "NAME", description = "the run (default: the recipe's)") @Nullable
                    String name,
            @Option(names = "--dry-run", description = "print what would be deleted, delete nothing") boolean dryRun,
            @Option(
                            names = "--all",
                            description = "delete every topic, group and schema of the dataset; every run must be"
                                    + " closed and every role stopped")
                    boolean all,
            @Option(names = "--yes", description = "with --all: delete, not only print") boolean yes)
            throws InterruptedException, IOException {
        Recipe source = applied.read();
        RunRecipe read = RunRecipe.read(source, System.getenv());
        read.deploymentSettings().requireStandalone(source);
        source.throwProblems();
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
