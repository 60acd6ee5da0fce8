package dev.precept.reward;

import dev.precept.judging.AnswerJudge;
import dev.precept.judging.Excerpts;
import dev.precept.judging.JudgedWork;
import dev.precept.judging.Parking;
import dev.precept.judging.ScoreResult;
import dev.precept.model.Backoff;
import dev.precept.records.Failure;
import dev.precept.records.Reason;
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
import java.util.function.IntFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The votes that are being obtained, each once, however many requests wait for it. A vote goes on after the deadline of its request, since
 * it is paid: a repeated request finds it. Thread-safe.
 */
final class VoteFlights implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(VoteFlights.class);
    private static final int ROUNDS = 3;
    private static final Duration CHECK_INTERVAL = Duration.ofSeconds(1);

    private final AnswerJudge judge;
    private final VoteStore store;
    private final IntFunction<Parking> parking;
    private final Duration patience;
    private final int limit;
    private final Map<String, Flight> flights = new ConcurrentHashMap<>();
    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile boolean overBudget;

    /** A vote, and whether it was known before the request. */
    record Obtained(StoredVote vote, boolean stored) {}

    /**
     * @param parking by the number of the vote
     * @param patience how long a vote that no request waits for goes on
     * @param limit of votes that are being obtained
     */
    VoteFlights(AnswerJudge judge, VoteStore store, IntFunction<Parking> parking, Duration patience, int limit) {
        this.judge = judge;
        this.store = store;
        this.parking = parking;
        this.patience = patience;
        this.limit = limit;
        Thread.ofPlatform().daemon().name("reward-flights").start(this::endForgotten);
    }

    /** Whether a vote could not be obtained because the budget is spent. */
    boolean isOverBudget() {
        return overBudget;
    }

    int size() {
        return flights.size();
    }

    /** @throws NoRewardException if too many votes are being obtained */
    Flight vote(JudgedWork.AnswerOnly work, Excerpts.EncodedExcerpt excerpt, int vote) throws NoRewardException {
        String key = judge.key(work, excerpt, vote);
        if (flights.size() >= limit && !flights.containsKey(key)) {
            throw new NoRewardException(Cause.OVERLOADED, limit + " votes are being obtained already");
        }
        Flight started = new Flight(key, work, excerpt, vote);
        Flight flight = flights.computeIfAbsent(key, _ -> started);
        flight.extend();
        if (flight == started) {
            flight.thread.start();
        }
        return flight;
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

        private Flight(String key, JudgedWork.AnswerOnly work, Excerpts.EncodedExcerpt excerpt, int vote) {
            this.key = key;
            this.work = work;
            this.excerpt = excerpt;
            this.vote = vote;
            this.thread =
                    Thread.ofVirtual().name("vote-" + key.substring(0, 12)).unstarted(this::run);
            extend(); // before it is known to the thread that ends those that no request waits for
        }

        private void extend() {
            until = System.nanoTime() + patience.toNanos();
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
                Optional<StoredVote> known = store.find(key);
                result.complete(
                        known.isPresent() ? new Obtained(known.get(), true) : new Obtained(keep(obtain()), false));
            } catch (NoRewardException e) {
                result.completeExceptionally(e);
            } catch (InterruptedException e) {
                Cause cause = closed.getCount() == 0 ? Cause.STOPPING : unstored ? Cause.STORE : Cause.DEADLINE;
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

        private StoredVote obtain() throws NoRewardException, InterruptedException {
            String why = "";
            boolean asksAgain = true;
            for (int round = 1; round <= ROUNDS && asksAgain; round++) {
                switch (judge.vote(work, excerpt, vote, round, parking.apply(vote))) {
                    case ScoreResult.Valid valid -> {
                        return StoredVote.of(valid.vote());
                    }
                    case ScoreResult.Failed(Failure failure, boolean again, String _) -> {
                        if (failure.getReason() == Reason.OVER_BUDGET) {
                            overBudget = true;
                            throw new NoRewardException(Cause.BUDGET, "the budget is spent");
                        }
                        why = failure.getDetail();
                        asksAgain = again;
                    }
                }
            }
            throw new NoRewardException(Cause.JUDGE, "the judge gives no vote: " + why);
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
                long now = System.nanoTime();
                flights.values().stream()
                        .filter(flight -> now - flight.until > 0)
                        .forEach(flight -> flight.thread.interrupt());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Gives up all votes. */
    @Override
    public void close() {
        closed.countDown();
        flights.values().forEach(flight -> flight.thread.interrupt());
    }
}
