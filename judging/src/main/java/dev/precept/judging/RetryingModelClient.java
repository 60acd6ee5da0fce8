package dev.precept.judging;

import dev.precept.model.Backoff;
import dev.precept.model.ChatModel;
import dev.precept.model.ChatRequest;
import dev.precept.model.ModelCallException;
import dev.precept.model.Reply;
import dev.precept.records.Failure;
import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Repeats a call until the endpoint answers. Waiting for an endpoint that is down, busy or late, or for a run that is
 * paused or out of budget, has no limit and costs no attempt. A request is abandoned only if it is the cause of its
 * failures: {@link FailureStreak} tells, and where no other request is made, {@link ControlCalls} show that the endpoint
 * works. A request that waits for its next call is parked. A cancelled run makes no call.
 */
final class RetryingModelClient implements ModelClient {
    private static final Logger log = LoggerFactory.getLogger(RetryingModelClient.class);

    private final ChatModel model;
    private final Delays delays;
    private final SpendTracker spendTracker;
    private final RunGuard runGuard;
    private final LongSupplier nanoTime;
    private final CallHistory history = new CallHistory();
    private final ControlCalls controlCalls;

    /**
     * Delays before the next call of a request.
     *
     * @param failed short, because the pool holds calls back while an endpoint is down; this only spreads the retries
     * @param refused of a request that is refused for the load; long, because others are admitted meanwhile
     * @param refusedAlone of a request that is refused while no other is admitted
     */
    record Delays(Backoff failed, Backoff refused, Backoff refusedAlone) {
        /** Without delay for the first refusal: the call waits in the pool, whose limit has just shrunk. */
        Optional<Duration> next(ModelCallException cause, FailureStreak streak) {
            int failures = streak.failures();
            if (!(cause instanceof ModelCallException.RateLimited)) {
                return Optional.of(failed.next(failures, cause.retryAfter()));
            }
            return failures == 1 && cause.retryAfter().isEmpty()
                    ? Optional.empty()
                    : Optional.of((streak.isAlone() ? refusedAlone : refused).next(failures, cause.retryAfter()));
        }
    }

    /**
     * @param model may answer from a cache
     * @param endpoints the same endpoints without a cache
     * @param nanoTime {@link System#nanoTime}
     */
    RetryingModelClient(
            ChatModel model,
            ChatModel endpoints,
            Delays delays,
            SpendTracker spendTracker,
            RunGuard runGuard,
            LongSupplier nanoTime) {
        this.model = model;
        this.delays = delays;
        this.spendTracker = spendTracker;
        this.runGuard = runGuard;
        this.nanoTime = nanoTime;
        this.controlCalls = new ControlCalls(endpoints, history, spendTracker, runGuard, nanoTime);
    }

    @Override
    public CallResult call(ChatRequest request, String slotId, Parking parking) throws InterruptedException {
        FailureStreak streak = new FailureStreak(history);
        while (true) {
            if (!runGuard.mayCall()) {
                parking.park(runGuard::awaitUnpaused);
            }
            Optional<Failure> end = runGuard.terminalFailure(request);
            if (end.isPresent()) {
                return new CallResult.Failed(end.get());
            }
            long number = history.start();
            try {
                Reply reply = model.complete(request);
                answered(number, reply, streak);
                return new CallResult.Completed(reply);
            } catch (ModelCallException.NotPermitted notPermitted) {
                parking.park(() -> runGuard.awaitMayCall(request));
            } catch (ModelCallException failed) {
                spendTracker.record(failed);
                parking.callFailed(failed);
                Optional<Failure> abandoned = streak.after(failed, nanoTime.getAsLong());
                if (abandoned.isPresent()) {
                    log.atWarn()
                            .addKeyValue("slot", slotId)
                            .addKeyValue("failures", streak.failures())
                            .addKeyValue("cause", failed.getMessage())
                            .log("model call failed; abandoned");
                    return new CallResult.Failed(abandoned.get());
                }
                pause(request, failed, streak, parking);
            }
        }
    }

    /** An answer from the cache tells nothing about the endpoint. */
    private void answered(long number, Reply reply, FailureStreak streak) {
        if (!(reply instanceof Reply.Answered known) || !known.cacheHit()) {
            history.answered(number, reply);
            if (streak.failures() == 0) {
                history.firstCallEnded(null);
            }
        }
        spendTracker.record(reply);
    }

    private void pause(ChatRequest request, ModelCallException failed, FailureStreak streak, Parking parking)
            throws InterruptedException {
        Optional<Duration> delay = delays.next(failed, streak);
        if (delay.isPresent()) {
            parking.park(delay.get());
        }
        if (streak.needsControl()) {
            controlCalls.callLike(request);
        }
    }
}
