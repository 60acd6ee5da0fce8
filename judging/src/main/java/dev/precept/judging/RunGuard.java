package dev.precept.judging;

import dev.precept.model.ChatRequest;
import dev.precept.model.TokenUsage;
import dev.precept.records.Failure;
import dev.precept.records.Lease;
import dev.precept.records.LeaseRequest;
import dev.precept.records.Reason;
import dev.precept.records.Run;
import dev.precept.schemas.Amount;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Permits or withholds the model calls of one run: it may be paused or cancelled, or its budget spent. With a budget, a
 * call reserves its highest price before it is made, within the lease that this worker holds of the budget. Thread-safe.
 */
public final class RunGuard {
    /**
     * How long a lease may be used after the last report that the broker acknowledged. The keeper of the budget counts a
     * lease as unused only after several times as long.
     */
    static final Duration LEASE_VALIDITY = Duration.ofSeconds(10);

    private final CallCosts costs;
    private final LongSupplier nanoTime;
    private final LeaseAccount account = new LeaseAccount();
    private boolean paused;
    private boolean cancelled;
    private boolean rejectsRest;
    private long leaseValidUntil;
    private boolean closed;
    /** A call waits for a lease, and no report says so yet. */
    private boolean reportDue;

    RunGuard(CallCosts costs) {
        this(costs, System::nanoTime);
    }

    /** @param nanoTime a monotonic clock */
    RunGuard(CallCosts costs, LongSupplier nanoTime) {
        this.costs = costs;
        this.nanoTime = nanoTime;
        this.leaseValidUntil = nanoTime.getAsLong();
    }

    /** Sets the control state and the budget of the run. */
    public synchronized void update(Run run) {
        paused = run.getPaused();
        cancelled = run.getCancelled();
        rejectsRest = run.getBudget() != null && run.getBudget().getRejectRest();
        account.setBudget(run.getBudget());
        notifyAll();
    }

    /** Sets the share of the budget that this worker may use. Older versions are ignored. */
    public synchronized void update(Lease lease) {
        account.accept(lease);
        notifyAll();
    }

    /** Whether a call that costs something may be made now. */
    public synchronized boolean mayCall() {
        return !paused && !cancelled && !account.isSpent();
    }

    /** Whether the run makes no more calls because its budget is spent. */
    public synchronized boolean isBudgetSpent() {
        return account.isSpent();
    }

    /** Whether a best-effort call may be made now; none is made once the worker stops. */
    synchronized boolean mayCallInBackground() {
        return !closed && mayCall();
    }

    /** Reserves the highest price of a call; false if the run does not permit the call now. */
    synchronized boolean reserve(TokenUsage highest) {
        requireValidLease();
        return !paused && !cancelled && account.reserve(costs.highestAmount(highest));
    }

    /** Books what a call used, in place of its reservation. */
    synchronized void settle(TokenUsage highest, TokenUsage used) {
        account.settle(costs.highestAmount(highest), costs.amount(used));
        if (account.isWaitedFor()) {
            notifyAll(); // the rest of the reservation may be enough for a call that waits
        }
    }

    /** Why this run makes no such call, as the failure of an attempt; empty while it may. */
    synchronized Optional<Failure> terminalFailure(ChatRequest request) {
        return cancelled || account.isSpent()
                ? terminalFailure(costs.highestAmount(costs.highest(request)))
                : Optional.empty();
    }

    private Optional<Failure> terminalFailure(Amount price) {
        if (cancelled) {
            return Optional.of(new Failure(Reason.CANCELLED, "the run was cancelled"));
        }
        return rejectsRest && account.isSpent(price)
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

    /** Waits until such a call may be made, or the run makes no more such calls. */
    synchronized void awaitMayCall(ChatRequest request) throws InterruptedException {
        Amount price = costs.highestAmount(costs.highest(request));
        account.startWaiting(price);
        try {
            reportDue = true;
            notifyAll();
            while (!isPermitted(price) && terminalFailure(price).isEmpty()) {
                requireOpen();
                wait();
            }
        } finally {
            account.endWaiting(price);
        }
    }

    private boolean isPermitted(Amount price) {
        requireValidLease();
        return !paused && !cancelled && account.fits(price);
    }

    private void requireValidLease() {
        if (nanoTime.getAsLong() - leaseValidUntil > 0) {
            account.lapse();
        }
    }

    /** Waits until a report is due: at the latest after a time, at once if a call waits for a lease. */
    public synchronized void awaitReportDue(Duration longest) throws InterruptedException {
        long end = System.nanoTime() + longest.toNanos();
        for (long left = longest.toNanos(); left > 0; left = end - System.nanoTime()) {
            if (reportDue && !paused && account.needsMore()) {
                break;
            }
            TimeUnit.NANOSECONDS.timedWait(this, left);
        }
    }

    /** What this worker holds of the budget and needs, for a report; gives up what it does not need. */
    public synchronized LeaseRequest leaseRequest() {
        reportDue = false;
        requireValidLease();
        return account.request(!paused && !cancelled && !closed);
    }

    /** Whether the lease lapses unless a report is repeated. */
    public synchronized boolean holdsLease() {
        return account.holdsMoreThanItSpent();
    }

    /** The broker has acknowledged a report that was sent at a time of {@link System#nanoTime}. */
    public synchronized void reported(long sentNanos) {
        leaseValidUntil = Math.max(leaseValidUntil, sentNanos + LEASE_VALIDITY.toNanos());
        notifyAll();
    }

    /** Gives up the lease: this worker makes no more calls. */
    public synchronized void end() {
        closed = true;
        account.end();
        notifyAll();
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
}
