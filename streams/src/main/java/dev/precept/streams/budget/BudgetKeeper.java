package dev.precept.streams.budget;

import dev.precept.kafka.KafkaAccess;
import dev.precept.runtime.LoopThread;
import dev.precept.runtime.Membership;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Grants the budget of each run to its workers as leases. All processes of the topology run one; the group of the topic
 * {@code spend} assigns each run, by its partition, to one of them, and transactions fence the one before. After an error
 * of Kafka it starts over from the topics. Thread-safe.
 */
public final class BudgetKeeper implements AutoCloseable {
    /** The consumer group, and the role in client ids. */
    public static final String ROLE = "keeper";

    private static final Logger log = LoggerFactory.getLogger(BudgetKeeper.class);
    private static final Duration PAUSE = Duration.ofSeconds(1);

    private final KafkaAccess kafka;
    private final Membership membership;
    private final LoopThread thread;
    private final CountDownLatch stopped = new CountDownLatch(1);

    /** @param membership distinguishes the processes of the topology */
    public BudgetKeeper(KafkaAccess kafka, Membership membership) {
        this.kafka = kafka;
        this.membership = membership;
        this.thread = new LoopThread(membership.name(ROLE), this::loop, stopped::countDown);
    }

    public void start() {
        thread.start();
    }

    /** The error of the program that ended it; an outage does not. */
    public Optional<Throwable> failure() {
        return thread.failure();
    }

    private void loop() {
        while (!isStopped(Duration.ZERO)) {
            try (KeeperSession session = new KeeperSession(kafka, membership)) {
                while (!isStopped(Duration.ZERO)) {
                    session.poll();
                }
            } catch (KafkaException e) {
                log.atWarn().setCause(e).log("the keeper of the budget starts over");
                if (isStopped(PAUSE)) {
                    return;
                }
            }
        }
    }

    private boolean isStopped(Duration wait) {
        try {
            return stopped.await(wait.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        }
    }

    @Override
    public void close() {
        thread.close();
    }
}
