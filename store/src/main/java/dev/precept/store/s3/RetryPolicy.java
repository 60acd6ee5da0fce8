package dev.precept.store.s3;

import dev.precept.store.StoreException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.retries.api.BackoffStrategy;

/**
 * Retries a request a limited number of times, with exponential back-off and full jitter so that the clients of an
 * overloaded store do not return together. Thread-safe.
 *
 * @param maxAttempts attempts of one request
 */
record RetryPolicy(Bucket bucket, String server, int maxAttempts) {
    private static final Logger log = LoggerFactory.getLogger(RetryPolicy.class);
    private static final BackoffStrategy BACKOFF =
            BackoffStrategy.exponentialDelay(Duration.ofMillis(100), Duration.ofSeconds(10));

    /** About half a minute on average before an outage is reported. */
    static RetryPolicy standard(Bucket bucket, String server) {
        return new RetryPolicy(bucket, server, 12);
    }

    /** About two seconds: a user at a terminal waits to learn that the address is wrong. */
    RetryPolicy withFewerAttempts() {
        return new RetryPolicy(bucket, server, 5);
    }

    /** A request. It is repeated after a transient error, even if the lost reply may have been a success. */
    interface Request<T> {
        T send() throws IOException;
    }

    /**
     * @param operation the object and what is done to it, for messages
     * @throws StoreException.Misconfigured if no attempt can succeed
     * @throws StoreException.Corrupt if the content read never matches its checksum
     * @throws StoreException.Unavailable if every attempt failed
     */
    <T> T execute(String operation, Request<T> request) throws IOException {
        for (int attempt = 1; ; attempt++) {
            String reason;
            try {
                return request.send();
            } catch (AbortedException e) {
                throw interrupted(operation, e);
            } catch (SdkException e) {
                reason = transientReason(operation, e);
                if (attempt >= maxAttempts) {
                    throw unavailable(operation, reason, attempt, e);
                }
            } catch (RetryableException e) {
                reason = String.valueOf(e.getMessage());
                if (attempt >= Math.min(maxAttempts, e.maxAttempts())) {
                    throw e.isCorrupt()
                            ? new StoreException.Corrupt(
                                    exhausted(operation, reason, attempt) + "put the right content back", e)
                            : unavailable(operation, reason, attempt, e);
                }
            }
            log.atDebug()
                    .addKeyValue("request", operation)
                    .addKeyValue("attempt", attempt)
                    .addKeyValue("reason", reason)
                    .log("retrying a request to the store");
            pause(operation, attempt);
        }
    }

    private String transientReason(String operation, SdkException e) throws StoreException.Misconfigured {
        return switch (S3ErrorClass.classify(e, bucket, server)) {
            case S3ErrorClass.Transient(String what) -> what;
            case S3ErrorClass.Permanent(String what) ->
                throw new StoreException.Misconfigured(operation + ": " + what, e);
        };
    }

    private static StoreException unavailable(String operation, String reason, int attempts, Exception e) {
        return new StoreException.Unavailable(
                exhausted(operation, reason, attempts) + "try again when the store is available", e);
    }

    private static String exhausted(String operation, String reason, int attempts) {
        return operation + ": " + reason + ", " + attempts + " times in a row; ";
    }

    private static void pause(String operation, int attempt) throws InterruptedIOException {
        try {
            Thread.sleep(BACKOFF.computeDelay(attempt + 1)); // the SDK counts the first attempt, which has no delay
        } catch (InterruptedException e) {
            throw interrupted(operation, e);
        }
    }

    private static InterruptedIOException interrupted(String operation, Exception e) {
        Thread.currentThread().interrupt();
        InterruptedIOException stopped = new InterruptedIOException(operation + ": stopped");
        stopped.initCause(e);
        return stopped;
    }
}
