package dev.precept.workers;

import dev.precept.model.Backoff;
import dev.precept.model.ChatModel;
import dev.precept.model.ChatRequest;
import dev.precept.model.Reply;
import dev.precept.model.cache.CachingChatModel;
import dev.precept.model.pressure.EndpointPool;
import dev.precept.records.DeadLetter;
import dev.precept.runtime.App;
import dev.precept.runtime.kafka.KafkaAccess;
import dev.precept.schemas.Topic;
import dev.precept.schemas.Topics;
import dev.precept.workers.inflight.InFlight;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicReference;
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
    private final Permission permission;
    private final Specifications specifications;
    private final Producer<String, SpecificRecord> producer;
    private final Deserializer<T> tasks;
    private final InFlight<byte[]> loop;
    private final Thread thread;
    private final Accountant accountant;
    private final CallMeters meters;
    private final boolean remembers;
    private final Duration drain;
    private final AtomicReference<Throwable> failure = new AtomicReference<>();

    private WorkerApp(
            Workplace place,
            Role<T, R> role,
            Expenses expenses,
            Endpoints endpoints,
            Permission permission,
            Specifications specifications,
            CallMeters meters,
            int concurrency) {
        this.meters = meters;
        this.remembers = place.memory().isPresent();
        this.drain = place.drain();
        this.kafka = place.kafka();
        this.role = role;
        this.endpoints = endpoints;
        this.permission = permission;
        this.specifications = specifications;
        String member = place.membership().name(role.name());
        this.producer = kafka.producer(member);
        this.accountant = new Accountant(
                kafka,
                producer,
                expenses,
                endpoints.pool(),
                new RunWatch(kafka, place.runId(), expenses.key(), permission));
        this.tasks = kafka.serdes().deserializer(role.tasks());
        Map<String, Object> settings = place.membership().settings(role.name());
        settings.put("group.id", kafka.namespace().group(role.name()));
        settings.put("max.poll.records", 500);
        settings.put("partition.assignment.strategy", "org.apache.kafka.clients.consumer.CooperativeStickyAssignor");
        // A task topic is read from its beginning by the first worker of a dataset.
        settings.put("auto.offset.reset", "earliest");
        this.loop = new InFlight<>(
                kafka.consumer(member, settings),
                concurrency + Math.max(LEAST_QUEUED, concurrency / 4),
                HANDOVER,
                drain,
                this::work);
        this.thread = Thread.ofPlatform().name(member).unstarted(this::run);
    }

    /** A generator. */
    public static WorkerApp<?, ?> generator(Workplace place, EndpointSettings settings) {
        return of(Generating.NAME, place, settings, Generating::isCompletion, Desk::generator);
    }

    /** A judge. */
    public static WorkerApp<?, ?> judge(Workplace place, EndpointSettings settings) {
        return judge(place, settings, Canaries.NONE);
    }

    /** A judge that is measured by canaries. */
    public static WorkerApp<?, ?> judge(Workplace place, EndpointSettings settings, Canaries canaries) {
        return of(Judging.NAME, place, settings, Judging::isVote, desk -> desk.judge(canaries));
    }

    /** @param valid whether an answer is worth remembering */
    private static <T extends SpecificRecord, R extends SpecificRecord> WorkerApp<T, R> of(
            String name,
            Workplace place,
            EndpointSettings settings,
            BiPredicate<ChatRequest, Reply.Answered> valid,
            Function<Desk, Role<T, R>> role) {
        CallMeters meters = new CallMeters(place.meters(), name);
        String worker = place.membership().name(name) + "|" + UUID.randomUUID();
        Expenses expenses = new Expenses(place.runId(), worker, name, settings.price(), meters);
        Permission permission = new Permission(expenses);
        Endpoints endpoints = Endpoints.of(settings, permission, meters);
        // Outermost: what is remembered needs no place, no permission and no money.
        ChatModel model = place.memory()
                .<ChatModel>map(responseCache -> new CachingChatModel(endpoints.pool(), responseCache, valid))
                .orElse(endpoints.pool());
        Backoff backoff = new Backoff(FIRST_BACKOFF, LONGEST_BACKOFF, JITTER);
        Caller caller = new Caller(model, backoff, Pause.SLEEP, expenses, permission);
        Calls brief = new BriefCaller(endpoints.pool(), backoff, expenses, permission);
        Specifications specifications = new Specifications(place.kafka(), Pause.SLEEP);
        return new WorkerApp<>(
                place,
                role.apply(new Desk(place, settings, caller, brief, new Excerpts(specifications), permission)),
                expenses,
                endpoints,
                permission,
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
        accountant.start();
        thread.start();
    }

    @Override
    public Optional<String> notReady() {
        return loop.unheard().or(() -> endpoints.pool().outage());
    }

    @Override
    public Optional<String> notStarted() {
        return loop.joined() ? Optional.empty() : Optional.of("the group has not said which partitions are its own");
    }

    @Override
    public Duration silence() {
        return loop.silence();
    }

    /** What became of the canaries of this process, in one line; empty where none was judged. */
    public Optional<String> canaries() {
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
        return Optional.ofNullable(failure.get());
    }

    private void run() {
        try {
            loop.run(kafka.namespace().name(role.tasks()));
        } catch (RuntimeException | Error e) {
            failure.compareAndSet(null, e);
        }
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
            meters.deadLetter();
            return;
        }
        publish(role.results(), record.key(), role.work(task));
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
        role.endAside();
        permission.close();
        if (remembers) {
            endpoints.pool().close(); // answers of a task that is handed back are remembered
        }
        loop.stop();
        boolean interrupted = awaited(thread::join);
        // Before the last account: what canaries cost belongs there.
        interrupted |= awaited(() -> role.awaitAside(deadline));
        accountant.close();
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
    private interface Waiting {
        void toItsEnd() throws InterruptedException;
    }

    /** @return whether it was interrupted meanwhile, which ends no drain */
    private static boolean awaited(Waiting waiting) {
        boolean interrupted = false;
        while (true) {
            try {
                waiting.toItsEnd();
                return interrupted;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
    }
}
