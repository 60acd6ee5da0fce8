package dev.precept.model.resilience;

import dev.precept.model.ChatRequest;
import java.util.concurrent.locks.Condition;
import org.jspecify.annotations.Nullable;

/** A caller that waits for a permit, which is set when it may start. Guarded by the lock of the pool. */
final class WaitingCall {
    private final ChatRequest request;
    private final Condition granted;
    private final CallQueue queue;
    private final String beginning;
    private final boolean continues;
    private final long number;
    private final long startsBefore;
    private EndpointLimiter.@Nullable Permit permit;

    /**
     * @param queue that it waits in
     * @param beginning empty if it shares none
     * @param continues whether an endpoint has answered a call of its series
     * @param number in order of arrival
     * @param startsBefore calls that arrived before and continue no series
     */
    WaitingCall(
            ChatRequest request,
            Condition granted,
            CallQueue queue,
            String beginning,
            boolean continues,
            long number,
            long startsBefore) {
        this.request = request;
        this.granted = granted;
        this.queue = queue;
        this.beginning = beginning;
        this.continues = continues;
        this.number = number;
        this.startsBefore = startsBefore;
    }

    ChatRequest request() {
        return request;
    }

    Condition granted() {
        return granted;
    }

    CallQueue queue() {
        return queue;
    }

    String beginning() {
        return beginning;
    }

    boolean continues() {
        return continues;
    }

    long startsBefore() {
        return startsBefore;
    }

    EndpointLimiter.@Nullable Permit permit() {
        return permit;
    }

    void grant(EndpointLimiter.Permit given) {
        permit = given;
    }

    /** The one that has waited longer. */
    static @Nullable WaitingCall older(@Nullable WaitingCall one, @Nullable WaitingCall other, boolean otherAllowed) {
        if (other == null || !otherAllowed) {
            return one;
        }
        return one == null || other.number < one.number ? other : one;
    }
}
