package dev.precept.runtime;

import dev.precept.config.Recipe;
import dev.precept.config.Section;
import dev.precept.kafka.KafkaAccess;
import dev.precept.schemas.Namespace;
import java.util.Map;
import java.util.Optional;

/**
 * What a recipe says of where processes meet that share no folder.
 *
 * @param run the name of the run; empty gives it one of its own, which only {@code precept run} can
 * @param prefix of topics, groups and transactions; empty lets the dataset choose
 * @param partitions of every topic of a new dataset
 * @param replication of topics that are made; -1 leaves it to the broker
 * @param cluster the id that the cluster must have; empty for any
 * @param kafka client settings; without {@code bootstrap.servers} a broker is embedded
 */
public record DeploymentSettings(
        Optional<String> run,
        Optional<String> prefix,
        int partitions,
        short replication,
        Optional<String> cluster,
        Map<String, String> kafka) {
    private static final int PARTITIONS = 8;
    private static final int MOST_PARTITIONS = 1024;
    private static final String RUN_NAME = "[A-Za-z0-9][A-Za-z0-9._-]{0,63}";

    /** Reads the sections; notes their problems in the recipe. */
    public static DeploymentSettings read(Recipe recipe) {
        Section top = recipe.section("");
        Optional<String> run = top.text("run", "the name of the run; roles that run alone need one");
        run.filter(name -> !name.matches(RUN_NAME))
                .ifPresent(name -> top.addProblem(
                        "run", "'" + name + "' is not allowed; give up to 64 letters, digits, '.', '_' and '-'"));
        Section topics = recipe.section("topics");
        Optional<String> prefix = topics.text(
                "prefix", "of topics, groups and transactions of a new dataset; without it made of its name");
        prefix.filter(given -> !given.matches("[A-Za-z0-9_-]{1,100}"))
                .ifPresent(given -> topics.addProblem(
                        "prefix", "'" + given + "' is not allowed; give 1 to 100 letters, digits, '_' and '-'"));
        int partitions = topics.integer(
                "partitions", PARTITIONS, 1, MOST_PARTITIONS, "of every topic; fixed for the life of a dataset");
        int replication = topics.integer(
                "replication", -1, -1, 7, "copies of every topic that is made; -1 leaves it to the broker");
        Optional<String> cluster = topics.text("cluster", "the id of the Kafka cluster, where no other will do");
        Map<String, String> kafka =
                top.mapping("kafka", "client settings that pass through; with bootstrap.servers no broker is embedded");
        BearerTokens.check(recipe, kafka);
        return new DeploymentSettings(run, prefix, partitions, (short) replication, cluster, kafka);
    }

    /** Notes as problems what a process needs that runs alone. */
    public void requireStandalone(Recipe recipe) {
        require(recipe, run.isPresent(), "run", "a role that runs alone needs the name of its run, as in 'run: first'");
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

    private static void require(Recipe recipe, boolean holds, String key, String why) {
        if (!holds) {
            recipe.addProblem(key, why);
        }
    }

    /** Access to the topics; {@link #requireStandalone} must hold. */
    public KafkaAccess access() {
        return KafkaAccess.fromSettings(new Namespace(prefix.orElseThrow()), partitions, kafka);
    }
}
