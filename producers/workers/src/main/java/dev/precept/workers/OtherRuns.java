package dev.precept.workers;

import dev.precept.kafka.CompactedTopic;
import dev.precept.kafka.KafkaAccess;
import dev.precept.records.Budget;
import dev.precept.records.Failure;
import dev.precept.records.Lease;
import dev.precept.records.PartitionProgress;
import dev.precept.records.Reason;
import dev.precept.records.Run;
import dev.precept.schemas.Topics;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides about tasks of other runs than the worker's own. They are never called with this worker's model, permission or
 * account: a task of an open run waits until that run makes no more calls. Reads nothing before the first such task.
 * Thread-safe.
 */
final class OtherRuns implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(OtherRuns.class);
    private static final Duration REFRESH = Duration.ofSeconds(2);

    private final KafkaAccess kafka;
    private final String role;
    private final String own;
    private final Duration refresh;
    private final Map<String, Integer> waiting = new TreeMap<>();
    private @Nullable OtherTopics topics;
    private long refreshed;

    /** How the tasks of a run end that makes no more calls. */
    sealed interface Ending {
        /** As failed attempts, without a call. */
        record Failed(Failure failure) implements Ending {}

        /** Without an answer: no slot waits for one. */
        record Closed() implements Ending {}
    }

    /** The newest records. */
    private record OtherTopics(
            CompactedTopic<Run> runs, CompactedTopic<PartitionProgress> progress, CompactedTopic<Lease> leases) {}

    private Map<String, Run> runs = Map.of();
    private Map<String, PartitionProgress> progress = Map.of();
    private Map<String, Lease> leases = Map.of();

    /** @param own the run of this worker */
    OtherRuns(KafkaAccess kafka, String role, String own) {
        this(kafka, role, own, REFRESH);
    }

    OtherRuns(KafkaAccess kafka, String role, String own, Duration refresh) {
        this.kafka = kafka;
        this.role = role;
        this.own = own;
        this.refresh = refresh;
    }

    boolean isOther(String runId) {
        return !runId.equals(own);
    }

    /** Waits until a run makes no more calls, and returns how its tasks end. */
    Ending awaitEnd(String runId) throws InterruptedException {
        Optional<Ending> ending = look(runId);
        if (ending.isPresent()) {
            return ending.get();
        }
        startWaiting(runId);
        try {
            while (ending.isEmpty()) {
                Thread.sleep(refresh);
                ending = look(runId);
            }
            return ending.get();
        } finally {
            endWaiting(runId);
        }
    }

    private synchronized void startWaiting(String runId) {
        if (waiting.merge(runId, 1, Integer::sum) == 1) {
            log.atWarn()
                    .addKeyValue("run", own)
                    .addKeyValue("other", runId)
                    .log("tasks of another open run wait until it ends");
        }
    }

    private synchronized void endWaiting(String runId) {
        waiting.computeIfPresent(runId, (run, tasks) -> tasks == 1 ? null : tasks - 1);
    }

    /** Which tasks wait, in one line; empty if none do. */
    synchronized Optional<String> problem() {
        return waiting.entrySet().stream()
                .findFirst()
                .map(run -> run.getValue() + " tasks of run " + run.getKey()
                        + " wait: it is open, and this worker works"
                        + " for run " + own + "; resume it with its own recipe, or end it with 'precept cancel --run "
                        + run.getKey() + "'");
    }

    /** How the tasks of a run end; empty while it is open. */
    synchronized Optional<Ending> look(String runId) {
        long now = System.nanoTime();
        try {
            if (topics == null || now - refreshed >= refresh.toNanos() / 2 || !runs.containsKey(runId)) {
                refresh(now);
            }
        } catch (KafkaException e) {
            log.atWarn().setCause(e).log("cannot read the state of other runs; their tasks wait");
            return Optional.empty();
        }
        return ending(runId);
    }

    private void refresh(long now) {
        OtherTopics opened = topics;
        if (opened == null) {
            opened = new OtherTopics(
                    new CompactedTopic<>(kafka, Topics.RUNS),
                    new CompactedTopic<>(kafka, Topics.PROGRESS),
                    new CompactedTopic<>(kafka, Topics.LEASES));
            topics = opened;
        }
        progress = opened.progress().readToEnd();
        leases = opened.leases().readToEnd();
        runs = opened.runs().readToEnd();
        refreshed = now;
    }

    /** A run is registered before its first task, so one that is not was closed and cleaned. */
    private Optional<Ending> ending(String runId) {
        Run run = runs.get(runId);
        if (run == null || isComplete(runId)) {
            return Optional.of(new Ending.Closed());
        }
        if (run.getCancelled()) {
            return Optional.of(new Ending.Failed(new Failure(Reason.CANCELLED, "the run was cancelled")));
        }
        Budget budget = run.getBudget();
        return budget != null && budget.getRejectRest() && isRefused(runId)
                ? Optional.of(new Ending.Failed(new Failure(Reason.OVER_BUDGET, "the budget of the run is spent")))
                : Optional.empty();
    }

    private boolean isComplete(String runId) {
        return progress.values().stream()
                        .filter(partition -> partition.getRunId().equals(runId) && partition.getComplete())
                        .count()
                == kafka.partitions();
    }

    /** Whether the keeper of the budget has refused the calls of this role. */
    private boolean isRefused(String runId) {
        return leases.entrySet().stream()
                .anyMatch(lease -> lease.getKey().startsWith(runId + "|" + role + "|")
                        && lease.getValue().getRefused() != null);
    }

    @Override
    public synchronized void close() {
        OtherTopics opened = topics;
        if (opened != null) {
            opened.runs().close();
            opened.progress().close();
            opened.leases().close();
            topics = null;
        }
    }
}
