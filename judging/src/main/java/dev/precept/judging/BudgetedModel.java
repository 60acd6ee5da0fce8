package dev.precept.judging;

import dev.precept.model.ChatModel;
import dev.precept.model.ChatRequest;
import dev.precept.model.ModelCallException;
import dev.precept.model.Reply;
import dev.precept.model.TokenUsage;
import java.time.Duration;

/**
 * A model whose calls reserve their highest price before they are made and are booked at their end. A call that the run
 * does not permit, because it is paused, cancelled or without budget, is not made. Called with the permit of the endpoint,
 * so that a call that was queued when the budget ran out is not made. Thread-safe.
 */
final class BudgetedModel implements ChatModel {
    private final ChatModel model;
    private final CallCosts costs;
    private final RunGuard runGuard;
    private final SpendTracker spendTracker;

    BudgetedModel(ChatModel model, CallCosts costs, RunGuard runGuard, SpendTracker spendTracker) {
        this.model = model;
        this.costs = costs;
        this.runGuard = runGuard;
        this.spendTracker = spendTracker;
    }

    @Override
    public Reply complete(ChatRequest request) throws ModelCallException, InterruptedException {
        TokenUsage highest = costs.highest(request);
        if (!runGuard.reserve(highest)) {
            throw new ModelCallException.NotPermitted("the run makes no calls now");
        }
        long started = System.nanoTime();
        TokenUsage used = highest; // of a call that ends with an error of this program
        try {
            Reply reply = model.complete(request);
            used = costs.used(request, reply, since(started));
            return reply;
        } catch (ModelCallException failed) {
            used = costs.used(request, failed, since(started));
            throw failed;
        } catch (InterruptedException e) {
            used = costs.used(request, (ModelCallException) null, since(started));
            throw e;
        } finally {
            spendTracker.book(used);
            runGuard.settle(highest, used);
        }
    }

    private static Duration since(long nanos) {
        return Duration.ofNanos(System.nanoTime() - nanos);
    }
}
