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
 * Makes one call until the endpoint has answered it. An endpoint that is down, busy or late is waited for without end and
 * costs no attempt, and so is a run that is paused or whose budget is spent. A request is given up only where it alone is
 * to blame: late three times in a row while others are answered, or answered with something unreadable five times in a row
 * while a call that was made after the first of them is answered. The latter asks for more because an outage that answers
 * is quick: answers that were under way when it began must not count against those that come after. What a cancelled run
 * leaves is not asked.
 */
public final class RetryingModelClient implements ModelClient {
    private static final Logger log = LoggerFactory.getLogger(RetryingModelClient.class);
    private static final int TIMEOUTS_IN_A_ROW = 3;
    private static final int UNREADABLE_IN_A_ROW = 5;

    private final ChatModel model;
    private final Backoff backoff;
    private final Sleeper sleeper;
    private final SpendTracker spendTracker;
    private final RunGuard runGuard;
    private final AtomicLong answered = new AtomicLong();
    /** Calls are numbered as they are made. */
    private final AtomicLong made = new AtomicLong();

    private final AtomicLong newestAnswered = new AtomicLong();

    public RetryingModelClient(
            ChatModel model, Backoff backoff, Sleeper sleeper, SpendTracker spendTracker, RunGuard runGuard) {
        this.model = model;
        this.backoff = backoff;
        this.sleeper = sleeper;
        this.spendTracker = spendTracker;
        this.runGuard = runGuard;
    }

    /** Makes the call as often as it takes, and as long as the run allows it. */
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
                Optional<CallResult> givenUp = streak.after(failed);
                if (givenUp.isPresent()) {
                    return givenUp.get();
                }
                report(failed, slotId, streak.failures);
                pause(failed, streak.failures);
            }
        }
    }

    /** The failures of one request, in a row: is it alone to blame? */
    private final class Streak {
        private final long answeredBefore = answered.get();
        private int failures;
        private int timeouts;
        private int unreadable;
        private long madeBefore;

        /** What to give the request up with; empty as long as it is worth another call. */
        Optional<CallResult> after(ModelCallException failed) {
            failures++;
            timeouts = failed instanceof ModelCallException.TimedOut ? timeouts + 1 : 0;
            if (timeouts >= TIMEOUTS_IN_A_ROW && answered.get() > answeredBefore) {
                return Optional.of(new CallResult.Failed(
                        new Failure(Reason.TIMED_OUT, "late three times in a row while the endpoint answered others")));
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

    /** A call that only found its endpoint full queues for it again at once: the limit has shrunk, and knows when. */
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
                .log("a call failed and will be made again");
    }
}
