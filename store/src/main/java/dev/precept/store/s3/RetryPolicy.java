package dev.precept.store.s3;

import dev.precept.store.ObjectDamaged;
import dev.precept.store.StoreRefused;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.core.exception.SdkException;

/**
 * Tries a request until it is answered, a limited number of times. Between two tries lies a random time below a bound that
 * doubles, so that many clients of a store in trouble do not come back together. Thread-safe.
 *
 * @param maxAttempts tries of one request
 * @param initialDelay bound of the first pause
 * @param maxDelay bound of any pause
 */
record RetryPolicy(Bucket bucket, String server, int maxAttempts, Duration initialDelay, Duration maxDelay) {
    private static final Logger log = LoggerFactory.getLogger(RetryPolicy.class);
    private static final int MOST_DOUBLINGS = 20;

    /** About half a minute on average before an outage is reported. */
    static RetryPolicy standard(Bucket bucket, String server) {
        return new RetryPolicy(bucket, server, 12, Duration.ofMillis(100), Duration.ofSeconds(10));
    }

    /** About two seconds: somebody waits at a terminal to learn that the address is wrong. */
    RetryPolicy withFewerAttempts() {
        return new RetryPolicy(bucket, server, 5, initialDelay, maxDelay);
    }

    /** A request. It is made again after passing trouble, also when the lost reply may have been a yes. */
    interface Request<T> {
        T send() throws IOException;
    }

    /**
     * @param doing the object and what is done to it, for messages
     * @throws StoreRefused if no try can succeed
     * @throws ObjectDamaged if what comes is never what was stored
     * @throws IOException if none did
     */
    <T> T execute(String doing, Request<T> request) throws IOException {
        for (int tries = 1; ; tries++) {
            String what;
            Exception why;
            int enough = maxAttempts;
            try {
                return request.send();
            } catch (AbortedException e) {
                throw stopped(doing, e);
            } catch (SdkException e) {
                what = passing(doing, e);
                why = e;
            } catch (RetryableException e) {
                what = String.valueOf(e.getMessage());
                why = e;
                enough = Math.min(maxAttempts, e.maxAttempts());
            }
            if (tries >= enough
                    && why instanceof RetryableException retryableException
                    && retryableException.isCorrupt()) {
                throw new ObjectDamaged(
                        doing + ": " + what + ", " + tries + " times in a row; put the right content back", why);
            }
            if (tries >= enough) {
                throw new IOException(
                        doing + ": " + what + ", " + tries + " times in a row; try again when the store is well", why);
            }
            log.atDebug()
                    .addKeyValue("request", doing)
                    .addKeyValue("tries", tries)
                    .addKeyValue("trouble", what)
                    .log("a request to the store is made again");
            pause(doing, tries);
        }
    }

    private String passing(String doing, SdkException e) throws StoreRefused {
        return switch (S3ErrorClass.classify(e, bucket, server)) {
            case S3ErrorClass.Transient(String what) -> what;
            case S3ErrorClass.Permanent(String what) -> throw new StoreRefused(doing + ": " + what, e);
        };
    }

    private void pause(String doing, int tries) throws InterruptedIOException {
        long bound = Math.min(maxDelay.toMillis(), initialDelay.toMillis() << Math.min(tries - 1, MOST_DOUBLINGS));
        try {
            Thread.sleep(ThreadLocalRandom.current().nextLong(bound + 1));
        } catch (InterruptedException e) {
            throw stopped(doing, e);
        }
    }

    private static InterruptedIOException stopped(String doing, Exception e) {
        Thread.currentThread().interrupt();
        InterruptedIOException stopped = new InterruptedIOException(doing + ": stopped");
        stopped.initCause(e);
        return stopped;
    }
}
