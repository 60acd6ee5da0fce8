package dev.precept.workers;

import dev.precept.model.Backoff;
import dev.precept.model.ChatRequest;
import dev.precept.model.ModelCallException;
import dev.precept.model.Reply;
import dev.precept.model.pressure.EndpointPool;
import dev.precept.records.Failure;
import dev.precept.records.Reason;
import java.util.Optional;

/**
 * Makes calls that no task waits for: through the same places at the same endpoints and on the same account as all
 * others, a few times at most, none that the run does not permit now, and none while every endpoint is out or the
 * worker stops. One that queues for a place when an outage begins goes on to wait for it.
 */
final class BriefCaller implements Calls {
    private static final int MOST_FAILURES = 3;

    private final EndpointPool pool;
    private final Backoff backoff;
    private final Expenses expenses;
    private final Permission permission;

    /** @param pool itself, and nothing before it that remembers: what is asked here is asked to be measured */
    BriefCaller(EndpointPool pool, Backoff backoff, Expenses expenses, Permission permission) {
        this.pool = pool;
        this.backoff = backoff;
        this.expenses = expenses;
        this.permission = permission;
    }

    @Override
    public Called call(ChatRequest request, String slotId) throws InterruptedException {
        for (int failures = 1; permission.spare(); failures++) {
            Optional<String> outage = pool.outage();
            if (outage.isPresent()) {
                return givenUp("no endpoint is up: " + outage.get());
            }
            try {
                Reply reply = pool.complete(request);
                expenses.add(reply);
                return new Called.Made(reply);
            } catch (ModelCallException.NotPermitted notPermitted) {
                break;
            } catch (ModelCallException failed) {
                expenses.add(failed);
                if (failures == MOST_FAILURES) {
                    return givenUp("failed " + failures + " times");
                }
                permission.pause(backoff.next(failures, failed.retryAfter()));
            }
        }
        return givenUp("the run makes no calls now, or the worker stops");
    }

    private static Called givenUp(String why) {
        return new Called.GivenUp(new Failure(Reason.UNJUDGEABLE, why));
    }
}
