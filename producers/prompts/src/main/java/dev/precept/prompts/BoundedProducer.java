package dev.precept.prompts;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends records without waiting for each, but never has more than a bound of bytes under way, so that an outage of the
 * broker is waited for here and not in a buffer that times out. One thread sends; any thread may stop it.
 */
final class BoundedProducer implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(BoundedProducer.class);
    /** Half of what the client buffers, so that it never has to block or to give up. */
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

    /** Waits until the broker knows a topic; answers whether sending may go on. */
    boolean awaitTopic(String topic) {
        while (isOpen()) {
            try {
                producer.partitionsFor(topic);
                return isOpen();
            } catch (TimeoutException e) {
                log.atWarn()
                        .addKeyValue("topic", topic)
                        .log("the broker does not answer, or the topic is not there; waiting");
            }
        }
        return false;
    }

    /**
     * Hands a record over once there is room.
     *
     * @param bytes about how large it is
     * @param acknowledged run when the broker has it
     * @return whether sending may go on; false after {@link #stop} or a failure
     */
    @SuppressWarnings("FutureReturnValueIgnored") // the callback is told the same
    boolean send(ProducerRecord<String, SpecificRecord> record, int bytes, Runnable acknowledged)
            throws InterruptedException {
        int weight = Math.min(bytes, MAX_IN_FLIGHT_BYTES);
        if (!acquire(weight)) {
            return false;
        }
        Future<?> _ = producer.send(record, (at, problem) -> {
            if (problem == null) {
                acknowledged.run();
            } else {
                failure.compareAndSet(
                        null,
                        new IllegalStateException(
                                "cannot publish to " + record.topic() + ": " + problem.getMessage(), problem));
            }
            capacity.release(weight);
        });
        return isOpen();
    }

    /** Waits until everything handed over is acknowledged; answers whether that is so. */
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

    /** Makes the sending thread return soon, whatever it waits for. */
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
