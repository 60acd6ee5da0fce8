package dev.precept.prompts;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.errors.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends records asynchronously with a bound on the bytes in flight: during a broker outage the sender blocks here, and no
 * record expires in the client's buffer. One thread sends; any thread may stop it.
 */
final class BoundedProducer implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(BoundedProducer.class);
    /** Half of the client's buffer, so that {@code send} never blocks in the client. */
    private static final int MAX_IN_FLIGHT_BYTES = 16 << 20;

    private static final Duration CLOSING = Duration.ofSeconds(5);
    private static final int POLL_MILLIS = 50;

    private final Producer<String, SpecificRecord> producer;
    private final Semaphore capacity = new Semaphore(MAX_IN_FLIGHT_BYTES);
    private final AtomicReference<Throwable> failure = new AtomicReference<>();
    private volatile boolean stopped;

    BoundedProducer(Producer<String, SpecificRecord> producer) {
        this.producer = producer;
    }

    /** Waits until the topic exists; returns false after {@link #stop} or a failure. */
    boolean awaitTopic(String topic) {
        while (isOpen()) {
            try {
                producer.partitionsFor(topic);
                return isOpen();
            } catch (TimeoutException e) {
                log.atWarn()
                        .addKeyValue("topic", topic)
                        .log("waiting for the topic: the broker does not respond, or the topic does not exist");
            }
        }
        return false;
    }

    /**
     * Sends a record as soon as the bound allows it.
     *
     * @param bytes approximate size of the record
     * @param acknowledged receives its coordinates when the broker has acknowledged it
     * @return false after {@link #stop} or a failure
     */
    @SuppressWarnings("FutureReturnValueIgnored") // the callback gets the same result
    boolean send(ProducerRecord<String, SpecificRecord> record, int bytes, Consumer<RecordMetadata> acknowledged)
            throws InterruptedException {
        int weight = Math.min(bytes, MAX_IN_FLIGHT_BYTES);
        if (!acquire(weight)) {
            return false;
        }
        Future<?> _ = producer.send(record, (metadata, error) -> {
            if (error == null) {
                acknowledged.accept(metadata);
            } else {
                failure.compareAndSet(
                        null,
                        new IllegalStateException(
                                "cannot publish to " + record.topic() + ": " + error.getMessage(), error));
            }
            capacity.release(weight);
        });
        return isOpen();
    }

    /** Waits until all sent records are acknowledged; returns false after {@link #stop} or a failure. */
    boolean awaitAcknowledged() throws InterruptedException {
        if (!acquire(MAX_IN_FLIGHT_BYTES)) {
            return false;
        }
        capacity.release(MAX_IN_FLIGHT_BYTES);
        return failure.get() == null;
    }

    Optional<Throwable> failure() {
        return Optional.ofNullable(failure.get());
    }

    boolean stopped() {
        return stopped;
    }

    boolean isOpen() {
        return !stopped && failure.get() == null;
    }

    /** Makes a blocked sending thread return. */
    void stop() {
        stopped = true;
    }

    private boolean acquire(int weight) throws InterruptedException {
        while (isOpen()) {
            if (capacity.tryAcquire(weight, POLL_MILLIS, TimeUnit.MILLISECONDS)) {
                return true;
            }
        }
        return false;
    }

    @Override
    public void close() {
        producer.close(CLOSING);
    }
}
