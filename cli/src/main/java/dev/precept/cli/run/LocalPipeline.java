package dev.precept.cli.run;

import dev.precept.config.ConfigurationException;
import dev.precept.judging.EndpointSettings;
import dev.precept.judging.Panel;
import dev.precept.judging.RoleProbe;
import dev.precept.kafka.KafkaAccess;
import dev.precept.model.mock.FaultInjection;
import dev.precept.model.mock.MockModelServer;
import dev.precept.prompts.PromptsApp;
import dev.precept.runtime.App;
import dev.precept.runtime.ClockWatch;
import dev.precept.runtime.Membership;
import dev.precept.runtime.metrics.MetricsServer;
import dev.precept.runtime.metrics.MetricsSettings;
import dev.precept.streams.maintenance.Redrive;
import dev.precept.workers.WorkerApp;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The whole pipeline in one process: the broker, the mock model if the recipe names no model, and the app of every role.
 * Parts start from top to bottom and close in reverse order.
 */
public final class LocalPipeline implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(LocalPipeline.class);

    private final RunPlan plan;
    private final Deque<AutoCloseable> parts = new ArrayDeque<>();
    private final List<App> apps = new ArrayList<>();
    private final ClockWatch clock = new ClockWatch();
    private final List<WorkerApp<?, ?>> workers = new ArrayList<>();
    private EndpointSettings generator;
    private Panel<EndpointSettings> judges;
    private final boolean mockModel;
    private @Nullable KafkaAccess kafka;

    /** Starts the mock model if it is needed, nothing else. */
    LocalPipeline(RunPlan plan) {
        this.plan = plan;
        EndpointSettings generatorSettings = plan.recipe().workers().generator();
        Panel<EndpointSettings> judgeSettings = plan.recipe().workers().judges();
        this.mockModel = generatorSettings.weights().isEmpty()
                || judgeSettings.judges().stream()
                        .anyMatch(judge -> judge.weights().isEmpty());
        String mockUrl = mockModel ? startMockModel() : "";
        this.generator = served(generatorSettings, mockUrl);
        this.judges = judgeSettings.map(judge -> served(judge, mockUrl));
    }

    private static EndpointSettings served(EndpointSettings settings, String mockUrl) {
        return settings.weights().isEmpty() ? settings.withUrl(mockUrl) : settings;
    }

    private String startMockModel() {
        try {
            MockModelServer server = MockModelServer.start(0, FaultInjection.none());
            parts.push(server);
            return server.url();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start the mock model", e);
        }
    }

    boolean usesMockModel() {
        return mockModel;
    }

    /** Waits until all models are ready, and probes those that are not the mock model. */
    void awaitModels(ModelReadiness wait) throws InterruptedException, ModelReadiness.ModelUnavailableException {
        if (!plan.recipe().workers().generator().weights().isEmpty()) {
            generator = wait.awaitEndpoint(check(RoleProbe.GENERATOR, generator));
        }
        List<EndpointSettings> ready = new ArrayList<>();
        for (int n = 0; n < judges.judges().size(); n++) {
            EndpointSettings judge = judges.judges().get(n);
            boolean isMock =
                    plan.recipe().workers().judges().judges().get(n).weights().isEmpty();
            ready.add(isMock ? judge : wait.awaitEndpoint(check(RoleProbe.JUDGE, judge)));
        }
        judges = judges.with(ready);
    }

    private RoleCheck check(RoleProbe role, EndpointSettings settings) throws InterruptedException {
        return new RoleCheck(
                role, settings, FirstRequests.of(role, settings, plan.recipe(), plan.specification(), plan.sources()));
    }

    /**
     * Starts the broker, then every app.
     *
     * @param redrive whether to reissue the tasks of stuck slots
     */
    Optional<Redrive> start(boolean redrive) throws InterruptedException {
        RunBroker broker = RunBroker.open(plan);
        parts.push(broker);
        KafkaAccess access = broker.access();
        kafka = access;
        RoleInputs inputs = new RoleInputs.FromPlan(plan, broker.ensureTopics());
        OpenRun.requireNoneSince(
                plan.dataset(),
                plan.recipe().deploymentSettings().run(),
                plan.run().identity(),
                plan.run().runId());
        Roles roles = new Roles(plan.recipe(), access, Membership.staticMember(0), inputs, serveMetrics());
        PromptsApp promptsApp = roles.prompts();
        boolean resumed = plan.work().read("published").isPresent();
        run(roles.sink());
        run(roles.streams());
        run(roles.judge(judges), workers);
        run(roles.generator(generator), workers);
        run(promptsApp);
        return redrive && resumed
                ? Optional.of(Redrive.reissueTasks(access, plan.run().runId(), RedriveReport.PATIENCE))
                : Optional.empty();
    }

    /** Empty where the recipe names no port for the metrics page. */
    private Optional<MeterRegistry> serveMetrics() {
        MetricsSettings metrics = plan.recipe().metrics();
        if (metrics.port() == 0) {
            return Optional.empty();
        }
        MetricsServer page = MetricsServer.open(
                metrics.host(),
                metrics.port(),
                this::readinessProblem,
                Map.of("run", plan.run().runId()));
        parts.push(page);
        log.atInfo().addKeyValue("url", page.url()).log("metrics server started");
        return Optional.of(page.meters());
    }

    private <A extends App> void run(A app, List<? super A> kind) {
        kind.add(app);
        run(app);
    }

    private void run(App app) {
        parts.push(app);
        apps.add(app);
        app.start();
    }

    KafkaAccess kafka() {
        KafkaAccess access = kafka;
        if (access == null) {
            throw new IllegalStateException("the pipeline has not started");
        }
        return access;
    }

    /** The canary results of this process in one line; empty if no canary was judged. */
    Optional<String> canaries() {
        return workers.stream()
                .flatMap(worker -> worker.canarySummary().stream())
                .findFirst();
    }

    /** Model calls of this process in flight. */
    int callsInFlight() {
        return workers.stream().mapToInt(WorkerApp::callsInFlight).sum();
    }

    /** Whether the budget is spent for the next call of a role, and no role waits for its model. */
    boolean isBudgetSpent() {
        return workers.stream().anyMatch(WorkerApp::isBudgetSpent)
                && workers.stream().noneMatch(WorkerApp::isModelDown);
    }

    /** An app that waits, and for which external dependency. */
    record Waiting(String app, String why) {}

    /** The first app that waits; empty if none does. */
    Optional<Waiting> waiting() {
        return apps.stream()
                .flatMap(app -> app.readinessProblem().stream().map(why -> new Waiting(app.name(), why)))
                .findFirst();
    }

    /** That the judge gives no votes, in one line; empty while it does. */
    Optional<String> voteWarning() {
        return workers.stream().flatMap(worker -> worker.voteWarning().stream()).findFirst();
    }

    private Optional<String> readinessProblem() {
        return waiting().map(one -> one.app() + " is waiting: " + one.why());
    }

    /**
     * @throws PipelineStoppedException if an app failed
     * @throws ConfigurationException if an app failed because of wrong configuration
     */
    void requireRunning() throws PipelineStoppedException {
        Optional<ClockWatch.SteppedBackException> stepped = clock.failure();
        if (stepped.isPresent()) {
            throw new PipelineStoppedException(String.valueOf(stepped.get().getMessage()), stepped.get());
        }
        for (App app : apps) {
            if (app.failure().isPresent()) {
                Throwable cause = app.failure().get();
                log.atError().setCause(cause).addKeyValue("app", app.name()).log("app failed");
                if (cause instanceof ConfigurationException wrong) {
                    throw wrong; // running the command again would not help
                }
                throw PipelineStoppedException.of(app.name(), cause);
            }
        }
    }

    /** Drains and stops the prompts and the workers: no model is called any more, and the rest processes what they sent. */
    void closeCallers() {
        while (parts.peek() instanceof PromptsApp || parts.peek() instanceof WorkerApp) {
            close(parts.pop());
        }
    }

    /** Drains and stops the parts in reverse order. */
    @Override
    public void close() {
        while (!parts.isEmpty()) {
            close(parts.pop());
        }
    }

    private static void close(AutoCloseable part) {
        long started = System.nanoTime();
        try {
            part.close();
        } catch (Exception e) {
            log.atWarn().setCause(e).log("part did not stop cleanly");
        }
        log.atInfo()
                .addKeyValue("part", part.getClass().getSimpleName())
                .addKeyValue("ms", Duration.ofNanos(System.nanoTime() - started).toMillis())
                .log("stopped");
    }
}
