package dev.precept.evaluation.ask;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.precept.judging.LocalBudget;
import dev.precept.judging.ModelAccess;
import dev.precept.records.Budget;
import dev.precept.schemas.Amount;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The budget of an evaluation over all its processes: each stores in the log of calls what it has spent, also one without a
 * budget, since a later one may have one.
 */
public final class EvaluationBudget implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(EvaluationBudget.class);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String KEY = "spend ";
    private static final Duration INTERVAL = Duration.ofMillis(500);

    private final @Nullable LocalBudget budget;
    private final CallLog calls;
    private final List<ModelAccess> models;
    private final String key = KEY + UUID.randomUUID();
    private final CountDownLatch ending = new CountDownLatch(1);
    private final Thread thread;
    private Amount stored = Amount.ZERO;

    private EvaluationBudget(@Nullable LocalBudget budget, CallLog calls, List<ModelAccess> models) {
        this.budget = budget;
        this.calls = calls;
        this.models = List.copyOf(models);
        this.thread = Thread.ofPlatform().daemon().name("evaluation-spend").unstarted(this::loop);
    }

    /** Starts to grant a budget; without one every call is permitted. */
    public static EvaluationBudget start(Optional<Budget> limit, CallLog calls, List<ModelAccess> models)
            throws IOException {
        Amount before = Amount.ZERO;
        for (String key : calls.keys(KEY)) {
            JsonNode spent = JSON.readTree(calls.get(key).orElseThrow());
            before = before.plus(new Amount(
                    spent.path("usd").doubleValue(), spent.path("tokens").longValue()));
        }
        LocalBudget budget = limit.isEmpty() ? null : new LocalBudget(limit.get(), before, models);
        if (budget != null) {
            budget.start();
        }
        EvaluationBudget started = new EvaluationBudget(budget, calls, models);
        started.thread.start();
        return started;
    }

    private void loop() {
        try {
            while (!ending.await(INTERVAL.toMillis(), TimeUnit.MILLISECONDS)) {
                tryStore();
            }
        } catch (InterruptedException e) {
            log.atDebug().log("interrupted to stop");
        }
    }

    /** What cannot be stored now is stored later, at the latest at the end. */
    private void tryStore() {
        try {
            store();
        } catch (IOException e) {
            log.atWarn().setCause(e).log("cannot store the spend");
        }
    }

    private synchronized void store() throws IOException {
        Amount spent = LocalBudget.spent(models);
        if (!spent.equals(stored)) {
            calls.put(
                    key,
                    JSON.writeValueAsBytes(
                            JSON.createObjectNode().put("usd", spent.usd()).put("tokens", spent.tokens())));
            stored = spent;
        }
    }

    @Override
    public void close() throws IOException {
        ending.countDown();
        if (budget != null) {
            budget.close();
        }
        try {
            thread.join(); // it has at most one write to make
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        store();
    }
}
