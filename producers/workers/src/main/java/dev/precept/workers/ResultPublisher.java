package dev.precept.workers;

import dev.precept.consumer.Permit;
import dev.precept.kafka.KafkaAccess;
import dev.precept.kafka.PublishFailure;
import dev.precept.schemas.Topic;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Publishes the results of tasks. Waits through every outage: a result is paid for. Thread-safe. */
final class ResultPublisher implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(ResultPublisher.class);
    private static final Duration RETRY_INTERVAL = Duration.ofSeconds(1);
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(10);
    /** Of a result with its task, roughly. */
    private static final long BYTES_FOR_EACH_RECORD = 64 << 10;

    private static final long MIN_BUFFER_BYTES = 32L << 20;

    private final KafkaAccess kafka;
    private final Producer<String, SpecificRecord> producer;
    private volatile @Nullable String problem;

    /** A record that can never be published. */
    static final class UnpublishableException extends Exception {
        private static final long serialVersionUID = 1L;

        UnpublishableException(String topic, Throwable cause) {
            super("cannot publish to " + topic + ": " + cause.getMessage(), cause);
        }
    }

    /** @param maxInFlight records that are published at once */
    ResultPublisher(KafkaAccess kafka, String clientId, int maxInFlight) {
        this(kafka, kafka.producer(clientId, settings(maxInFlight)));
    }

    ResultPublisher(KafkaAccess kafka, Producer<String, SpecificRecord> producer) {
        this.kafka = kafka;
        this.producer = producer;
    }

    /** The results in flight fit into the buffer, as far as the heap allows; beyond that, a send waits for space. */
    private static Map<String, Object> settings(int maxInFlight) {
        long most = Math.max(MIN_BUFFER_BYTES, Runtime.getRuntime().maxMemory() / 8);
        long buffer = Math.clamp(maxInFlight * BYTES_FOR_EACH_RECORD, MIN_BUFFER_BYTES, most);
        return Map.of("max.block.ms", Long.MAX_VALUE, "buffer.memory", buffer);
    }

    /** Why results cannot be published at present, in one line; empty if they can. */
    Optional<String> problem() {
        return Optional.ofNullable(problem);
    }

    /**
     * Returns once the broker has acknowledged the record.
     *
     * @param permit of the task, which is parked between two attempts
     * @throws UnpublishableException if the record is the cause of the failure
     */
    void publish(Topic<?> topic, String key, SpecificRecord value, Permit permit)
            throws InterruptedException, UnpublishableException {
        String name = kafka.namespace().name(topic);
        while (true) {
            Throwable failure;
            try {
                producer.send(new ProducerRecord<>(name, key, value)).get();
                problem = null;
                return;
            } catch (ExecutionException e) {
                failure = Objects.requireNonNullElse(e.getCause(), e);
            } catch (InterruptException e) {
                throw new InterruptedException("interrupted while publishing to " + name);
            } catch (KafkaException e) {
                failure = e;
            }
            switch (PublishFailure.classify(failure)) {
                case RECORD -> throw new UnpublishableException(name, failure);
                case PRODUCER -> throw new IllegalStateException("cannot publish to " + topic.name(), failure);
                case OUTAGE -> awaitRetry(name, failure, permit);
            }
        }
    }

    private void awaitRetry(String topic, Throwable failure, Permit permit) throws InterruptedException {
        problem = "cannot publish to " + topic + ": " + failure.getMessage();
        log.atWarn()
                .addKeyValue("topic", topic)
                .addKeyValue("cause", String.valueOf(failure.getMessage()))
                .log("cannot publish a result; retrying");
        permit.park(RETRY_INTERVAL);
    }

    @Override
    public void close() {
        producer.close(CLOSE_TIMEOUT);
    }
}
