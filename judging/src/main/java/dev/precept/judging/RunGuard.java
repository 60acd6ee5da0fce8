package dev.precept.judging;

import dev.precept.records.Budget;
import dev.precept.records.Failure;
import dev.precept.records.Reason;
import dev.precept.records.Run;
import dev.precept.schemas.Budgets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Whether calls may be made for a run: it may be paused or cancelled, and its budget may be spent. Knows what this worker
 * has spent to the call, and what the others have spent as of the last look. Thread-safe.
 */
public final class RunGuard {
    private final SpendTracker own;
    private boolean paused;
    private boolean cancelled;
    private @Nullable Budget budget;
    private double othersUsd;
    private long othersTokens;
    private boolean closed;

    public RunGuard(SpendTracker own) {
        this.own = own;
    }

    /** @param run as it is now */
    public synchronized void update(Run run, double spentByOthersUsd, long spentByOthersTokens) {
        paused = run.getPaused();
        cancelled = run.getCancelled();
        budget = run.getBudget();
        othersUsd = spentByOthersUsd;
        othersTokens = spentByOthersTokens;
        notifyAll();
    }

    /** Whether a call may be made that costs something. */
    public synchronized boolean mayCall() {
        return !paused && !cancelled && !isBudgetSpent();
    }

    /** Whether a call may be begun that nobody waits for: a worker that stops begins none. */
    synchronized boolean mayCallInBackground() {
        return !closed && mayCall();
    }

    /** Why no call will be made for this run any more, as the end of an attempt; empty while one may be. */
    synchronized Optional<Failure> terminalFailure() {
        if (cancelled) {
            return Optional.of(new Failure(Reason.CANCELLED, "the run was cancelled"));
        }
        return isBudgetSpent() && budget != null && budget.getRejectRest()
                ? Optional.of(new Failure(Reason.OVER_BUDGET, "the budget of the run is spent"))
                : Optional.empty();
    }

    /** Waits while the run is paused. */
    synchronized void awaitUnpaused() throws InterruptedException {
        while (paused && !cancelled) {
            requireOpen();
            wait();
        }
    }

    /** Waits until a call may be made, or none will be any more. */
    synchronized void awaitMayCall() throws InterruptedException {
        while (!mayCall() && terminalFailure().isEmpty()) {
            requireOpen();
            wait();
        }
    }

    /** Lets time pass; interrupted as soon as the worker stops. */
    synchronized void sleep(Duration duration) throws InterruptedException {
        long end = System.nanoTime() + duration.toNanos();
        for (long left = duration.toNanos(); left > 0; left = end - System.nanoTime()) {
            requireOpen();
            TimeUnit.NANOSECONDS.timedWait(this, left);
        }
    }

    /** Whoever waits, or would, is interrupted: nobody will give a permission any more. */
    public synchronized void close() {
        closed = true;
        notifyAll();
    }

    private void requireOpen() throws InterruptedException {
        if (closed) {
            throw new InterruptedException("the worker stops");
        }
    }

    private boolean isBudgetSpent() {
        return Budgets.isSpent(budget, othersUsd + own.usd(), othersTokens + own.tokens());
    }
}
