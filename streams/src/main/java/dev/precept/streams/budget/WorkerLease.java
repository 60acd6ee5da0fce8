package dev.precept.streams.budget;

import dev.precept.records.Cost;
import dev.precept.records.Lease;
import dev.precept.records.LeaseRequest;
import dev.precept.records.Spend;
import dev.precept.schemas.Amount;
import org.jspecify.annotations.Nullable;

/**
 * What the keeper knows of one worker instance: its newest report and its newest lease. An instance that is gone is booked
 * at its last report, and what it held beyond it at the part of their highest price that its calls cost before. Not
 * thread-safe.
 */
final class WorkerLease {
    /** For the calls of an instance that is gone: they may have been dearer than the mean. */
    private static final double MARGIN = 1.25;

    private final String runId;
    private Amount spent = Amount.ZERO;
    private @Nullable LeaseRequest request;
    private Amount granted = Amount.ZERO;
    private long version;
    private @Nullable Amount refused;
    private boolean gone;
    private long heardNanos;

    WorkerLease(String runId) {
        this.runId = runId;
    }

    void onReport(Spend report, long nowNanos) {
        spent = new Amount(report.getUsd(), report.getPromptTokens() + report.getCompletionTokens());
        request = report.getLease();
        heardNanos = nowNanos;
        gone = false;
    }

    /** Restores a lease that an earlier keeper granted. */
    void onLease(Lease lease) {
        version = lease.getVersion();
        granted = Amount.of(lease.getGranted());
        refused = lease.getRefused() == null ? null : Amount.of(lease.getRefused());
    }

    /** The instance makes no more calls, unless it reports again. */
    void setGone() {
        gone = true;
    }

    boolean isLive() {
        return request != null && !gone && !request.getEnded();
    }

    /** Whether the instance has ended and has a lease; the lease is then forgotten. */
    boolean takeEndedLease() {
        boolean ended = request != null && request.getEnded() && version > 0;
        if (ended) {
            version = 0;
        }
        return ended;
    }

    boolean isSilent(long nowNanos, long limitNanos) {
        return nowNanos - heardNanos > limitNanos;
    }

    Amount spent() {
        return spent;
    }

    /** What cannot be taken back: spend and reservations. */
    Amount floor() {
        LeaseRequest known = request;
        if (known == null || known.getEnded()) {
            return spent;
        }
        return gone ? booked(known) : spent.plus(Amount.of(known.getReserved()));
    }

    private Amount booked(LeaseRequest last) {
        Amount open = limit(last).minus(spent);
        Amount settled = Amount.of(last.getSettled());
        double tokens = open.tokens() * part((double) spent.tokens(), (double) settled.tokens());
        return spent.plus(new Amount(open.usd() * part(spent.usd(), settled.usd()), (long) Math.ceil(tokens)));
    }

    private static double part(double spent, double settled) {
        return settled <= 0 ? 1 : Math.min(1, MARGIN * spent / settled);
    }

    /** The most that the instance can have spent and reserved, whichever of its leases it has read. */
    private Amount limit(LeaseRequest known) {
        Amount held = Amount.of(known.getHeld());
        Amount least = spent.plus(Amount.of(known.getReserved()));
        return least.max(isAcknowledged() ? held : held.max(granted));
    }

    boolean hasCallsInFlight() {
        return request != null && isLive() && !isZero(request.getReserved());
    }

    private static boolean isZero(Cost cost) {
        return cost.getUsd() == 0 && cost.getTokens() == 0;
    }

    /** What must not be granted to others. */
    Amount committed() {
        LeaseRequest known = request;
        return known == null || !isLive() ? floor() : limit(known);
    }

    /** Whether the instance has read its newest lease; only then may the next one be smaller. */
    boolean isAcknowledged() {
        return request != null && request.getVersion() >= version;
    }

    Amount wanted() {
        return request == null ? Amount.ZERO : Amount.of(request.getWanted());
    }

    /** The cheapest call that waits; null if none does. */
    @Nullable
    Amount least() {
        return request == null || request.getLeast() == null ? null : Amount.of(request.getLeast());
    }

    /** From which price on the newest lease says that the budget is spent; null if it does not, or the instance forgot. */
    @Nullable
    Amount refused() {
        boolean forgotten = isAcknowledged() && request != null && !request.getRefused();
        return forgotten ? null : refused;
    }

    long version() {
        return version;
    }

    Lease grant(Amount limit, @Nullable Amount refusedFrom) {
        version++;
        granted = limit;
        refused = refusedFrom;
        return Lease.newBuilder()
                .setRunId(runId)
                .setVersion(version)
                .setGranted(limit.toRecord())
                .setRefused(refusedFrom == null ? null : refusedFrom.toRecord())
                .build();
    }
}
