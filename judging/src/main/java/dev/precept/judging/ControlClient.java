package dev.precept.judging;

import dev.precept.model.ChatModel;
import dev.precept.model.ChatRequest;
import dev.precept.model.ModelCallException;
import dev.precept.model.Reply;

/** Makes each call once, without a cache, for control tasks. */
final class ControlClient implements ModelClient {
    private final ChatModel model;
    private final SpendTracker spendTracker;

    ControlClient(ChatModel model, SpendTracker spendTracker) {
        this.model = model;
        this.spendTracker = spendTracker;
    }

    /** @throws UndecidedCallException if the endpoint did not answer, or the run makes no calls */
    @Override
    public CallResult call(ChatRequest request, String slotId, Parking parking) throws InterruptedException {
        try {
            Reply reply = model.complete(request);
            spendTracker.record(reply);
            return new CallResult.Completed(reply);
        } catch (ModelCallException failed) {
            if (!(failed instanceof ModelCallException.NotPermitted)) {
                spendTracker.record(failed);
            }
            throw new UndecidedCallException(String.valueOf(failed.getMessage()));
        }
    }
}
