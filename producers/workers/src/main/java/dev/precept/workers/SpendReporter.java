package dev.precept.workers;

import dev.precept.judging.SpendTracker;
import dev.precept.kafka.KafkaAccess;
import dev.precept.model.resilience.EndpointPool;
import dev.precept.records.Spend;
import dev.precept.schemas.Topics;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says twice a second what a worker has spent, and looks what the others have, and what holds for the run. */
final class SpendReporter implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(SpendReporter.class);
    private static final long INTERVAL_MILLIS = 500;

    private final KafkaAccess kafka;
    private final Producer<String, SpecificRecord> producer;
    private final SpendTracker spendTracker;
    private final EndpointPool pool;
    private final RunStateReader watch;
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("accountant").factory());
    private @Nullable Future<?> schedule;
    /** The last account that was published, without its date. */
    private @Nullable Spend lastPublished;

    SpendReporter(
            KafkaAccess kafka,
            Producer<String, SpecificRecord> producer,
            SpendTracker spendTracker,
            EndpointPool pool,
            RunStateReader watch) {
        this.kafka = kafka;
        this.producer = producer;
        this.spendTracker = spendTracker;
        this.pool = pool;
        this.watch = watch;
    }

    /** Looks once, so that a run that is paused or has spent its budget makes no first calls; then goes on by itself. */
    void start() {
        watch.refresh();
        schedule = clock.scheduleAtFixedRate(this::report, INTERVAL_MILLIS, INTERVAL_MILLIS, TimeUnit.MILLISECONDS);
    }

    private void report() {
        try {
            publish();
            watch.refresh();
        } catch (KafkaException e) {
            log.atWarn().setCause(e).log("the run could not be looked at; what was known of it holds");
        }
    }

    private void publish() {
        Spend account = spendTracker.snapshot(InstantSource.system().instant(), pool);
        Spend undated = Spend.newBuilder(account).setAsOf(Instant.EPOCH).build();
        if (undated.equals(lastPublished)) {
            return;
        }
        lastPublished = undated;
        Future<?> _ = producer.send(
                new ProducerRecord<>(kafka.namespace().name(Topics.SPEND), spendTracker.key(), account),
                (metadata, e) -> {
                    if (e != null) {
                        log.atWarn().setCause(e).log("the account of spending did not get through");
                    }
                });
    }

    /** Publishes the last account; the producer is the caller's to close. */
    @Override
    public void close() {
        if (schedule != null) {
            schedule.cancel(false);
        }
        clock.close();
        publish();
        watch.close();
    }
}
