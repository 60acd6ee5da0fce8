package dev.precept.workers;

import dev.precept.judging.RunGuard;
import dev.precept.judging.SpendKey;
import dev.precept.kafka.KafkaAccess;
import dev.precept.records.Lease;
import dev.precept.records.Run;
import dev.precept.runtime.LoopThread;
import dev.precept.schemas.Topics;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.Deserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the guard of a worker at the state of its run and at its share of the budget. Reads two partitions: that of the
 * run in {@code runs}, from its beginning, and that of the worker in {@code leases}, from its end, since an instance that
 * starts has no lease.
 */
final class RunStateReader implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(RunStateReader.class);
    private static final Duration POLL = Duration.ofSeconds(1);
    private static final Duration RETRY = Duration.ofSeconds(1);
    /** A broker answers a fetch at once if there is a record. Workers that wait for none ask seldom. */
    private static final int IDLE_FETCH_MILLIS = 5_000;

    private final SpendKey own;
    private final RunGuard runGuard;
    private final TopicPartition runs;
    private final TopicPartition leases;
    private final Consumer<String, byte[]> consumer;
    private final Deserializer<Run> runDeserializer;
    private final Deserializer<Lease> leaseDeserializer;
    private final LoopThread thread;
    private volatile boolean stopping;

    /** @param own this worker */
    RunStateReader(KafkaAccess kafka, SpendKey own, RunGuard runGuard) {
        this.own = own;
        this.runGuard = runGuard;
        this.runs = new TopicPartition(kafka.namespace().name(Topics.RUNS), kafka.partitionOf(own.runId()));
        this.leases = new TopicPartition(kafka.namespace().name(Topics.LEASES), kafka.partitionOf(own.text()));
        String name = "run-state-" + own.member();
        this.consumer = kafka.consumer(name, Map.of("fetch.max.wait.ms", IDLE_FETCH_MILLIS));
        this.runDeserializer = kafka.serdes().deserializer(Topics.RUNS);
        this.leaseDeserializer = kafka.serdes().deserializer(Topics.LEASES);
        this.thread = new LoopThread(name, this::loop, this::wakeUp);
    }

    /** Reads the state of the run before it returns, so that a paused run makes no first calls. */
    void start() {
        consumer.assign(List.of(runs, leases));
        consumer.seekToBeginning(List.of(runs));
        consumer.seekToEnd(List.of(leases));
        long end = consumer.endOffsets(List.of(runs)).getOrDefault(runs, 0L);
        long _ = consumer.position(leases); // fixes the position before the first report asks for a lease
        while (consumer.position(runs) < end) {
            consumer.poll(POLL).forEach(this::apply);
        }
        thread.start();
    }

    private void loop() {
        while (!stopping) {
            try {
                consumer.poll(POLL).forEach(this::apply);
            } catch (WakeupException e) {
                log.atDebug().log("woken up to stop");
            } catch (KafkaException e) {
                log.atWarn().setCause(e).log("cannot refresh run state; using the last known one");
                pause();
            }
        }
    }

    private void apply(ConsumerRecord<String, byte[]> record) {
        if (record.value() == null) {
            return;
        }
        if (record.topic().equals(runs.topic())) {
            if (record.key().equals(own.runId())) {
                runGuard.update(runDeserializer.deserialize(record.topic(), record.value()));
            }
        } else if (record.key().equals(own.text())) {
            runGuard.update(leaseDeserializer.deserialize(record.topic(), record.value()));
        }
    }

    private void pause() {
        try {
            Thread.sleep(RETRY);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            stopping = true;
        }
    }

    private void wakeUp() {
        stopping = true;
        consumer.wakeup();
    }

    @Override
    public void close() {
        thread.close();
        consumer.close(CloseOptions.timeout(Duration.ZERO)); // not after the fetch that waits at the broker
        runDeserializer.close();
        leaseDeserializer.close();
    }
}
