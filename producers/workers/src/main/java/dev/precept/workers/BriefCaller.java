package dev.precept.workers;

import dev.precept.model.Backoff;
import dev.precept.model.CallFailed;
import dev.precept.model.ChatModel;
import dev.precept.model.ChatRequest;
import dev.precept.model.Reply;
import dev.precept.records.Failure;
import dev.precept.records.Reason;

/**
 * Makes calls that nobody waits for: through the same places at the same endpoints and on the same account as all others,
 * a few times at most, and none that the run does not permit now.
 */
final class BriefCaller implements Calls {
    private static final int MOST_FAILURES = 3;

    private final ChatModel model;
    private final Backoff backoff;
    private final Pause pause;
    private final Expenses expenses;
    private final Permission permission;

    /** @param model that remembers nothing: what is asked here is asked to be measured */
    BriefCaller(ChatModel model, Backoff backoff, Pause pause, Expenses expenses, Permission permission) {
        this.model = model;
        this.backoff = backoff;
        this.pause = pause;
        this.expenses = expenses;
        this.permission = permission;
    }

    @Override
    public Called call(ChatRequest request, String slotId) throws InterruptedException {
        for (int failures = 1; permission.given(); failures++) {
            try {
                Reply reply = model.complete(request);
                expenses.add(reply);
                return new Called.Made(reply);
            } catch (CallFailed.Withheld withheld) {
                break;
            } catch (CallFailed failed) {
                expenses.add(failed);
                if (failures == MOST_FAILURES) {
                    return givenUp("failed " + failures + " times");
                }
                pause.of(backoff.next(failures, failed.retryAfter()));
            }
        }
        return givenUp("the run makes no calls now");
    }

    private static Called givenUp(String why) {
        return new Called.GivenUp(new Failure(Reason.UNJUDGEABLE, why));
    }
}
