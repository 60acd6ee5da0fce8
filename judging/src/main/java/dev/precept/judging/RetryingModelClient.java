package dev.precept.judging;

import dev.precept.model.Backoff;
import dev.precept.model.ChatModel;
import dev.precept.model.ChatRequest;
import dev.precept.model.ModelCallException;
import dev.precept.model.Reply;
import dev.precept.model.TokenUsage;
import dev.precept.records.Failure;
import dev.precept.records.Reason;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Repeats a call until the endpoint answers. Waiting for an endpoint that is down, busy or late, or for a run that is
 * paused or out of budget, has no limit and costs no attempt. A request is abandoned only if it is the likely cause:
 *
 * <ul>
 *   <li>it timed out three times in a row while the endpoint answered other requests, or
 *   <li>its response was unreadable five times in a row while a call made after the first of them was answered. A broken
 *       proxy responds fast, so answers to calls made before the failure must not count.
 * </ul>
 *
 * A cancelled run makes no call.
 */
final class RetryingModelClient implements ModelClient {
    private static final Logger log = LoggerFactory.getLogger(RetryingModelClient.class);
    private static final int TIMEOUTS_IN_A_ROW = 3;
    private static final int UNREADABLE_IN_A_ROW = 5;

    private final ChatModel model;
    private final Backoff backoff;
    private final Sleeper sleeper;
    private final SpendTracker spendTracker;
    private final RunGuard runGuard;
    private final AtomicLong answered = new AtomicLong();
    /** The number of the last call; calls are numbered in the order they are made. */
    private final AtomicLong made = new AtomicLong();

    private final AtomicLong newestAnswered = new AtomicLong();

    RetryingModelClient(
            ChatModel model, Backoff backoff, Sleeper sleeper, SpendTracker spendTracker, RunGuard runGuard) {
        this.model = model;
        this.backoff = backoff;
        this.sleeper = sleeper;
        this.spendTracker = spendTracker;
        this.runGuard = runGuard;
    }

    @Override
    public CallResult call(ChatRequest request, String slotId) throws InterruptedException {
        Streak streak = new Streak();
        while (true) {
            runGuard.awaitUnpaused();
            Optional<Failure> end = runGuard.terminalFailure();
            if (end.isPresent()) {
                return new CallResult.Failed(end.get());
            }
            long number = made.incrementAndGet();
            try {
                Reply reply = model.complete(request);
                if (!(reply instanceof Reply.Answered known) || !known.cacheHit()) {
                    answered.incrementAndGet();
                    newestAnswered.accumulateAndGet(number, Math::max);
                }
                spendTracker.record(reply);
                return new CallResult.Completed(reply);
            } catch (ModelCallException.NotPermitted notPermitted) {
                runGuard.awaitMayCall();
            } catch (ModelCallException failed) {
                spendTracker.record(failed);
                Optional<CallResult> abandoned = streak.after(failed);
                if (abandoned.isPresent()) {
                    return abandoned.get();
                }
                report(failed, slotId, streak.failures);
                pause(failed, streak.failures);
            }
        }
    }

    /** The consecutive failures of one request. */
    private final class Streak {
        private final long answeredBefore = answered.get();
        private int failures;
        private int timeouts;
        private int unreadable;
        private long madeBefore;

        /** Records a failure. The result if the request is to be abandoned; empty if it is to be retried. */
        Optional<CallResult> after(ModelCallException failed) {
            failures++;
            timeouts = failed instanceof ModelCallException.TimedOut ? timeouts + 1 : 0;
            if (timeouts >= TIMEOUTS_IN_A_ROW && answered.get() > answeredBefore) {
                return Optional.of(new CallResult.Failed(new Failure(
                        Reason.TIMED_OUT, "timed out three times in a row while the endpoint answered others")));
            }
            unreadable = failed instanceof ModelCallException.Unreadable ? unreadable + 1 : 0;
            if (unreadable == 1) {
                madeBefore = made.get();
            }
            if (unreadable >= UNREADABLE_IN_A_ROW && newestAnswered.get() > madeBefore) {
                return Optional.of(new CallResult.Completed(new Reply.Malformed(
                        "unreadable " + unreadable + " times in a row while the endpoint answered others: "
                                + failed.getMessage(),
                        TokenUsage.NONE)));
            }
            return Optional.empty();
        }
    }

    /** A rate-limited call without Retry-After waits in the pool, whose limit has just shrunk. */
    private void pause(ModelCallException failed, int failures) throws InterruptedException {
        if (!(failed instanceof ModelCallException.RateLimited)
                || failed.retryAfter().isPresent()) {
            sleeper.sleep(backoff.next(failures, failed.retryAfter()));
        }
    }

    private static void report(ModelCallException failed, String slotId, int failures) {
        var event = failed instanceof ModelCallException.Misconfigured ? log.atError() : log.atWarn();
        event.addKeyValue("slot", slotId)
                .addKeyValue("failures", failures)
                .addKeyValue("cause", failed.getMessage())
                .log("model call failed; retrying");
    }
}
