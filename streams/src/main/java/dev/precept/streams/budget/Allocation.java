package dev.precept.streams.budget;

import dev.precept.records.Budget;
import dev.precept.records.Lease;
import dev.precept.schemas.Amount;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One division of a budget among the instances of workers. Always: what all have spent and reserved, plus what they may
 * still reserve by any lease that they have read, is at most the budget. So a lease is made smaller only after its instance
 * has read it, and what is taken back is granted again only after the instance has reported it.
 *
 * <p>While there is enough, each gets what it wants. Otherwise each that has a call waiting gets whole calls, in proportion
 * to what it wants, and the others give back. The budget is spent for a call that would not fit if all leases were given
 * back, once no call is left in flight whose end could make room.
 *
 * <p>All amounts are zero in what the budget does not limit.
 */
final class Allocation {
    /** A lease is raised ahead of need only by a worthwhile part of what its worker wants. */
    private static final double WORTHWHILE = 0.25;

    private final Budget budget;
    private final Map<String, WorkerLease> workers;
    /** Those that may make calls; first who got the fewest leases. */
    private final List<String> live;

    private final Map<String, Amount> targets = new HashMap<>();
    private final Map<String, Lease> leases = new LinkedHashMap<>();
    /** What is left if every lease is given back. */
    private final Amount pool;
    /** What is left if also the calls in flight turn out to cost nothing. */
    private final Amount unspent;
    /** What may be granted now. */
    private Amount free;

    Allocation(Budget budget, Map<String, WorkerLease> workers) {
        this.budget = budget;
        this.workers = workers;
        this.live = workers.keySet().stream()
                .filter(key -> worker(key).isLive())
                .sorted(Comparator.<String>comparingLong(key -> worker(key).version())
                        .thenComparing(Comparator.naturalOrder()))
                .toList();
        Amount total = Amount.of(budget);
        Collection<WorkerLease> all = workers.values();
        this.pool = total.minus(sum(all, WorkerLease::floor));
        this.unspent = total.minus(sum(all, worker -> worker.isLive() ? worker.spent() : worker.floor()));
        this.free = total.minus(sum(all, WorkerLease::committed));
    }

    /** By instance. */
    Map<String, Lease> leases() {
        boolean enough = share();
        boolean isFree = true;
        for (String key : live) {
            isFree &= raise(key);
        }
        if (!isFree || !enough) {
            live.forEach(this::lower);
        }
        live.forEach(this::refuse);
        return leases;
    }

    private Amount sum(Collection<WorkerLease> all, Function<WorkerLease, Amount> amount) {
        return all.stream().map(amount).reduce(Amount.ZERO, Amount::plus).within(budget);
    }

    private WorkerLease worker(String key) {
        WorkerLease worker = workers.get(key);
        if (worker == null) {
            throw new IllegalArgumentException(key);
        }
        return worker;
    }

    private Amount wanted(String key) {
        return worker(key).wanted().within(budget);
    }

    private Amount floor(String key) {
        return worker(key).floor().within(budget);
    }

    private Amount committed(String key) {
        return worker(key).committed().within(budget);
    }

    private Amount target(String key) {
        return floor(key).plus(targets.getOrDefault(key, Amount.ZERO));
    }

    private @Nullable Amount least(String key) {
        Amount least = worker(key).least();
        return least == null ? null : least.within(budget);
    }

    /** Sets what each is to have beyond its floor; returns whether there is enough for what all want. */
    private boolean share() {
        Amount wanted = live.stream().map(this::wanted).reduce(Amount.ZERO, Amount::plus);
        if (wanted.fitsInto(pool)) {
            live.forEach(key -> targets.put(key, wanted(key)));
            return true;
        }
        double part = Math.clamp(ratio(pool, wanted), 0, 1);
        Amount left = pool;
        for (String key : live) {
            Amount calls = wholeCalls(key, part);
            targets.put(key, calls);
            left = left.minus(calls);
        }
        for (String key : live) {
            Amount least = least(key);
            if (least != null && Amount.ZERO.equals(targets.get(key)) && least.fitsInto(left)) {
                targets.put(key, least);
                left = left.minus(least);
            }
        }
        return false;
    }

    /** As many of the cheapest waiting calls as fit into a part of what the worker wants. */
    private Amount wholeCalls(String key, double part) {
        Amount least = least(key);
        if (least == null) {
            return Amount.ZERO;
        }
        double calls = Math.floor(ratio(wanted(key), least) * part);
        return least.times(Math.clamp(calls, 0, Integer.MAX_VALUE));
    }

    /** How often one amount holds another, by dollars or by tokens, whichever is less. */
    private static double ratio(Amount amount, Amount of) {
        double byUsd = of.usd() > 0 ? amount.usd() / of.usd() : Double.MAX_VALUE;
        double byTokens = of.tokens() > 0 ? (double) amount.tokens() / of.tokens() : Double.MAX_VALUE;
        return Math.min(byUsd, byTokens);
    }

    /** Raises a lease towards its target, as far as that is free; false if a call waits for more. */
    private boolean raise(String key) {
        Amount committed = committed(key);
        Amount raised = committed.max(target(key).min(committed.plus(free.max(Amount.ZERO))));
        Amount least = least(key);
        boolean fits = least == null || floor(key).plus(least).fitsInto(raised);
        Amount more = raised.minus(committed);
        boolean worthwhile = least == null
                ? worker(key).isAcknowledged() && !more.fitsInto(wanted(key).times(WORTHWHILE))
                : fits && !more.fitsInto(Amount.ZERO);
        if (worthwhile) {
            free = free.minus(more);
            leases.put(key, worker(key).grant(raised, null));
        }
        return fits;
    }

    /** Takes back what a worker holds beyond its target. */
    private void lower(String key) {
        Amount committed = committed(key);
        Amount target = target(key).min(committed);
        if (worker(key).isAcknowledged() && !leases.containsKey(key) && !committed.fitsInto(target)) {
            leases.put(key, worker(key).grant(target, worker(key).refused()));
        }
    }

    /** Tells a worker that the budget is spent for its cheapest call, or that it no longer is. */
    private void refuse(String key) {
        if (leases.containsKey(key)) {
            return;
        }
        Amount least = least(key);
        Amount refused = worker(key).refused();
        if (least != null && isSpent(least)) {
            if (refused == null || !refused.within(budget).fitsInto(least)) {
                leases.put(key, worker(key).grant(committed(key), worker(key).least()));
            }
        } else if (refused != null && refused.within(budget).fitsInto(pool)) {
            leases.put(key, worker(key).grant(committed(key), null));
        }
    }

    private boolean isSpent(Amount least) {
        boolean settled = pool.fitsInto(free) && workers.values().stream().noneMatch(WorkerLease::hasCallsInFlight);
        return !least.fitsInto(settled ? pool : unspent);
    }
}
