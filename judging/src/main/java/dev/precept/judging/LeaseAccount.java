package dev.precept.judging;

import dev.precept.records.Budget;
import dev.precept.records.Lease;
import dev.precept.records.LeaseRequest;
import dev.precept.schemas.Amount;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What one worker may still spend on a run with a budget: reservations of the calls in flight, the lease, and the calls
 * that wait for a larger one. Spend and reservations never exceed the lease, but for calls that used more than their
 * highest price. Guarded by {@link RunGuard}.
 */
final class LeaseAccount {
    /** A part of the reservations is requested ahead, so that a call that starts does not wait for a lease. */
    private static final double AHEAD = 0.25;
    /** Spend since the last report, as often as it may be repeated before the next lease arrives. */
    private static final double REPORTS_AHEAD = 2;

    private @Nullable Budget budget;
    private long version;
    /** Limit of spend and reservations; lowered by the account itself when it needs less than it was granted. */
    private Amount held = Amount.ZERO;

    private @Nullable Amount refused;
    private Amount spent = Amount.ZERO;
    private Amount reserved = Amount.ZERO;
    /** The highest price of the calls that have ended. */
    private Amount settled = Amount.ZERO;

    private int inFlight;
    private final List<Amount> waiting = new ArrayList<>();
    private Amount spentAtReport = Amount.ZERO;
    private boolean ended;

    /** Sets the limits of the run. With another budget than before, the worker asks for its lease again. */
    void setBudget(@Nullable Budget now) {
        if (!Objects.equals(budget, now)) {
            budget = now;
            refused = null;
        }
    }

    /** Reserves the highest price of a call, unless the lease is too small for it. */
    boolean reserve(Amount price) {
        if (!fits(price)) {
            return false;
        }
        reserved = reserved.plus(price);
        inFlight++;
        return true;
    }

    boolean fits(Amount price) {
        Budget limit = budget;
        if (limit == null) {
            return true;
        }
        if (!price.within(limit).fitsInto(Amount.of(limit).minus(spent.within(limit)))) {
            refused = refused == null ? price : refused.min(price); // no lease can be large enough
            return false;
        }
        return spent.plus(reserved).plus(price).within(limit).fitsInto(held);
    }

    /** Replaces the reservation of a call that has ended by what it used. */
    void settle(Amount price, Amount used) {
        spent = spent.plus(used);
        settled = settled.plus(price);
        inFlight--;
        reserved = inFlight == 0 ? Amount.ZERO : reserved.minus(price);
    }

    void startWaiting(Amount price) {
        waiting.add(price);
    }

    void endWaiting(Amount price) {
        waiting.remove(price);
    }

    boolean isWaitedFor() {
        return !waiting.isEmpty();
    }

    /** Whether the budget is spent for some call of this worker. */
    boolean isSpent() {
        return budget != null && refused != null;
    }

    /** Whether the budget is spent for a call of this price. */
    boolean isSpent(Amount price) {
        Budget limit = budget;
        Amount cheapest = refused;
        return limit != null && cheapest != null && cheapest.within(limit).fitsInto(price.within(limit));
    }

    void accept(Lease lease) {
        if (lease.getVersion() <= version) {
            return;
        }
        version = lease.getVersion();
        held = Amount.of(lease.getGranted());
        refused = lease.getRefused() == null ? null : Amount.of(lease.getRefused());
    }

    /** Gives up what is not reserved: the lease may have been given to others in the meantime. */
    void lapse() {
        held = held.min(spent.plus(reserved));
    }

    void end() {
        ended = true;
        lapse();
    }

    /** Whether a report must be repeated before the lease lapses. */
    boolean holdsMoreThanItSpent() {
        return budget != null && !held.fitsInto(spent);
    }

    /** Whether a call waits that the account has not been refused. */
    boolean needsMore() {
        return budget != null && waiting.stream().anyMatch(price -> !isSpent(price));
    }

    /**
     * The present state, for a report. Returns what is held and not needed.
     *
     * @param mayCall whether a call that fits would be made
     */
    LeaseRequest request(boolean mayCall) {
        Budget limit = budget;
        Amount wanted = Amount.ZERO;
        Amount least = null;
        if (limit != null) {
            if (mayCall && !ended) {
                Amount waits = waiting.stream().reduce(Amount.ZERO, Amount::plus);
                Amount ahead =
                        reserved.times(AHEAD).max(spent.minus(spentAtReport).times(REPORTS_AHEAD));
                wanted = waits.plus(ahead);
                least = waiting.stream()
                        .min(Comparator.comparingDouble(Amount::usd).thenComparingLong(Amount::tokens))
                        .orElse(null);
            }
            held = held.min(spent.plus(reserved).plus(wanted));
        }
        spentAtReport = spent;
        return LeaseRequest.newBuilder()
                .setVersion(version)
                .setHeld(held.toRecord())
                .setReserved(reserved.toRecord())
                .setSettled(settled.toRecord())
                .setWanted(wanted.toRecord())
                .setLeast(least == null ? null : least.toRecord())
                .setRefused(isSpent())
                .setEnded(ended)
                .build();
    }
}
