package dev.precept.judging;

import dev.precept.model.Backoff;
import dev.precept.model.ChatRequest;
import dev.precept.model.ModelCallException;
import dev.precept.model.Reply;
import dev.precept.model.resilience.EndpointPool;
import dev.precept.records.Failure;
import dev.precept.records.Reason;
import java.util.Optional;

/**
 * Makes calls that no task waits for: through the same places at the same endpoints and on the same account as all
 * others, a few times at most, none that the run does not permit now, and none while every endpoint is out or the
 * worker stops. One that queues for a place when an outage begins goes on to wait for it.
 */
public final class BestEffortModelClient implements ModelClient {
    private static final int MOST_FAILURES = 3;

    private final EndpointPool pool;
    private final Backoff backoff;
    private final SpendTracker spendTracker;
    private final RunGuard runGuard;

    /** @param pool itself, and nothing before it that remembers: what is asked here is asked to be measured */
    public BestEffortModelClient(EndpointPool pool, Backoff backoff, SpendTracker spendTracker, RunGuard runGuard) {
        this.pool = pool;
        this.backoff = backoff;
        this.spendTracker = spendTracker;
        this.runGuard = runGuard;
    }

    @Override
    public CallResult call(ChatRequest request, String slotId) throws InterruptedException {
        for (int failures = 1; runGuard.mayCallInBackground(); failures++) {
            Optional<String> outage = pool.outage();
            if (outage.isPresent()) {
                return givenUp("no endpoint is up: " + outage.get());
            }
            try {
                Reply reply = pool.complete(request);
                spendTracker.record(reply);
                return new CallResult.Completed(reply);
            } catch (ModelCallException.NotPermitted notPermitted) {
                break;
            } catch (ModelCallException failed) {
                spendTracker.record(failed);
                if (failures == MOST_FAILURES) {
                    return givenUp("failed " + failures + " times");
                }
                runGuard.sleep(backoff.next(failures, failed.retryAfter()));
            }
        }
        return givenUp("the run makes no calls now, or the worker stops");
    }

    private static CallResult givenUp(String why) {
        return new CallResult.Failed(new Failure(Reason.UNJUDGEABLE, why));
    }
}
