package dev.precept.workers;

import dev.precept.consumer.ConcurrentConsumer;
import dev.precept.judging.BestEffortModelClient;
import dev.precept.judging.CallMetrics;
import dev.precept.judging.EndpointSettings;
import dev.precept.judging.Endpoints;
import dev.precept.judging.Excerpts;
import dev.precept.judging.JudgingTaskHandler;
import dev.precept.judging.ModelClient;
import dev.precept.judging.RetryingModelClient;
import dev.precept.judging.Role;
import dev.precept.judging.RunGuard;
import dev.precept.judging.Sleeper;
import dev.precept.judging.SpendTracker;
import dev.precept.judging.canary.Canaries;
import dev.precept.kafka.GroupHealth;
import dev.precept.kafka.KafkaAccess;
import dev.precept.model.Backoff;
import dev.precept.model.ChatModel;
import dev.precept.model.ChatRequest;
import dev.precept.model.Reply;
import dev.precept.model.cache.CachingChatModel;
import dev.precept.model.resilience.EndpointPool;
import dev.precept.records.DeadLetter;
import dev.precept.runtime.App;
import dev.precept.runtime.LoopThread;
import dev.precept.schemas.Topic;
import dev.precept.schemas.Topics;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.BiPredicate;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Deserializer;

/** One worker process, in one role: takes tasks, calls the model, publishes what happened and what it cost. */
public final class WorkerApp<T extends SpecificRecord, R extends SpecificRecord> implements App {
    private static final Duration HANDOVER = Duration.ofSeconds(3);
    /** Tasks beyond the calls, so that a call that ends is followed by the next and not by its own acknowledgement. */
    private static final int LEAST_QUEUED = 16;

    private static final Duration FIRST_BACKOFF = Duration.ofMillis(250);
    /** The pool knows when an endpoint may be asked; this only spreads the calls that failed. */
    private static final Duration LONGEST_BACKOFF = Duration.ofSeconds(2);

    /** Jitter wants no seed: it decides nothing but when. */
    private static final RandomGenerator JITTER =
            () -> ThreadLocalRandom.current().nextLong();

    private final KafkaAccess kafka;
    private final Role<T, R> role;
    private final Endpoints endpoints;
    private final RunGuard runGuard;
    private final SpecificationTopic specifications;
    private final Producer<String, SpecificRecord> producer;
    private final Deserializer<T> tasks;
    private final ConcurrentConsumer<byte[]> loop;
    private final LoopThread thread;
    private final SpendReporter spendReporter;
    private final CallMetrics meters;
    private final boolean caches;
    private final Duration drain;

    private WorkerApp(
            WorkerContext place,
            Role<T, R> role,
            SpendTracker spendTracker,
            Endpoints endpoints,
            RunGuard runGuard,
            SpecificationTopic specifications,
            CallMetrics meters,
            int concurrency) {
        this.meters = meters;
        this.caches = place.responseCache().isPresent();
        this.drain = place.drain();
        this.kafka = place.kafka();
        this.role = role;
        this.endpoints = endpoints;
        this.runGuard = runGuard;
        this.specifications = specifications;
        String member = place.membership().name(role.name());
        this.producer = kafka.producer(member);
        this.spendReporter = new SpendReporter(
                kafka,
                producer,
                spendTracker,
                endpoints.pool(),
                new RunStateReader(kafka, place.runId(), spendTracker.key(), runGuard));
        this.tasks = kafka.serdes().deserializer(role.taskTopic());
        Map<String, Object> settings = place.membership().consumerSettings(role.name());
        settings.put("group.id", kafka.namespace().group(role.name()));
        settings.put("max.poll.records", 500);
        settings.put("partition.assignment.strategy", "org.apache.kafka.clients.consumer.CooperativeStickyAssignor");
        // A task topic is read from its beginning by the first worker of a dataset.
        settings.put("auto.offset.reset", "earliest");
        this.loop = new ConcurrentConsumer<>(
                kafka.consumer(member, settings),
                concurrency + Math.max(LEAST_QUEUED, concurrency / 4),
                HANDOVER,
                drain,
                this::work);
        this.thread = new LoopThread(member, () -> loop.run(kafka.namespace().name(role.taskTopic())), loop::stop);
    }

    /** A generator. */
    public static WorkerApp<?, ?> generator(WorkerContext place, EndpointSettings settings) {
        return create(
                GenerationTaskHandler.NAME,
                place,
                settings,
                GenerationTaskHandler::isCompletion,
                RoleContext::generator);
    }

    /** A judge. */
    public static WorkerApp<?, ?> judge(WorkerContext place, EndpointSettings settings) {
        return judge(place, settings, Canaries.NONE);
    }

    /** A judge that is measured by canaries. */
    public static WorkerApp<?, ?> judge(WorkerContext place, EndpointSettings settings, Canaries canaries) {
        return create(
                JudgingTaskHandler.NAME,
                place,
                settings,
                JudgingTaskHandler::isVote,
                roleContext -> roleContext.judge(canaries));
    }

    /** @param valid whether an answer is worth remembering */
    private static <T extends SpecificRecord, R extends SpecificRecord> WorkerApp<T, R> create(
            String name,
            WorkerContext place,
            EndpointSettings settings,
            BiPredicate<ChatRequest, Reply.Answered> valid,
            Function<RoleContext, Role<T, R>> role) {
        CallMetrics meters = new CallMetrics(place.meters(), name);
        String worker = place.membership().name(name) + "|" + UUID.randomUUID();
        SpendTracker spendTracker = new SpendTracker(place.runId(), worker, name, settings.price(), meters);
        RunGuard runGuard = new RunGuard(spendTracker);
        Endpoints endpoints = Endpoints.create(settings, runGuard, meters);
        // Outermost: what is remembered needs no place, no permission and no money.
        ChatModel model = place.responseCache()
                .<ChatModel>map(responseCache -> new CachingChatModel(endpoints.pool(), responseCache, valid))
                .orElse(endpoints.pool());
        Backoff backoff = new Backoff(FIRST_BACKOFF, LONGEST_BACKOFF, JITTER);
        RetryingModelClient retryingModelClient =
                new RetryingModelClient(model, backoff, Sleeper.THREAD, spendTracker, runGuard);
        ModelClient brief = new BestEffortModelClient(endpoints.pool(), backoff, spendTracker, runGuard);
        SpecificationTopic specifications = new SpecificationTopic(place.kafka(), Sleeper.THREAD);
        return new WorkerApp<>(
                place,
                role.apply(new RoleContext(
                        place, settings, retryingModelClient, brief, new Excerpts(specifications), runGuard)),
                spendTracker,
                endpoints,
                runGuard,
                specifications,
                meters,
                settings.concurrency());
    }

    @Override
    public String name() {
        return role.name();
    }

    @Override
    public void start() {
        spendReporter.start();
        thread.start();
    }

    @Override
    public Optional<String> readinessProblem() {
        return GroupHealth.heartbeatProblem(loop.consumerMetrics())
                .or(() -> endpoints.pool().outage());
    }

    @Override
    public Optional<String> startupProblem() {
        return loop.hasJoined() ? Optional.empty() : Optional.of("the group has not said which partitions are its own");
    }

    @Override
    public Duration timeSinceLastPoll() {
        return loop.timeSinceLastPoll();
    }

    /** What became of the canaries of this process, in one line; empty where none was judged. */
    public Optional<String> canarySummary() {
        return role.aside();
    }

    /** Calls that endpoints are working on for this worker. */
    public int callsInFlight() {
        return endpoints.pool().endpointStatuses().stream()
                .mapToInt(EndpointPool.EndpointStatus::inFlight)
                .sum();
    }

    @Override
    public Optional<Throwable> failure() {
        return thread.failure();
    }

    private void work(ConsumerRecord<String, byte[]> record) throws InterruptedException {
        T task;
        try {
            task = decoded(record);
        } catch (SerializationException e) {
            String key = record.topic() + "-" + record.partition() + "-" + record.offset();
            publish(
                    Topics.DEAD_LETTERS,
                    key,
                    new DeadLetter(
                            record.topic(),
                            record.partition(),
                            record.offset(),
                            role.name(),
                            String.valueOf(e.getMessage())));
            meters.countDeadLetter();
            return;
        }
        publish(role.resultTopic(), record.key(), role.handle(task));
    }

    private T decoded(ConsumerRecord<String, byte[]> record) {
        if (record.value() == null) {
            throw new SerializationException("no value");
        }
        synchronized (tasks) { // a deserializer is not made for many threads
            return tasks.deserialize(record.topic(), record.value());
        }
    }

    /** Returns when the record is acknowledged. */
    private void publish(Topic<?> topic, String key, SpecificRecord value) throws InterruptedException {
        try {
            producer.send(new ProducerRecord<>(kafka.namespace().name(topic), key, value))
                    .get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("cannot publish to " + topic.name(), e.getCause());
        }
    }

    @Override
    public void close() {
        long deadline = System.nanoTime() + drain.toNanos();
        role.stopBackground();
        runGuard.close();
        if (caches) {
            endpoints.pool().close(); // answers of a task that is handed back are remembered
        }
        thread.close();
        boolean interrupted = Thread.interrupted(); // would cut the producer's close, and with it the last account
        // Before the last account: what canaries cost belongs there.
        interrupted |= runUninterruptibly(() -> role.awaitBackground(deadline));
        spendReporter.close();
        producer.close();
        tasks.close();
        specifications.close();
        endpoints.close();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Something that waits until a deadline of its own. */
    @FunctionalInterface
    private interface InterruptibleAction {
        void run() throws InterruptedException;
    }

    /** @return whether it was interrupted meanwhile, which ends no drain */
    private static boolean runUninterruptibly(InterruptibleAction interruptibleAction) {
        boolean interrupted = false;
        while (true) {
            try {
                interruptibleAction.run();
                return interrupted;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
    }
}
