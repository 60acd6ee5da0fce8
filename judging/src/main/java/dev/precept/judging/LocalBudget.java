package dev.precept.judging;

import dev.precept.records.Budget;
import dev.precept.records.Lease;
import dev.precept.records.LeaseRequest;
import dev.precept.records.Run;
import dev.precept.records.Spend;
import dev.precept.schemas.Amount;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Grants a budget to the models of one process that runs without Kafka. What they have spent and may still reserve never
 * exceeds it. Each round takes back what no model needs and grants it again; a call that waits starts a round at once.
 * Thread-safe.
 */
public final class LocalBudget implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(LocalBudget.class);
    private static final Duration INTERVAL = Duration.ofMillis(100);
    private static final Duration SHORTEST_INTERVAL = Duration.ofMillis(5);

    private final Budget budget;
    private final Amount spentBefore;
    private final List<ModelAccess> models;
    private final Thread thread;
    private long version;
    private int rounds;

    /**
     * @param budget calls beyond it fail as OVER_BUDGET
     * @param spentBefore of the budget, by earlier processes
     */
    public LocalBudget(Budget budget, Amount spentBefore, List<ModelAccess> models) {
        this.budget = new Budget(budget.getUsd(), budget.getTokens(), true);
        this.spentBefore = spentBefore;
        this.models = List.copyOf(models);
        this.thread = Thread.ofPlatform().daemon().name("local-budget").unstarted(this::loop);
    }

    /** Grants the first leases. Before, no call is made. */
    public void start() {
        Run run = Run.newBuilder()
                .setRunId("local")
                .setIdentity("{}")
                .setSources(0)
                .setOpenedAt(Instant.EPOCH)
                .setBudget(budget)
                .build();
        models.forEach(model -> model.runGuard().update(run));
        grant();
        thread.start();
    }

    /** What the models have spent since the start. */
    public Amount spent() {
        return spent(models);
    }

    /** What models have spent since their start, with a budget or without. */
    public static Amount spent(List<ModelAccess> models) {
        return models.stream().map(model -> spent(report(model))).reduce(Amount.ZERO, Amount::plus);
    }

    private void loop() {
        try {
            while (!Thread.currentThread().isInterrupted()) {
                Thread.sleep(SHORTEST_INTERVAL);
                if (models.size() == 1) {
                    models.getFirst().runGuard().awaitReportDue(INTERVAL);
                } else {
                    Thread.sleep(SHORTEST_INTERVAL.multipliedBy(4)); // any of them may wait
                }
                grant();
            }
        } catch (InterruptedException e) {
            log.atDebug().log("interrupted to stop");
        }
    }

    /** A model, and what it has spent and reserved at most: its lease covers no more. */
    private record Holder(ModelAccess model, LeaseRequest request, Amount committed) {}

    private synchronized void grant() {
        List<Holder> holders = new ArrayList<>();
        Amount free = limit().minus(within(spentBefore));
        boolean inFlight = false;
        for (ModelAccess model : models) {
            LeaseRequest wanted = request(report(model));
            // Lowered first, so that what is reserved afterwards is all it can be.
            update(model, spent(report(model)).plus(Amount.of(wanted.getReserved())), null);
            Spend lowered = report(model);
            Amount reserved = Amount.of(request(lowered).getReserved());
            Amount committed = spent(lowered).plus(reserved);
            inFlight |= !reserved.equals(Amount.ZERO);
            free = free.minus(within(committed));
            holders.add(new Holder(model, wanted, committed));
        }
        Collections.rotate(holders, rounds++); // the first one may take all that is free
        Amount grantable = free;
        for (Holder holder : holders) {
            Amount wanted = within(Amount.of(holder.request().getWanted()));
            Amount given = wanted.min(free).max(Amount.ZERO);
            free = free.minus(given);
            Amount least = holder.request().getLeast() == null
                    ? null
                    : Amount.of(holder.request().getLeast());
            // What another one holds for its next calls may come back, as what calls in flight hold.
            boolean refused = least != null && !inFlight && !within(least).fitsInto(grantable);
            update(holder.model(), holder.committed().plus(given), refused ? least : null);
        }
    }

    private void update(ModelAccess model, Amount granted, @Nullable Amount refused) {
        long now = System.nanoTime();
        version++;
        model.runGuard()
                .update(new Lease("local", version, granted.toRecord(), refused == null ? null : refused.toRecord()));
        model.runGuard().reported(now);
    }

    private static Spend report(ModelAccess model) {
        return model.spend(InstantSource.system().instant());
    }

    private static LeaseRequest request(Spend spend) {
        return Objects.requireNonNull(spend.getLease());
    }

    private static Amount spent(Spend spend) {
        return new Amount(spend.getUsd(), spend.getPromptTokens() + spend.getCompletionTokens());
    }

    private Amount limit() {
        return Amount.of(budget);
    }

    private Amount within(Amount amount) {
        return amount.within(budget);
    }

    /** Ends the leases: the models make no more calls. */
    @Override
    public void close() {
        thread.interrupt();
        models.forEach(model -> model.runGuard().end());
    }
}
