package dev.precept.judging;

/**
 * Identifies the spend of one worker process on one run. A newer spend record replaces the older one of the same key.
 *
 * @param worker unique for each start of a worker
 */
public record SpendKey(String runId, String role, String worker) {
    /** The worker without what is unique for each start. */
    public String member() {
        return worker.split("\\|", 2)[0];
    }

    /** The key of the record in its topic. */
    public String text() {
        return runId + "|" + role + "|" + worker;
    }
}
