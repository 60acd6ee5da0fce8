package dev.precept.streams.budget;

import dev.precept.records.Budget;
import dev.precept.records.Lease;
import dev.precept.records.Spend;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The leases of one run, by worker instance. Not thread-safe. */
final class RunLeases {
    /** An instance without a report for this long makes no more calls: its lease has lapsed long before. */
    static final Duration SILENCE = Duration.ofSeconds(40);

    private final String runId;
    private final Map<String, WorkerLease> workers = new TreeMap<>();
    /** The newest instance of each worker. */
    private final Map<String, String> instances = new HashMap<>();

    RunLeases(String runId) {
        this.runId = runId;
    }

    /** Reads a report. A new instance of a worker takes the place of the one before. */
    void onReport(String key, Spend report, long nowNanos) {
        worker(key).onReport(report, nowNanos);
        String name = report.getRole() + "|" + report.getWorker().split("\\|", 2)[0];
        String before = instances.put(name, key);
        if (before != null && !before.equals(key)) {
            worker(before).setGone();
        }
    }

    /** Restores a lease that an earlier keeper granted. Its instance has reported before. */
    void onLease(String key, Lease lease) {
        worker(key).onLease(lease);
    }

    private WorkerLease worker(String key) {
        return workers.computeIfAbsent(key, _ -> new WorkerLease(runId));
    }

    /** The leases to publish now, by instance. */
    Map<String, Lease> allocate(Budget budget, long nowNanos) {
        for (WorkerLease worker : workers.values()) {
            if (worker.isLive() && worker.isSilent(nowNanos, SILENCE.toNanos())) {
                worker.setGone();
            }
        }
        return new Allocation(budget, workers).leases();
    }

    /** The instances that have ended and whose lease is still a record; each is returned once. */
    List<String> endedWithLease() {
        return workers.entrySet().stream()
                .filter(worker -> worker.getValue().takeEndedLease())
                .map(Map.Entry::getKey)
                .toList();
    }
}
