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
 * Permits or withholds model calls: a run may be paused or cancelled, or its budget spent. The spend of this worker is
 * exact; the spend of the other workers is that of the last {@link #update}. Thread-safe.
 */
public final class RunGuard {
    private final SpendTracker own;
    private boolean paused;
    private boolean cancelled;
    private @Nullable Budget budget;
    private double othersUsd;
    private long othersTokens;
    private boolean closed;

    RunGuard(SpendTracker own) {
        this.own = own;
    }

    /** Sets the state of the run and the spend of the other workers. */
    public synchronized void update(Run run, double spentByOthersUsd, long spentByOthersTokens) {
        paused = run.getPaused();
        cancelled = run.getCancelled();
        budget = run.getBudget();
        othersUsd = spentByOthersUsd;
        othersTokens = spentByOthersTokens;
        notifyAll();
    }

    /** Whether a call that costs something may be made now. */
    public synchronized boolean mayCall() {
        return !paused && !cancelled && !isBudgetSpent();
    }

    /** Whether a best-effort call may be made now; none is made once the worker stops. */
    synchronized boolean mayCallInBackground() {
        return !closed && mayCall();
    }

    /** Why this run makes no more calls, as the failure of an attempt; empty while it may. */
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

    /** Waits until a call may be made, or the run makes no more calls. */
    synchronized void awaitMayCall() throws InterruptedException {
        while (!mayCall() && terminalFailure().isEmpty()) {
            requireOpen();
            wait();
        }
    }

    /** For calls that hold no permit of a task: a sleep ends when the worker stops. */
    public Parking parking() {
        return new Parking() {
            @Override
            public void park(Wait wait) throws InterruptedException {
                wait.await();
            }

            @Override
            public void park(Duration duration) throws InterruptedException {
                sleep(duration);
            }
        };
    }

    /** Sleeps; interrupted when the worker stops. */
    synchronized void sleep(Duration duration) throws InterruptedException {
        long end = System.nanoTime() + duration.toNanos();
        for (long left = duration.toNanos(); left > 0; left = end - System.nanoTime()) {
            requireOpen();
            TimeUnit.NANOSECONDS.timedWait(this, left);
        }
    }

    /** Interrupts waiting threads, and every later wait. */
    synchronized void close() {
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
