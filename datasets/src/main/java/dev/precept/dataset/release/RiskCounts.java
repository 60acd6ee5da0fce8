package dev.precept.dataset.release;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Kept rows by the risk of their prompt, by its name.
 *
 * @param prompts of the samples
 */
record RiskCounts(Map<String, Long> samples, Map<String, Long> prompts) {
    /** No specification of the dataset states a risk. */
    static final RiskCounts NOT_STATED = new RiskCounts(Map.of(), Map.of());

    /** Of the codes of a risk table. */
    static RiskCounts of(AtomicLongArray samplesByCode, Map<Byte, Long> promptsByCode) {
        Map<String, Long> samples = new TreeMap<>();
        for (int code = 0; code < samplesByCode.length(); code++) {
            if (samplesByCode.get(code) > 0) {
                samples.put(RiskTable.name(code), samplesByCode.get(code));
            }
        }
        Map<String, Long> prompts = new TreeMap<>();
        promptsByCode.forEach((code, count) -> prompts.put(RiskTable.name(code), count));
        return new RiskCounts(samples, prompts);
    }
}
