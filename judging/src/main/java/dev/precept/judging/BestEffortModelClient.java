package dev.precept.judging;

import dev.precept.model.Backoff;
import dev.precept.model.ChatModel;
import dev.precept.model.ChatRequest;
import dev.precept.model.ModelCallException;
import dev.precept.model.Reply;
import dev.precept.model.resilience.EndpointPool;
import dev.precept.records.Failure;
import dev.precept.records.Reason;
import java.util.Optional;

/**
 * Calls the model where no decision waits for the answer. Shares endpoints, permits and budget with {@link
 * RetryingModelClient}, but retries at most twice and fails at once while the run permits no calls, every endpoint is down
 * or the worker stops. A call that waits for a permit when an outage begins keeps waiting.
 */
final class BestEffortModelClient implements ModelClient {
    private static final int MAX_ATTEMPTS = 3;

    private final ChatModel model;
    private final EndpointPool pool;
    private final Backoff backoff;
    private final SpendTracker spendTracker;
    private final RunGuard runGuard;

    /** @param model the pool, or a cache before it; without one where a measurement needs a real call */
    BestEffortModelClient(
            ChatModel model, EndpointPool pool, Backoff backoff, SpendTracker spendTracker, RunGuard runGuard) {
        this.model = model;
        this.pool = pool;
        this.backoff = backoff;
        this.spendTracker = spendTracker;
        this.runGuard = runGuard;
    }

    @Override
    public CallResult call(ChatRequest request, String slotId, Parking parking) throws InterruptedException {
        for (int failures = 1; runGuard.mayCallInBackground(); failures++) {
            Optional<String> outage = pool.outage();
            if (outage.isPresent()) {
                return abandoned("every endpoint is down: " + outage.get());
            }
            try {
                Reply reply = model.complete(request);
                spendTracker.record(reply);
                return new CallResult.Completed(reply);
            } catch (ModelCallException.NotPermitted notPermitted) {
                break;
            } catch (ModelCallException failed) {
                spendTracker.record(failed);
                if (failures == MAX_ATTEMPTS) {
                    return abandoned("failed " + failures + " times");
                }
                parking.park(backoff.next(failures, failed.retryAfter()));
            }
        }
        return abandoned("the run makes no calls now, or the worker is stopping");
    }

    private static CallResult abandoned(String detail) {
        return new CallResult.Failed(new Failure(Reason.UNJUDGEABLE, detail));
    }
}
