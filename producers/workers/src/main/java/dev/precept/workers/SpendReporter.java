package dev.precept.workers;

import dev.precept.judging.ModelAccess;
import dev.precept.kafka.KafkaAccess;
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

/** Publishes the spend of a worker twice a second, and refreshes its view of the run. */
final class SpendReporter implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(SpendReporter.class);
    private static final long INTERVAL_MILLIS = 500;

    private final KafkaAccess kafka;
    private final Producer<String, SpecificRecord> producer;
    private final ModelAccess model;
    private final RunStateReader runState;
    private final ScheduledExecutorService scheduler = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("spend-reporter").factory());
    private @Nullable Future<?> schedule;
    /** The last record published, without its time. */
    private @Nullable Spend lastPublished;

    SpendReporter(
            KafkaAccess kafka, Producer<String, SpecificRecord> producer, ModelAccess model, RunStateReader runState) {
        this.kafka = kafka;
        this.producer = producer;
        this.model = model;
        this.runState = runState;
    }

    /** Refreshes once before it returns, so that a paused run or one out of budget makes no first calls. */
    void start() {
        runState.refresh();
        schedule = scheduler.scheduleAtFixedRate(this::report, INTERVAL_MILLIS, INTERVAL_MILLIS, TimeUnit.MILLISECONDS);
    }

    private void report() {
        try {
            publish();
            runState.refresh();
        } catch (KafkaException e) {
            log.atWarn().setCause(e).log("cannot refresh run state; using the last known one");
        }
    }

    private void publish() {
        Spend spend = model.spend(InstantSource.system().instant());
        Spend undated = Spend.newBuilder(spend).setAsOf(Instant.EPOCH).build();
        if (undated.equals(lastPublished)) {
            return;
        }
        lastPublished = undated;
        Future<?> _ = producer.send(
                new ProducerRecord<>(
                        kafka.namespace().name(Topics.SPEND), model.spendKey().text(), spend),
                (metadata, e) -> {
                    if (e != null) {
                        log.atWarn().setCause(e).log("cannot publish spend");
                    }
                });
    }

    /** Publishes the last spend. Does not close the producer. */
    @Override
    public void close() {
        if (schedule != null) {
            schedule.cancel(false);
        }
        scheduler.close();
        publish();
        runState.close();
    }
}
