package dev.precept.judging;

import dev.precept.model.ChatRequest;
import dev.precept.model.Reply;
import dev.precept.model.cache.ResponseCache;
import dev.precept.records.Budget;
import dev.precept.schemas.Amount;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;

/**
 * The judges of a process that belongs to no run: endpoints, limits, breaker and retries are those of a worker, and the
 * budget is its own in place of leases. A call that the budget does not cover fails with the reason OVER_BUDGET. Thread-safe.
 */
public final class StandaloneModels implements AutoCloseable {
    private static final String RUN = "standalone";

    private final Panel<ModelAccess> access;
    private final @Nullable LocalBudget budget;

    /**
     * Starts to grant the budget.
     *
     * @param limit in dollars, tokens or both; empty if there is none
     * @param spentBefore what earlier processes spent of the budget
     * @param cache answers that are not requested again; without it every call is made
     * @param cacheable whether an answer may be cached
     */
    public StandaloneModels(
            String role,
            Panel<EndpointSettings> settings,
            Optional<Budget> limit,
            Amount spentBefore,
            Optional<ResponseCache> cache,
            BiPredicate<ChatRequest, Reply.Answered> cacheable,
            MeterRegistry meters) {
        List<ModelAccess> models = new ArrayList<>();
        for (EndpointSettings model : settings.judges()) {
            SpendKey key = new SpendKey(RUN, role, role + "-" + (models.size() + 1) + "|" + UUID.randomUUID());
            models.add(new ModelAccess(key, model, cache, cacheable, meters));
        }
        this.access = settings.with(models);
        this.budget =
                limit.map(all -> new LocalBudget(all, spentBefore, models)).orElse(null);
        if (budget != null) {
            budget.start();
        }
    }

    /** The access to each model, by vote. */
    public Panel<ModelAccess> access() {
        return access;
    }

    /** Why a model cannot be called, in one line; empty while all can. */
    public Optional<String> outage() {
        return access.judges().stream()
                .flatMap(model -> model.outage().stream())
                .findFirst();
    }

    /** What this process has spent of the budget so far; nothing without a budget. */
    public Amount spent() {
        return budget == null ? Amount.ZERO : budget.spent();
    }

    /** Makes no more calls, and interrupts the callers that wait for one; calls in flight complete. */
    public void stop() {
        access.judges().forEach(ModelAccess::stopWaiting);
    }

    @Override
    public void close() {
        if (budget != null) {
            budget.close();
        }
        access.judges().forEach(ModelAccess::close);
    }
}
