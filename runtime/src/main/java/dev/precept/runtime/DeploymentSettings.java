package dev.precept.runtime;

import dev.precept.config.NearDuplicateSettings;
import dev.precept.config.Recipe;
import dev.precept.config.SecretKeys;
import dev.precept.config.Section;
import dev.precept.kafka.KafkaAccess;
import dev.precept.schemas.Namespace;
import java.util.Map;
import java.util.Optional;

/**
 * The sections of a recipe that processes without a shared work folder have in common: run, topics, Kafka.
 *
 * @param run the name of the run; if empty, {@code precept run} generates one
 * @param prefix of topics, groups and transactional ids; if empty, derived from the dataset's name
 * @param partitions of every topic of a new dataset but the task topics
 * @param taskPartitions of the task topics
 * @param shards of the near-duplicate state
 * @param replication factor of new topics; -1 for the broker's default
 * @param cluster the required id of the Kafka cluster; empty for any
 * @param kafka client settings; without {@code bootstrap.servers} the embedded broker is used
 */
public record DeploymentSettings(
        Optional<String> run,
        Optional<String> prefix,
        int partitions,
        int taskPartitions,
        int shards,
        short replication,
        Optional<String> cluster,
        Map<String, String> kafka) {
    private static final String KAFKA = "kafka";
    private static final int PARTITIONS = 8;
    private static final int MAX_PARTITIONS = 1024;
    private static final int MAX_TASK_PARTITIONS = 4096;
    private static final String RUN_NAME = "[A-Za-z0-9][A-Za-z0-9._-]{0,63}";

    /** Reads the sections and adds their problems to the recipe. */
    public static DeploymentSettings read(Recipe recipe) {
        Section top = recipe.section("");
        Optional<String> run = top.text("run", "name of the run; required by roles that run alone");
        run.filter(name -> !name.matches(RUN_NAME))
                .ifPresent(name -> top.addProblem(
                        "run", "'" + name + "' is not allowed; give up to 64 letters, digits, '.', '_' and '-'"));
        Section topics = recipe.section("topics");
        Optional<String> prefix = topics.text(
                "prefix",
                "prefix of the names of topics, groups and transactional ids; default: derived from the dataset's name");
        prefix.filter(given -> !given.matches("[A-Za-z0-9_-]{1,100}"))
                .ifPresent(given -> topics.addProblem(
                        "prefix", "'" + given + "' is not allowed; give 1 to 100 letters, digits, '_' and '-'"));
        int partitions = topics.integer(
                "partitions",
                PARTITIONS,
                1,
                MAX_PARTITIONS,
                "partitions of every topic but the task topics: the most streams threads, and the most sinks; fixed"
                        + " once the dataset exists");
        int taskPartitions = topics.integer(
                "task_partitions",
                0,
                0,
                MAX_TASK_PARTITIONS,
                "partitions of generation-tasks and judging-tasks: the most workers of a role; may be raised at any"
                        + " time; 0 for as many as topics.partitions");
        int replication = topics.integer(
                "replication", -1, -1, 7, "replication factor of new topics; -1 for the broker's default");
        Optional<String> cluster = topics.text("cluster", "required id of the Kafka cluster; default: any");
        Map<String, String> kafka =
                top.mapping(KAFKA, "Kafka client settings; without bootstrap.servers the embedded broker is used");
        BearerTokens.check(recipe, kafka);
        return new DeploymentSettings(
                run,
                prefix,
                partitions,
                taskPartitions == 0 ? partitions : taskPartitions,
                NearDuplicateSettings.read(recipe).shards(),
                (short) replication,
                cluster,
                kafka);
    }

    /** Without values that may be secrets. */
    @Override
    public String toString() {
        return "DeploymentSettings[run=" + run + ", prefix=" + prefix + ", partitions=" + partitions + ", replication="
                + replication + ", cluster=" + cluster + ", kafka=" + SecretKeys.shown(KAFKA, kafka) + "]";
    }

    /** Adds a problem for each setting that a role needs to run alone. */
    public void requireStandalone(Recipe recipe) {
        require(recipe, run.isPresent(), "run", "a role that runs alone needs the name of its run, as in 'run: first'");
        requireKafka(recipe);
    }

    /** Adds a problem for each setting that access to the topics needs. */
    public void requireKafka(Recipe recipe) {
        require(
                recipe,
                prefix.isPresent(),
                "topics.prefix",
                "a role that runs alone needs it, as in 'topics: {prefix: mine}'");
        for (String key : new String[] {KafkaAccess.BOOTSTRAP, KafkaAccess.REGISTRY}) {
            require(recipe, kafka.containsKey(key), "kafka." + key, "a role that runs alone needs it");
        }
        BearerTokens.checkAllowed(recipe, kafka, BearerTokens.allowedUrls());
    }

    private static void require(Recipe recipe, boolean satisfied, String key, String why) {
        if (!satisfied) {
            recipe.addProblem(key, why);
        }
    }

    /** Creates access to the topics. Requires {@link #requireStandalone}. */
    public KafkaAccess access() {
        return access(kafka);
    }

    /** As {@link #access()}, with other client settings. Requires {@link #requireKafka}. */
    public KafkaAccess access(Map<String, String> clients) {
        return KafkaAccess.fromSettings(new Namespace(prefix.orElseThrow()), partitions, clients)
                .withTaskPartitions(taskPartitions)
                .withShards(shards);
    }
}
