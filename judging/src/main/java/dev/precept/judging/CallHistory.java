package dev.precept.judging;

import dev.precept.model.ModelCallException;
import dev.precept.model.Reply;
import org.jspecify.annotations.Nullable;

/**
 * What the calls of all requests of a role tell about its endpoints. Calls are numbered in the order they are made, so
 * that an answer to a call made after a failure can be told from one to a call made before it. Thread-safe.
 */
final class CallHistory {
    /** Requests whose first call is remembered. Only first calls, because one request may fail any number of times. */
    private static final int WINDOW = 128;

    /** What was answered after a failure. */
    enum Evidence {
        /** Nothing: the endpoint may be down. */
        NONE,
        /** Only control calls, which are made where no other request is. */
        CONTROL,
        /** Another request. */
        REQUEST
    }

    private enum FirstCall {
        ANSWERED,
        TIMED_OUT,
        FAILED
    }

    private final FirstCall[] firstCalls = new FirstCall[WINDOW];
    private int firstCallsEnded;
    private long made;
    private long newestAnswered;
    private long newestControl;

    /** A call is made; returns its number. */
    synchronized long start() {
        return ++made;
    }

    /** The number of the last call. */
    synchronized long made() {
        return made;
    }

    /** Records a reply. A refusal of the request does not show that the endpoint can generate. */
    synchronized void answered(long number, Reply reply) {
        if (reply instanceof Reply.Answered || reply instanceof Reply.Malformed) {
            newestAnswered = Math.max(newestAnswered, number);
        }
    }

    /** Records the end of a control call. */
    synchronized void controlEnded(long number, @Nullable ModelCallException failure) {
        if (failure == null) {
            newestControl = Math.max(newestControl, number);
        }
        firstCallEnded(failure);
    }

    /** Records the end of the first call of a request. */
    synchronized void firstCallEnded(@Nullable ModelCallException failure) {
        firstCalls[firstCallsEnded % WINDOW] = failure == null
                ? FirstCall.ANSWERED
                : failure instanceof ModelCallException.TimedOut ? FirstCall.TIMED_OUT : FirstCall.FAILED;
        firstCallsEnded++;
    }

    /** What was answered of the calls made after this one. */
    synchronized Evidence evidenceAfter(long number) {
        if (newestAnswered > number) {
            return Evidence.REQUEST;
        }
        return newestControl > number ? Evidence.CONTROL : Evidence.NONE;
    }

    /**
     * The share of other requests whose first call failed, estimated by the rule of succession, so that it is neither 0
     * nor 1. For a request whose own first call failed.
     */
    synchronized double failureShareOfOthers() {
        int failed = count(FirstCall.FAILED) + count(FirstCall.TIMED_OUT);
        return Math.max(1, failed) / (Math.max(1, remembered()) + 1.0);
    }

    /** The share of other requests whose first call timed out. For a request whose own first call failed. */
    synchronized double timeoutShareOfOthers() {
        return Math.max(0, count(FirstCall.TIMED_OUT) - 1) / (double) Math.max(1, remembered() - 1);
    }

    private int remembered() {
        return Math.min(firstCallsEnded, WINDOW);
    }

    private int count(FirstCall kind) {
        int count = 0;
        for (int i = 0; i < remembered(); i++) {
            count += firstCalls[i] == kind ? 1 : 0;
        }
        return count;
    }
}
