package dev.precept.cli.run;

import dev.precept.config.ConfigurationException;
import dev.precept.config.Recipe;
import dev.precept.judging.EndpointSettings;
import dev.precept.judging.Panel;
import dev.precept.judging.RoleProbe;
import dev.precept.judging.canary.Canaries;
import dev.precept.kafka.Grants;
import dev.precept.kafka.KafkaAccess;
import dev.precept.prompts.PromptsApp;
import dev.precept.prompts.evaluation.EvaluationSets;
import dev.precept.runs.ProgressMetrics;
import dev.precept.runs.RunControl;
import dev.precept.runtime.App;
import dev.precept.runtime.Membership;
import dev.precept.runtime.WorkFolder;
import dev.precept.sinks.SinkApp;
import dev.precept.spec.Specification;
import dev.precept.streams.StreamsApp;
import dev.precept.workers.WorkerApp;
import dev.precept.workers.WorkerContext;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.kafka.KafkaStreamsMetrics;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Makes the app of each role of a run. {@link LocalPipeline} starts all of them in one process, {@code precept worker ROLE} starts
 * one; {@link RoleInputs} is what differs between the two.
 */
public final class Roles {
    private final RunRecipe recipe;
    private final KafkaAccess kafka;
    private final Membership membership;
    private final RoleInputs inputs;
    private final Optional<MeterRegistry> registry;
    private final MeterRegistry meters;

    /** @param registry empty where the process serves no metrics */
    Roles(
            RunRecipe recipe,
            KafkaAccess kafka,
            Membership membership,
            RoleInputs inputs,
            Optional<MeterRegistry> registry) {
        this.recipe = recipe;
        this.kafka = kafka;
        this.membership = membership;
        this.inputs = inputs;
        this.registry = registry;
        this.meters = registry.orElseGet(CompositeMeterRegistry::new);
    }

    /**
     * For a process that runs one role and shares no folder with the others.
     *
     * @param source the recipe that {@code recipe} was read from
     * @param folder of this process alone; created when a role needs it
     */
    public static Roles standalone(
            Recipe source,
            RunRecipe recipe,
            KafkaAccess kafka,
            Membership membership,
            WorkFolder folder,
            Optional<MeterRegistry> registry) {
        return new Roles(recipe, kafka, membership, new RoleInputs.FromRecipe(source, recipe, kafka, folder), registry);
    }

    public App app(Grants.Role role) throws InterruptedException {
        return switch (role) {
            case PROMPTS -> prompts();
            case GENERATOR ->
                generator(probed(RoleProbe.GENERATOR, recipe.workers().generator()));
            case JUDGE -> judge(probedJudges());
            case STREAMS -> streams();
            case SINK -> sink();
            case ADMIN -> throw new IllegalArgumentException("ADMIN has no app");
        };
    }

    /** Registers the run in the dataset and in Kafka; the app then publishes the prompts. */
    PromptsApp prompts() throws InterruptedException {
        RunPlan plan = inputs.plan();
        String runId = plan.run().runId();
        plan.dataset().register(runId, plan.identityJson(), inputs.topicIds(), plan.place());
        plan.dataset().storeSpecification(plan.specification().version(), plan.bundle());
        EvaluationSets sets = plan.input().evaluationSets();
        if (!sets.sha256().isEmpty()) {
            plan.dataset().storeEvaluationSets(sets.sha256(), sets.index().toBytes());
        }
        recipe.workers().ownTemplates().forEach(own -> plan.dataset().storeTemplate(own.version(), own.text()));
        try (RunControl control = new RunControl(kafka, runId)) {
            control.register(
                    plan.identityJson(), plan.sources().size(), recipe.budget().budget());
        }
        return new PromptsApp(
                kafka,
                plan.work(),
                runId,
                plan.identityJson(),
                plan.sources(),
                recipe.prompts(),
                plan.specification(),
                recipe.workers().runParameters(),
                plan.input().evaluationSets().index());
    }

    WorkerApp<?, ?> generator(EndpointSettings endpoint) {
        return WorkerApp.generator(workerContext(), endpoint);
    }

    WorkerApp<?, ?> judge(Panel<EndpointSettings> judges) {
        return WorkerApp.judge(
                workerContext(),
                judges,
                canaries(recipe)
                        .with(CalibratedCanaries.read(inputs.storedDataset(), specification(recipe), System.err)));
    }

    private WorkerContext workerContext() {
        inputs.requireSameParameters();
        return new WorkerContext(
                kafka,
                inputs.runId(),
                membership,
                recipe.drain(),
                recipe.handover(),
                inputs.nonceSecret(),
                recipe.workers().responseCache(inputs.cacheLocation()),
                meters);
    }

    /** Also reports the progress of the run, which the topology writes, if the process serves metrics. */
    StreamsApp streams() {
        StreamsApp app =
                new StreamsApp(kafka, inputs.folder().resolve("streams"), membership, recipe.streams(), meters);
        registry.ifPresent(served -> {
            new KafkaStreamsMetrics(app.kafkaStreams()).bindTo(served); // never closed: lasts as long as the process
            ProgressMetrics.start(kafka, inputs.runId(), served);
        });
        return app;
    }

    SinkApp sink() throws InterruptedException {
        Map<String, String> topicIds = inputs.topicIds();
        return new SinkApp(
                kafka, membership, topicIds, inputs.dataset(), inputs.folder().resolve("spool"), recipe.sink(), meters);
    }

    private Panel<EndpointSettings> probedJudges() throws InterruptedException {
        List<EndpointSettings> probed = new ArrayList<>();
        for (EndpointSettings judge : recipe.workers().judges().judges()) {
            probed.add(probed(RoleProbe.JUDGE, judge));
        }
        return recipe.workers().judges().with(probed);
    }

    private EndpointSettings probed(RoleProbe role, EndpointSettings settings) throws InterruptedException {
        if (settings.weights().isEmpty()) {
            String name = role.name().toLowerCase(Locale.ROOT);
            throw new ConfigurationException(role.section(settings) + ".url: 'precept worker " + name
                    + "' needs one; 'precept mock-model' serves a mock model that answers by rule");
        }
        return new ModelReadiness(Duration.ZERO, System.err)
                .probe(new RoleCheck(role, settings, FirstRequests.atHand(role, settings, recipe)));
    }

    /** @throws ConfigurationException if the canary file is invalid or does not match the specification */
    public static Canaries canaries(RunRecipe recipe) {
        Canaries canaries = Canaries.load(recipe.workers().canaries());
        if (canaries.size() > 0) {
            specification(recipe).ifPresent(canaries::requireKnownCategories);
        }
        return canaries;
    }

    /** A pod may have no specification folder; tasks then name the specification, and a mismatch is reported there. */
    private static Optional<Specification> specification(RunRecipe recipe) {
        return Files.exists(recipe.spec().resolve("spec.yaml"))
                ? Optional.of(RunPlan.specification(recipe.spec()))
                : Optional.empty();
    }
}
