package dev.precept.streams.budget;

import dev.precept.records.Lease;
import dev.precept.records.LeaseRequest;
import dev.precept.records.Spend;
import dev.precept.schemas.Amount;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** A worker by the rules of the protocol, in virtual time: what it really spends is known to the test. */
final class SimulatedWorker {
    private final String name;
    private final Amount price;
    private final int concurrency;
    private final Random random;
    private final double part;
    private int instance;
    private long version;
    private Amount held = Amount.ZERO;
    private boolean refused;
    private Amount spent = Amount.ZERO;
    private Amount settled = Amount.ZERO;
    private final List<Amount> inFlight = new ArrayList<>();
    /** What former instances really spent, with the calls that were in flight when they were killed. */
    private Amount lost = Amount.ZERO;

    private int calls;

    /**
     * @param price highest price of a call
     * @param part of it that each call costs; 0 if each costs another part
     */
    SimulatedWorker(String name, Amount price, double part, int concurrency, Random random) {
        this.name = name;
        this.price = price;
        this.part = part;
        this.concurrency = concurrency;
        this.random = random;
    }

    Amount price() {
        return price;
    }

    String key() {
        return "run|generator|" + name + "|" + instance;
    }

    boolean isRefused() {
        return refused;
    }

    boolean isIdle() {
        return inFlight.isEmpty();
    }

    int calls() {
        return calls;
    }

    /** All that this worker has really spent, or will at most have when its calls end. */
    Amount reallySpent() {
        return lost.plus(spent).plus(reserved());
    }

    private Amount reserved() {
        return inFlight.stream().reduce(Amount.ZERO, Amount::plus);
    }

    void startCalls() {
        while (inFlight.size() < concurrency && fits()) {
            inFlight.add(price);
            calls++;
        }
    }

    private boolean fits() {
        return spent.plus(reserved()).plus(price).fitsInto(held);
    }

    /** A call ends, and used less than its highest price. */
    void endCall() {
        if (!inFlight.isEmpty()) {
            Amount highest = inFlight.remove(random.nextInt(inFlight.size()));
            spent = spent.plus(highest.times(part == 0 ? random.nextDouble() : part));
            settled = settled.plus(highest);
        }
    }

    void read(Lease lease) {
        if (lease.getVersion() > version) {
            version = lease.getVersion();
            held = Amount.of(lease.getGranted());
            refused = lease.getRefused() != null;
        }
    }

    /** Killed: the server still completes what was in flight. A new instance starts. */
    void kill() {
        lost = lost.plus(spent).plus(reserved().times(part == 0 ? 1 : part));
        inFlight.clear();
        spent = Amount.ZERO;
        settled = Amount.ZERO;
        held = Amount.ZERO;
        version = 0;
        refused = false;
        instance++;
    }

    Spend report() {
        boolean waits = inFlight.size() < concurrency && !fits();
        Amount wanted = price.times((waits ? concurrency - inFlight.size() : 0) + 1);
        held = held.min(spent.plus(reserved()).plus(wanted));
        @Nullable Amount least = waits ? price : null;
        return Spend.newBuilder()
                .setRunId("run")
                .setWorker(name + "|" + instance)
                .setRole("generator")
                .setCalls(calls)
                .setCallsByOutcome(Map.of())
                .setPromptTokens(0)
                .setCompletionTokens(spent.tokens())
                .setUsd(spent.usd())
                .setAsOf(Instant.EPOCH)
                .setLease(LeaseRequest.newBuilder()
                        .setVersion(version)
                        .setHeld(held.toRecord())
                        .setReserved(reserved().toRecord())
                        .setSettled(settled.toRecord())
                        .setWanted(wanted.toRecord())
                        .setLeast(least == null ? null : least.toRecord())
                        .setRefused(refused)
                        .build())
                .build();
    }
}
