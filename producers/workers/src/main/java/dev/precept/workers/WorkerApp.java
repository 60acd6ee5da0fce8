package dev.precept.workers;

import dev.precept.model.Backoff;
import dev.precept.model.pressure.EndpointPool;
import dev.precept.records.DeadLetter;
import dev.precept.records.Spend;
import dev.precept.runtime.App;
import dev.precept.runtime.kafka.KafkaAccess;
import dev.precept.schemas.Topic;
import dev.precept.schemas.Topics;
import dev.precept.workers.inflight.InFlight;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.random.RandomGenerator;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Deserializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One worker process, in one role: takes tasks, calls the model, publishes what happened and what it cost. */
public final class WorkerApp<T extends SpecificRecord, R extends SpecificRecord> implements App {
    private static final Logger log = LoggerFactory.getLogger(WorkerApp.class);
    private static final Duration DRAIN = Duration.ofSeconds(3);
    private static final Duration FIRST_BACKOFF = Duration.ofMillis(250);
    /** The pool knows when an endpoint may be asked; this only spreads the calls that failed. */
    private static final Duration LONGEST_BACKOFF = Duration.ofSeconds(2);

    private static final long ACCOUNT_MILLIS = 500;
    /** Jitter wants no seed: it decides nothing but when. */
    private static final RandomGenerator JITTER =
            () -> ThreadLocalRandom.current().nextLong();

    private final KafkaAccess kafka;
    private final Role<T, R> role;
    private final Expenses expenses;
    private final Endpoints endpoints;
    private final RunWatch watch;
    private final Specifications specifications;
    private final Producer<String, SpecificRecord> producer;
    private final Deserializer<T> tasks;
    private final InFlight<byte[]> loop;
    private final Thread thread;
    private final ScheduledExecutorService accountant = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("accountant").factory());
    private final AtomicReference<Throwable> failure = new AtomicReference<>();
    private @Nullable Future<?> accounting;
    /** The last account that was published, without its date; of the accountant's thread. */
    private @Nullable Spend accounted;

    private WorkerApp(
            KafkaAccess kafka,
            Role<T, R> role,
            Expenses expenses,
            Endpoints endpoints,
            RunWatch watch,
            Specifications specifications,
            int concurrency,
            int ordinal) {
        this.kafka = kafka;
        this.role = role;
        this.expenses = expenses;
        this.endpoints = endpoints;
        this.watch = watch;
        this.specifications = specifications;
        String member = role.name() + "-" + ordinal;
        this.producer = kafka.producer(member);
        this.tasks = kafka.serdes().deserializer(role.tasks());
        this.loop = new InFlight<>(
                kafka.consumer(
                        member,
                        Map.of(
                                "group.id",
                                kafka.namespace().group(role.name()),
                                "group.instance.id",
                                member,
                                "session.timeout.ms",
                                6_000,
                                "heartbeat.interval.ms",
                                1_500,
                                "max.poll.records",
                                500,
                                "partition.assignment.strategy",
                                "org.apache.kafka.clients.consumer.CooperativeStickyAssignor",
                                // A task topic is read from its beginning by the first worker of a dataset.
                                "auto.offset.reset",
                                "earliest")),
                concurrency,
                DRAIN,
                this::work);
        this.thread = Thread.ofPlatform().name(member).unstarted(this::run);
    }

    /** A generator. */
    public static WorkerApp<?, ?> generator(
            KafkaAccess kafka, String runId, int ordinal, EndpointSettings settings, byte[] nonceSecret) {
        return of(
                Generating.NAME,
                kafka,
                runId,
                ordinal,
                settings,
                (caller, specifications) ->
                        new Generating(caller, settings, specifications, nonceSecret, InstantSource.system()));
    }

    /** A judge. */
    public static WorkerApp<?, ?> judge(
            KafkaAccess kafka, String runId, int ordinal, EndpointSettings settings, byte[] nonceSecret) {
        return of(
                Judging.NAME,
                kafka,
                runId,
                ordinal,
                settings,
                (caller, specifications) ->
                        new Judging(caller, settings, specifications, nonceSecret, InstantSource.system()));
    }

    private interface RoleOf<T extends SpecificRecord, R extends SpecificRecord> {
        Role<T, R> with(Caller caller, Specifications specifications);
    }

    private static <T extends SpecificRecord, R extends SpecificRecord> WorkerApp<T, R> of(
            String name, KafkaAccess kafka, String runId, int ordinal, EndpointSettings settings, RoleOf<T, R> role) {
        Expenses expenses = new Expenses(runId, name + "-" + ordinal + "|" + UUID.randomUUID(), name, settings.price());
        Permission permission = new Permission(expenses);
        Endpoints endpoints = Endpoints.of(settings, permission);
        Caller caller = new Caller(
                endpoints.model(),
                new Backoff(FIRST_BACKOFF, LONGEST_BACKOFF, JITTER),
                Pause.SLEEP,
                expenses,
                permission);
        RunWatch watch = new RunWatch(kafka, runId, expenses.key(), permission);
        Specifications specifications = new Specifications(kafka, Pause.SLEEP);
        return new WorkerApp<>(
                kafka,
                role.with(caller, specifications),
                expenses,
                endpoints,
                watch,
                specifications,
                settings.concurrency(),
                ordinal);
    }

    @Override
    public String name() {
        return role.name();
    }

    @Override
    public void start() {
        watch.look(); // a run that is paused, or whose budget is spent, makes no first calls
        thread.start();
        accounting = accountant.scheduleAtFixedRate(
                this::lookAndAccount, ACCOUNT_MILLIS, ACCOUNT_MILLIS, TimeUnit.MILLISECONDS);
    }

    @Override
    public Optional<String> notReady() {
        return endpoints.pool().outage();
    }

    /** Calls that endpoints are working on for this worker. */
    public int callsInFlight() {
        return endpoints.pool().pressure().stream()
                .mapToInt(EndpointPool.Pressure::inFlight)
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

    private void lookAndAccount() {
        try {
            account();
            watch.look();
        } catch (KafkaException e) {
            log.atWarn().setCause(e).log("the run could not be looked at; what was known of it holds");
        }
    }

    private void account() {
        Spend account = expenses.account(InstantSource.system().instant(), endpoints.pool());
        Spend undated = Spend.newBuilder(account).setAsOf(Instant.EPOCH).build();
        if (undated.equals(accounted)) {
            return;
        }
        accounted = undated;
        Future<?> _ = producer.send(
                new ProducerRecord<>(kafka.namespace().name(Topics.SPEND), expenses.key(), account), (metadata, e) -> {
                    if (e != null) {
                        log.atWarn().setCause(e).log("the account of spending did not get through");
                    }
                });
    }

    @Override
    public void close() {
        loop.stop();
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true; // draining has its own deadline
            }
        }
        if (accounting != null) {
            accounting.cancel(false);
        }
        accountant.close();
        account();
        producer.close();
        tasks.close();
        specifications.close();
        watch.close();
        endpoints.close();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
