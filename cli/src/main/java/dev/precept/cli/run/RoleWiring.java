package dev.precept.cli.run;

import dev.precept.config.ConfigurationException;
import dev.precept.config.Recipe;
import dev.precept.dataset.CacheSecret;
import dev.precept.dataset.Dataset;
import dev.precept.judging.EndpointSettings;
import dev.precept.judging.canary.Canaries;
import dev.precept.kafka.DatasetTopics;
import dev.precept.kafka.Grants;
import dev.precept.kafka.KafkaAccess;
import dev.precept.model.Secret;
import dev.precept.prompts.PromptsApp;
import dev.precept.runs.ProgressMetrics;
import dev.precept.runs.RunControl;
import dev.precept.runtime.App;
import dev.precept.runtime.Membership;
import dev.precept.runtime.WorkFolder;
import dev.precept.schemas.Topics;
import dev.precept.sinks.SinkApp;
import dev.precept.streams.StreamsApp;
import dev.precept.workers.WorkerApp;
import dev.precept.workers.WorkerContext;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.kafka.KafkaStreamsMetrics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Makes the app of a role that runs alone, from its recipe: what {@link LocalPipeline} does for all of them at once. */
public record RoleWiring(
        Recipe asked,
        RunRecipe recipe,
        KafkaAccess kafka,
        Membership membership,
        Optional<WorkFolder> folder,
        MeterRegistry meters) {
    private static final String NONCE_FILE = "PRECEPT_NONCE_SECRET_FILE";

    public App app(Grants.Role role) throws InterruptedException {
        return switch (role) {
            case PROMPTS -> prompts(folder.orElseThrow());
            case GENERATOR ->
                WorkerApp.generator(
                        joinRun(), requireEndpoint("generator", recipe.workers().generator()));
            case JUDGE ->
                WorkerApp.judge(
                        joinRun(), requireEndpoint("judge", recipe.workers().judge()), canaries(recipe));
            case STREAMS -> streams(folder.orElseThrow());
            case SINK ->
                new SinkApp(
                        kafka,
                        membership,
                        DatasetTopics.fetchIds(kafka, List.of(Topics.SAMPLES, Topics.REJECTIONS)),
                        dataset(),
                        folder.orElseThrow().resolve("spool"),
                        recipe.sink(),
                        meters);
            case ADMIN -> throw new IllegalArgumentException("an admin is a person, and no app");
        };
    }

    private App streams(WorkFolder work) {
        StreamsApp app = new StreamsApp(kafka, work.resolve("streams"), membership, recipe.streams(), meters);
        // It lives as long as the process.
        new KafkaStreamsMetrics(app.kafkaStreams()).bindTo(meters);
        ProgressMetrics.start(kafka, recipe.deploymentSettings().run().orElseThrow(), meters);
        return app;
    }

    /** The place of a worker of the run, if it asks what the run was begun with; a run that has not begun asks nothing yet. */
    private WorkerContext joinRun() {
        String runId = recipe.deploymentSettings().run().orElseThrow();
        try (RunControl control = new RunControl(kafka, runId)) {
            control.identity().ifPresent(begun -> Identity.requireSameParameters(runId, begun, recipe.workers()));
        }
        return workplace();
    }

    private static EndpointSettings requireEndpoint(String role, EndpointSettings settings) {
        if (settings.weights().isEmpty()) {
            throw new ConfigurationException(role + ".url: a " + role
                    + " that runs alone needs one; 'precept mock-model' serves a stand-in that answers by rule");
        }
        return settings;
    }

    /** @throws ConfigurationException if the file of canaries is wrong, or does not fit the specification */
    public static Canaries canaries(RunRecipe recipe) {
        Canaries canaries = Canaries.load(recipe.workers().canaries());
        // Where the pod has no specification of its own, tasks name it, and a canary that it does not fit is told then.
        if (canaries.size() > 0 && Files.exists(recipe.spec().resolve("spec.yaml"))) {
            canaries.requireKnownCategories(RunPlan.specification(recipe.spec()));
        }
        return canaries;
    }

    private Dataset dataset() {
        return Dataset.open(
                recipe.dataset(),
                recipe.deploymentSettings().partitions(),
                recipe.deploymentSettings().prefix());
    }

    /** Begins the run, if no earlier process of this role has, and publishes what it asks for. */
    private App prompts(WorkFolder work) throws InterruptedException {
        RunPlan plan = RunPlan.makeWithoutRelease(asked, work);
        String runId = plan.run().runId();
        Map<String, String> topicIds = DatasetTopics.fetchIds(kafka, List.of(Topics.SAMPLES, Topics.REJECTIONS));
        plan.dataset().register(runId, plan.identityJson(), topicIds);
        plan.dataset().storeSpecification(plan.specification().version(), plan.bundle());
        try (RunControl control = new RunControl(kafka, runId)) {
            control.register(
                    plan.identityJson(), plan.sources().size(), recipe.budget().budget());
        }
        return new PromptsApp(
                kafka,
                work,
                runId,
                plan.identityJson(),
                plan.sources(),
                recipe.prompts(),
                plan.specification(),
                recipe.workers().runParameters());
    }

    private WorkerContext workplace() {
        return new WorkerContext(
                kafka,
                recipe.deploymentSettings().run().orElseThrow(),
                membership,
                recipe.drain(),
                nonceSecret(),
                recipe.workers().responseCache(recipe.dataset()),
                meters);
    }

    /** All workers of a dataset need the same: from a file that each of them is given, or from the dataset's cache. */
    private Secret nonceSecret() {
        String file = System.getenv(NONCE_FILE);
        try {
            if (file != null) {
                return RunPlan.parseSecret(file, Files.readString(Path.of(file)));
            }
        } catch (IOException e) {
            throw new ConfigurationException(NONCE_FILE + ": " + file + " cannot be read");
        }
        if (!recipe.workers().cache()) {
            throw new ConfigurationException(NONCE_FILE
                    + ": is needed with 'cache: false', so that all workers delimit foreign text alike; name a file with 64"
                    + " hexadecimal digits");
        }
        return RunPlan.parseSecret("the dataset's cache", CacheSecret.getOrCreate(dataset(), RunPlan.freshSecret()));
    }
}
