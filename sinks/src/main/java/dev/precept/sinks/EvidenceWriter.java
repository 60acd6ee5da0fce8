package dev.precept.sinks;

import dev.precept.dataset.Dataset;
import dev.precept.dataset.Layout;
import dev.precept.dataset.evidence.RunEvidence;
import dev.precept.kafka.CompactedTopic;
import dev.precept.kafka.KafkaAccess;
import dev.precept.records.Spend;
import dev.precept.schemas.Topics;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InterruptException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stores the evidence of each run that is complete on every chain, once its spend is final. The sink that makes the last
 * commit of a run finds it complete; one that dies before it has stored the evidence is replaced by the next sink that starts.
 * Of several that store at once the first one wins.
 */
final class EvidenceWriter implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(EvidenceWriter.class);
    private static final Duration INTERVAL = Duration.ofMillis(250);
    private static final Duration RETRY_INTERVAL = Duration.ofSeconds(5);
    /** Beyond it a sink that stops leaves the rest to the next one. */
    private static final Duration LONGEST_CLOSE = Duration.ofSeconds(15);

    private final KafkaAccess kafka;
    private final Dataset dataset;
    private final Map<String, String> topicIds;
    private final Thread thread;
    private final Set<String> candidates = new HashSet<>();
    private final Map<String, SpendSettlement> complete = new TreeMap<>();
    private @Nullable CompactedTopic<Spend> spend;
    private volatile @Nullable AuthorizationException failure;
    private boolean lookForEarlier = true;
    private boolean closing;
    /** Since the last wait. */
    private boolean changed;

    /** @param topicIds of the topics that this sink reads: a run with others is another Kafka's */
    EvidenceWriter(KafkaAccess kafka, Dataset dataset, Map<String, String> topicIds) {
        this.kafka = kafka;
        this.dataset = dataset;
        this.topicIds = topicIds;
        this.thread = Thread.ofPlatform().daemon().name("sink-evidence").unstarted(this::loop);
    }

    void start() {
        thread.start();
    }

    /** That the spend may not be read, which is wrong configuration; empty otherwise: an outage is waited for. */
    Optional<Throwable> failure() {
        return Optional.ofNullable(failure);
    }

    /** Runs whose last record on a chain was committed; they may lack others. */
    synchronized void committed(Collection<String> runs) {
        if (candidates.addAll(runs)) {
            changed = true;
            notifyAll();
        }
    }

    private void loop() {
        try {
            while (true) {
                Duration pause = INTERVAL;
                try {
                    step();
                } catch (InterruptException e) {
                    throw e;
                } catch (AuthorizationException e) {
                    failure = e;
                    log.atError().setCause(e).log("cannot store the evidence of runs");
                    return;
                } catch (IOException | UncheckedIOException | KafkaException e) {
                    pause = RETRY_INTERVAL;
                    startAgain();
                    log.atWarn()
                            .addKeyValue("cause", String.valueOf(e.getMessage()))
                            .log("cannot store the evidence of a run; retrying");
                }
                if (!await(pause)) {
                    return;
                }
            }
        } catch (InterruptedException | InterruptException e) {
            log.atDebug().log("interrupted to stop");
        } catch (RuntimeException e) { // rows must be committed whatever becomes of the evidence
            log.atError().setCause(e).log("the evidence of runs is not stored any more by this sink");
        } finally {
            closeSpend();
        }
    }

    /** Waits until there is something to do; false once the writer is closed and there is nothing. */
    private synchronized boolean await(Duration pause) throws InterruptedException {
        long end = System.nanoTime() + pause.toNanos();
        while (isIdle() && !closing) {
            wait();
        }
        for (long left = end - System.nanoTime(); !isIdle() && !changed && left > 0; left = end - System.nanoTime()) {
            TimeUnit.NANOSECONDS.timedWait(this, left);
        }
        changed = false;
        return !isIdle();
    }

    private synchronized boolean isIdle() {
        return candidates.isEmpty() && complete.isEmpty() && !lookForEarlier;
    }

    private void step() throws IOException {
        if (lookForEarlier) {
            readSpend(); // that it may not be read is known before a run is complete
            List<String> earlier = dataset.runs().stream()
                    .filter(run -> run.closed().isEmpty()
                            && topicIds.entrySet().containsAll(run.topicIds().entrySet()))
                    .map(Dataset.RunEntry::runId)
                    .toList();
            synchronized (this) {
                candidates.addAll(earlier);
                lookForEarlier = false;
            }
        }
        for (String run : takeCandidates()) {
            if (!complete.containsKey(run) && !isStored(run) && dataset.isComplete(run)) {
                synchronized (this) {
                    complete.put(run, new SpendSettlement(System.nanoTime()));
                }
            }
        }
        if (complete.isEmpty()) {
            closeSpend();
        } else {
            storeSettled();
        }
    }

    private synchronized Set<String> takeCandidates() {
        Set<String> taken = Set.copyOf(candidates);
        candidates.clear();
        return taken;
    }

    private boolean isStored(String run) throws IOException {
        return dataset.store().read(Layout.runEvidence(run)).isPresent();
    }

    private void storeSettled() throws IOException {
        Collection<Spend> all = readSpend();
        for (String run : List.copyOf(complete.keySet())) {
            List<Spend> reports =
                    all.stream().filter(report -> report.getRunId().equals(run)).toList();
            SpendSettlement settlement = Objects.requireNonNull(complete.get(run));
            if (settlement.isSettled(reports, System.nanoTime())) {
                store(run, RunEvidence.of(run, reports));
                forget(run);
            }
        }
        if (complete.isEmpty()) {
            closeSpend();
        }
    }

    private Collection<Spend> readSpend() {
        CompactedTopic<Spend> topic = spend == null ? new CompactedTopic<>(kafka, Topics.SPEND) : spend;
        spend = topic;
        return topic.readToEnd().values();
    }

    private void store(String run, Optional<RunEvidence> evidence) throws IOException {
        if (evidence.isEmpty()) { // its spend was deleted, or it was complete before spend was reported
            log.atInfo().addKeyValue("run", run).log("the run has reported no spend; it gets no evidence");
            return;
        }
        boolean stored = evidence.get().store(dataset);
        log.atInfo()
                .addKeyValue("run", run)
                .addKeyValue("by", stored ? "this sink" : "another sink")
                .addKeyValue("unsettled", evidence.get().unsettled())
                .log("evidence of the run stored");
    }

    private synchronized void forget(String run) {
        complete.remove(run);
    }

    /** After a failure: every run is looked at again. */
    private void startAgain() {
        closeSpend();
        synchronized (this) {
            lookForEarlier = true;
        }
    }

    private void closeSpend() {
        CompactedTopic<Spend> topic = spend;
        spend = null;
        if (topic != null) {
            try {
                topic.close();
            } catch (KafkaException e) {
                log.atDebug().setCause(e).log("cannot close the reader of the spend");
            }
        }
    }

    /** Stores what is left, for a limited time. */
    @Override
    public void close() {
        synchronized (this) {
            closing = true;
            changed = true;
            notifyAll();
        }
        boolean interrupted = false;
        try {
            if (thread.getState() == Thread.State.NEW) {
                return;
            }
            thread.join(LONGEST_CLOSE);
        } catch (InterruptedException e) {
            interrupted = true;
        }
        if (thread.isAlive()) {
            thread.interrupt();
            log.atWarn().log("the evidence of a run is not stored yet; the next sink that starts stores it");
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
