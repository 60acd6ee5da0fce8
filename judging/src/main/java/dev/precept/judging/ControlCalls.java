package dev.precept.judging;

import dev.precept.model.ChatMessage;
import dev.precept.model.ChatModel;
import dev.precept.model.ChatRequest;
import dev.precept.model.ModelCallException;
import dev.precept.model.Reply;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;

/**
 * Short harmless calls that tell whether the endpoint works while no other request can: without them, the last requests of
 * a run that fail could not be told from an outage. One at a time, at most one a second. Thread-safe.
 */
final class ControlCalls {
    private static final long INTERVAL_NANOS = Duration.ofSeconds(1).toNanos();
    private static final int MAX_TOKENS = 16;
    private static final String MESSAGE = "Reply with the word OK.";

    private final ChatModel model;
    private final CallHistory history;
    private final SpendTracker spendTracker;
    private final RunGuard runGuard;
    private final LongSupplier nanoTime;
    private final AtomicBoolean busy = new AtomicBoolean();
    private volatile long nextNanos;
    /** Some servers refuse a very small token limit. */
    private volatile boolean fullLength;

    /** @param model without a cache: only a real call shows that the endpoint works */
    ControlCalls(
            ChatModel model, CallHistory history, SpendTracker spendTracker, RunGuard runGuard, LongSupplier nanoTime) {
        this.model = model;
        this.history = history;
        this.spendTracker = spendTracker;
        this.runGuard = runGuard;
        this.nanoTime = nanoTime;
        this.nextNanos = nanoTime.getAsLong();
    }

    /** Makes a call with the settings of a request, unless another is in flight or was made a moment ago. */
    void callLike(ChatRequest request) throws InterruptedException {
        if (!runGuard.mayCall() || nanoTime.getAsLong() - nextNanos < 0 || !busy.compareAndSet(false, true)) {
            return;
        }
        try {
            call(request);
        } finally {
            nextNanos = nanoTime.getAsLong() + INTERVAL_NANOS;
            busy.set(false);
        }
    }

    private void call(ChatRequest request) throws InterruptedException {
        long number = history.start();
        try {
            Reply reply = model.complete(control(request));
            spendTracker.record(reply);
            if (reply instanceof Reply.Answered || reply instanceof Reply.Malformed) {
                history.controlEnded(number, null);
            } else {
                fullLength = true;
            }
        } catch (ModelCallException.NotPermitted notPermitted) {
            // The run was paused meanwhile; the caller waits for it.
        } catch (ModelCallException failed) {
            spendTracker.record(failed);
            history.controlEnded(number, failed);
        }
    }

    /** With the schema, which is the same for all requests of a role, and without the tools, which are the prompt's own. */
    private ChatRequest control(ChatRequest like) {
        int limit = fullLength
                ? like.sampling().maxTokens()
                : Math.min(MAX_TOKENS, like.sampling().maxTokens());
        return new ChatRequest(
                like.model(),
                List.of(ChatMessage.user(MESSAGE)),
                null,
                like.sampling().withMaxTokens(limit),
                like.schema(),
                1,
                like.timeout());
    }
}
