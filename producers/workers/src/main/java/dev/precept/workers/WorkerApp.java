package dev.precept.workers;

import dev.precept.consumer.ConcurrentConsumer;
import dev.precept.consumer.ConsumerLimits;
import dev.precept.judging.EndpointSettings;
import dev.precept.judging.HandlerContext;
import dev.precept.judging.JudgingTaskHandler;
import dev.precept.judging.Panel;
import dev.precept.judging.TaskHandler;
import dev.precept.judging.canary.Canaries;
import dev.precept.judging.canary.CanaryJudge;
import dev.precept.judging.withhold.WithholdingHandler;
import dev.precept.kafka.GroupHealth;
import dev.precept.kafka.GroupOffsets;
import dev.precept.kafka.KafkaAccess;
import dev.precept.records.Candidate;
import dev.precept.records.GenerationTask;
import dev.precept.runtime.App;
import dev.precept.runtime.LoopThread;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.producer.Producer;
import org.jspecify.annotations.Nullable;

/** Runs one worker in one role: consumes tasks, calls the model, and publishes results and spend. */
public final class WorkerApp<T extends SpecificRecord, R extends SpecificRecord> implements App {
    /** Tasks beyond the concurrency, so that the next call starts before the last one is acknowledged. */
    private static final int MIN_QUEUED = 16;

    private static final Duration MIN_POLL_INTERVAL = Duration.ofMinutes(5);
    private static final Duration POLL_INTERVAL_MARGIN = Duration.ofMinutes(2);

    private final WithholdingHandler<T, R> handler;
    private final @Nullable CanaryJudge canaryJudge;
    private final RoleModels models;
    private final SpecificationTopic specifications;
    private final ResultPublisher publisher;
    private final Producer<String, SpecificRecord> spendProducer;
    private final OtherRuns otherRuns;
    private final TaskRunner<T, R> runner;
    private final ConcurrentConsumer<byte[]> consumer;
    private final LoopThread thread;
    private final Duration drain;

    private WorkerApp(RoleContext role, WithholdingHandler<T, R> handler, @Nullable CanaryJudge canaryJudge) {
        WorkerContext worker = role.worker();
        KafkaAccess kafka = worker.kafka();
        this.handler = handler;
        this.canaryJudge = canaryJudge;
        this.specifications = role.specifications();
        this.drain = worker.drain();
        String member = worker.membership().name(handler.name());
        this.spendProducer = kafka.producer(member + "-spend");
        this.models = new RoleModels(role.models(), kafka, spendProducer);
        ConsumerLimits limits = ConsumerLimits.of(
                role.concurrency() + Math.max(MIN_QUEUED, role.concurrency() / 4), worker.handover(), drain);
        this.publisher = new ResultPublisher(kafka, member, limits.maxInFlight());
        this.otherRuns = new OtherRuns(kafka, handler.name(), worker.runId());
        this.runner = new TaskRunner<>(kafka, handler, otherRuns, publisher, worker.meters());
        this.consumer =
                new ConcurrentConsumer<>(kafka.consumer(member, settings(worker, handler.name())), limits, runner::run);
        ConsumerMetrics.register(worker.meters(), handler.name(), consumer);
        this.thread = new LoopThread(member, () -> consume(kafka), consumer::stop);
    }

    /** Fails before the first call if the group has lost its offsets. */
    private void consume(KafkaAccess kafka) {
        String group = kafka.namespace().group(handler.name());
        try {
            GroupOffsets.requireKept(
                    kafka, group, handler.taskTopic(), handler.resultTopic(), () -> !consumer.isStopping());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return;
        }
        consumer.run(kafka.namespace().name(handler.taskTopic()));
    }

    private static Map<String, Object> settings(WorkerContext worker, String role) {
        Map<String, Object> settings = worker.membership().consumerSettings(role);
        settings.put("group.id", worker.kafka().namespace().group(role));
        settings.put("max.poll.records", 500);
        settings.put("partition.assignment.strategy", "org.apache.kafka.clients.consumer.CooperativeStickyAssignor");
        // A handover blocks the polls.
        settings.put(
                "max.poll.interval.ms",
                Math.toIntExact(Math.max(
                        MIN_POLL_INTERVAL.toMillis(),
                        worker.handover().plus(POLL_INTERVAL_MARGIN).toMillis())));
        return settings;
    }

    /** What a generator does with a task, for one that comes from no topic. */
    public static TaskHandler<GenerationTask, Candidate> generation(HandlerContext context) {
        return new GenerationTaskHandler(context);
    }

    public static WorkerApp<?, ?> generator(WorkerContext worker, EndpointSettings settings) {
        RoleContext role = RoleContext.create(
                GenerationTaskHandler.NAME, worker, Panel.of(settings, 1), GenerationTaskHandler::isCompletion);
        return new WorkerApp<>(role, role.generator(), null);
    }

    /** @param canaries judged beside the tasks; may be empty */
    public static WorkerApp<?, ?> judge(WorkerContext worker, Panel<EndpointSettings> judges, Canaries canaries) {
        RoleContext role = RoleContext.create(JudgingTaskHandler.NAME, worker, judges, JudgingTaskHandler::isVote);
        if (canaries.size() == 0) {
            return new WorkerApp<>(role, role.withholding(role.judge()), null);
        }
        CanaryJudge canaryJudge = role.canaryJudge(canaries);
        return new WorkerApp<>(role, role.withholding(canaryJudge), canaryJudge);
    }

    @Override
    public String name() {
        return handler.name();
    }

    @Override
    public void start() {
        models.start();
        thread.start();
    }

    @Override
    public Optional<String> readinessProblem() {
        return GroupHealth.heartbeatProblem(consumer.consumerMetrics())
                .or(publisher::problem)
                .or(() -> consumer.status().commitProblem().map(why -> "Kafka: cannot commit offsets: " + why))
                .or(models::outage)
                .or(otherRuns::problem);
    }

    @Override
    public Optional<String> startupProblem() {
        return consumer.hasJoined() ? Optional.empty() : Optional.of("waiting for the first partition assignment");
    }

    @Override
    public Duration timeSinceLastPoll() {
        return consumer.timeSinceLastPoll();
    }

    /** The results of this process's canaries, in one line; empty if none was judged. */
    public Optional<String> canarySummary() {
        return Optional.ofNullable(canaryJudge).flatMap(CanaryJudge::summary);
    }

    /** That the answers of a judge are no votes, in one line; empty while they are, and for a generator. */
    public Optional<String> voteWarning() {
        return models.voteWarning();
    }

    public int callsInFlight() {
        return models.callsInFlight();
    }

    /** Whether the run makes no more calls of this role because its budget is spent. */
    public boolean isBudgetSpent() {
        return models.isBudgetSpent();
    }

    /** Whether no endpoint of a model of this role accepts calls now. */
    public boolean isModelDown() {
        return models.outage().isPresent();
    }

    @Override
    public Optional<Throwable> failure() {
        return thread.failure().or(handler::stop).or(models::outageFailure);
    }

    @Override
    public void close() {
        long deadline = System.nanoTime() + drain.toNanos();
        if (canaryJudge != null) {
            canaryJudge.stop();
        }
        models.stop();
        thread.close();
        boolean interrupted = Thread.interrupted(); // an interrupted producer would drop the last spend record
        if (canaryJudge != null) {
            interrupted |= awaitIdle(canaryJudge, deadline); // canaries are part of the last spend record
        }
        models.closeReports();
        spendProducer.close();
        publisher.close();
        runner.close();
        otherRuns.close();
        specifications.close();
        models.close();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** @return whether the thread was interrupted, which does not end the wait */
    private static boolean awaitIdle(CanaryJudge canaryJudge, long deadline) {
        boolean interrupted = false;
        while (true) {
            try {
                canaryJudge.awaitIdle(deadline);
                return interrupted;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
    }
}
