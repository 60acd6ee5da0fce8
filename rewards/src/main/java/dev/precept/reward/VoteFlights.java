package dev.precept.reward;

import dev.precept.judging.Excerpts;
import dev.precept.judging.JudgedWork;
import dev.precept.model.Backoff;
import dev.precept.reward.NoRewardException.Cause;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The votes that are being obtained, each once, however many requests wait for it. A vote goes on after the deadline of its request, since
 * it is paid: a repeated request finds it. Thread-safe.
 */
final class VoteFlights implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(VoteFlights.class);
    private static final Duration CHECK_INTERVAL = Duration.ofSeconds(1);
    /** Of the threads of votes that are given up. */
    private static final Duration LONGEST_END = Duration.ofSeconds(5);

    private final VoteCalls calls;
    private final VoteStore store;
    private final Duration patience;
    private final int limit;
    private final Map<String, Flight> flights = new ConcurrentHashMap<>();
    private final CountDownLatch closed = new CountDownLatch(1);

    /** A vote, and whether it was known before the request. */
    record Obtained(StoredVote vote, boolean stored) {}

    /**
     * @param patience how long a vote that no request waits for goes on
     * @param limit of votes that are being obtained
     */
    VoteFlights(VoteCalls calls, VoteStore store, Duration patience, int limit) {
        this.calls = calls;
        this.store = store;
        this.patience = patience;
        this.limit = limit;
        Thread.ofPlatform().daemon().name("reward-flights").start(this::endForgotten);
    }

    int size() {
        return flights.size();
    }

    /** @throws NoRewardException if too many votes are being obtained, or the service stops */
    Flight vote(JudgedWork.AnswerOnly work, Excerpts.EncodedExcerpt excerpt, int vote) throws NoRewardException {
        requireRunning();
        String key = calls.key(work, excerpt, vote);
        if (flights.size() >= limit && !flights.containsKey(key)) {
            throw new NoRewardException(Cause.OVERLOADED, limit + " votes are being obtained already");
        }
        // One step, as giving up is: no request waits for a vote that is given up, or that failed before it came.
        return flights.compute(
                key,
                (_, known) -> known == null || known.hasFailed()
                        ? new Flight(key, work, excerpt, vote).started()
                        : known.extended());
    }

    private void requireRunning() throws NoRewardException {
        if (isStopping()) {
            throw new NoRewardException(Cause.STOPPING, "the service stops");
        }
    }

    private boolean isStopping() {
        return closed.getCount() == 0;
    }

    /** A vote that is being obtained. */
    final class Flight {
        private final String key;
        private final JudgedWork.AnswerOnly work;
        private final Excerpts.EncodedExcerpt excerpt;
        private final int vote;
        private final CompletableFuture<Obtained> result = new CompletableFuture<>();
        private final Thread thread;
        private volatile long until;
        private volatile boolean unstored;
        private final AtomicBoolean claimed = new AtomicBoolean();

        private Flight(String key, JudgedWork.AnswerOnly work, Excerpts.EncodedExcerpt excerpt, int vote) {
            this.key = key;
            this.work = work;
            this.excerpt = excerpt;
            this.vote = vote;
            this.thread =
                    Thread.ofVirtual().name("vote-" + key.substring(0, 12)).unstarted(this::run);
            this.until = System.nanoTime() + patience.toNanos();
        }

        private Flight started() {
            thread.start();
            return this;
        }

        /** The same, for one more request. */
        private Flight extended() {
            until = System.nanoTime() + patience.toNanos();
            return this;
        }

        /** True for one of the requests that wait for it, and false for the others. */
        boolean claim() {
            return claimed.compareAndSet(false, true);
        }

        private boolean hasFailed() {
            return result.isCompletedExceptionally();
        }

        private boolean isForgotten() {
            return System.nanoTime() - until > 0;
        }

        /**
         * Waits for the vote.
         *
         * @param started when the request arrived, as of {@link System#nanoTime}
         * @param deadline of the request
         * @throws NoRewardException if there is none by the deadline
         */
        Obtained await(long started, Duration deadline) throws NoRewardException, InterruptedException {
            try {
                long left = deadline.toNanos() - (System.nanoTime() - started);
                return result.get(Math.max(0, left), TimeUnit.NANOSECONDS);
            } catch (TimeoutException e) {
                String after = " after " + deadline.toSeconds() + " s; ";
                throw unstored
                        ? new NoRewardException(Cause.STORE, "a vote cannot be stored" + after + "it is tried again")
                        : new NoRewardException(Cause.DEADLINE, "the votes are not complete" + after + "they go on");
            } catch (ExecutionException e) {
                if (e.getCause() instanceof NoRewardException why) {
                    throw why;
                }
                throw new IllegalStateException("a vote ended with " + e.getCause(), e);
            }
        }

        private void run() {
            try {
                requireRunning(); // again: this may have started behind the end
                Optional<StoredVote> known = store.find(key);
                result.complete(
                        known.isPresent()
                                ? new Obtained(known.get(), true)
                                : new Obtained(keep(calls.obtain(work, excerpt, vote)), false));
            } catch (NoRewardException e) {
                result.completeExceptionally(e);
            } catch (InterruptedException e) {
                Cause cause = isStopping() ? Cause.STOPPING : unstored ? Cause.STORE : Cause.DEADLINE;
                result.completeExceptionally(new NoRewardException(cause, "the vote was given up"));
            } catch (IOException e) {
                log.atWarn()
                        .addKeyValue("key", key)
                        .addKeyValue("cause", String.valueOf(e))
                        .log("cannot read vote");
                result.completeExceptionally(
                        new NoRewardException(Cause.STORE, "a vote cannot be read: " + e.getMessage()));
            } catch (RuntimeException | Error e) {
                log.atError().setCause(e).addKeyValue("key", key).log("cannot obtain vote");
                result.completeExceptionally(new NoRewardException(Cause.FAILED, "an error of this program"));
            } finally {
                flights.remove(key, this);
            }
        }

        /** Repeats a failed write, since the vote is paid, until the vote is given up: then it is lost. */
        private StoredVote keep(StoredVote obtained) throws InterruptedException {
            Backoff backoff = new Backoff(
                    Duration.ofMillis(200),
                    Duration.ofSeconds(5),
                    () -> ThreadLocalRandom.current().nextLong());
            for (int failures = 1; ; failures++) {
                try {
                    return store.keepFirst(key, obtained);
                } catch (IOException e) {
                    unstored = true;
                    if (failures == 1) {
                        log.atWarn()
                                .addKeyValue("key", key)
                                .addKeyValue("cause", String.valueOf(e))
                                .log("cannot store vote");
                    }
                    Thread.sleep(backoff.next(failures, Optional.empty()));
                }
            }
        }
    }

    private void endForgotten() {
        try {
            while (!closed.await(CHECK_INTERVAL.toMillis(), TimeUnit.MILLISECONDS)) {
                flights.keySet().forEach(this::giveUpIfForgotten);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void giveUpIfForgotten(String key) {
        flights.computeIfPresent(key, (_, flight) -> {
            if (!flight.isForgotten()) {
                return flight;
            }
            flight.thread.interrupt();
            return null; // a later request asks for the vote anew
        });
    }

    /** Starts no more votes. */
    void stop() {
        closed.countDown();
    }

    /** Waits until no vote is being obtained, for at most so long. */
    void awaitEnd(Duration longest) throws InterruptedException {
        long end = System.nanoTime() + longest.toNanos();
        for (Flight flight : flights.values()) {
            Duration left = Duration.ofNanos(Math.max(0, end - System.nanoTime()));
            boolean _ = flight.thread.join(left);
        }
    }

    /** Gives up all votes. When it returns, their calls are booked. */
    @Override
    public void close() {
        stop();
        flights.values().forEach(flight -> flight.thread.interrupt());
        try {
            awaitEnd(LONGEST_END);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
