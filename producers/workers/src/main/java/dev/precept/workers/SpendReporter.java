package dev.precept.workers;

import dev.precept.judging.ModelAccess;
import dev.precept.judging.RunGuard;
import dev.precept.kafka.KafkaAccess;
import dev.precept.records.CanaryCounts;
import dev.precept.records.Spend;
import dev.precept.schemas.Topics;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Future;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.InterruptException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishes the spend of a worker and what it needs of the budget: twice a second if it has changed, at once if a call
 * waits for a lease, and every three seconds while it makes calls or holds a lease.
 */
final class SpendReporter implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(SpendReporter.class);
    private static final Duration INTERVAL = Duration.ofMillis(500);
    private static final Duration SHORTEST_INTERVAL = Duration.ofMillis(20);
    /** A third of the validity of a lease. */
    private static final long HEARTBEAT_NANOS = Duration.ofSeconds(3).toNanos();

    private final KafkaAccess kafka;
    private final Producer<String, SpecificRecord> producer;
    private final ModelAccess model;
    private final RunGuard runGuard;
    private final int partition;
    private final Thread thread;
    /** The last record published, without its time. */
    private @Nullable Spend lastPublished;

    private long publishedNanos;
    private volatile boolean unacknowledged;

    SpendReporter(KafkaAccess kafka, Producer<String, SpecificRecord> producer, ModelAccess model) {
        this.kafka = kafka;
        this.producer = producer;
        this.model = model;
        this.runGuard = model.runGuard();
        this.partition = kafka.partitionOf(model.spendKey().runId());
        this.thread = Thread.ofPlatform().daemon().name("spend-reporter").unstarted(this::loop);
    }

    void start() {
        thread.start();
    }

    private void loop() {
        try {
            while (!Thread.currentThread().isInterrupted()) {
                Thread.sleep(SHORTEST_INTERVAL);
                runGuard.awaitReportDue(INTERVAL.minus(SHORTEST_INTERVAL));
                report();
            }
        } catch (InterruptedException | InterruptException e) {
            log.atDebug().log("interrupted to stop");
        }
    }

    private void report() {
        try {
            if (!unacknowledged) { // during an outage of the broker, one report waits and not one every half second
                publish();
            }
        } catch (InterruptException e) {
            throw e;
        } catch (RuntimeException e) { // an exception must not end the reports, or the budget would not see the spend
            log.atWarn().setCause(e).log("cannot publish spend");
        }
    }

    private synchronized void publish() {
        Spend spend = model.spend(InstantSource.system().instant());
        Spend undated = Spend.newBuilder(spend).setAsOf(Instant.EPOCH).build();
        long now = System.nanoTime();
        boolean heartbeat = (runGuard.holdsLease() || isBusy(spend)) && now - publishedNanos >= HEARTBEAT_NANOS;
        if (undated.equals(lastPublished) && !heartbeat) {
            return;
        }
        lastPublished = undated;
        publishedNanos = now;
        unacknowledged = true;
        Future<?> _ = producer.send(
                new ProducerRecord<>(
                        kafka.namespace().name(Topics.SPEND),
                        partition,
                        model.spendKey().text(),
                        spend),
                (metadata, e) -> {
                    unacknowledged = false;
                    if (e == null) {
                        runGuard.reported(now);
                    } else {
                        log.atWarn().setCause(e).log("cannot publish spend");
                    }
                });
    }

    /** Whether more spend will follow: while it is repeated, its readers know that the instance is alive. */
    private static boolean isBusy(Spend spend) {
        return spend.getInFlight() > 0
                || spend.getWaiting() > 0
                || Objects.requireNonNullElse(spend.getCanaries(), Map.<String, CanaryCounts>of()).values().stream()
                        .anyMatch(canary -> canary.getInFlight() > 0);
    }

    /** Publishes the last spend and gives up the lease. Does not close the producer. */
    @Override
    public void close() {
        thread.interrupt();
        runGuard.end();
        publish();
    }
}
