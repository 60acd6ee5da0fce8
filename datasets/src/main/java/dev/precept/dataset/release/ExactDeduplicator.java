package dev.precept.dataset.release;

import dev.precept.dataset.Hash;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Keeps the earliest of the samples with equal content, by {@link SampleOrder}. Needs about 200 bytes per sample. */
final class ExactDeduplicator {
    private final Map<Hash, SampleOrder> earliest = new HashMap<>();
    private final List<Hash> duplicates = new ArrayList<>();

    void add(String contentHash, SampleOrder sample) {
        Hash content = Hash.of(contentHash);
        SampleOrder before = earliest.putIfAbsent(content, sample);
        if (before != null) {
            boolean earlier = sample.compareTo(before) < 0;
            duplicates.add(earlier ? before.sampleId() : sample.sampleId());
            if (earlier) {
                earliest.put(content, sample);
            }
        }
    }

    Collection<SampleOrder> retained() {
        return earliest.values();
    }

    /** Ids of the dropped samples, in order. */
    List<Hash> duplicates() {
        Collections.sort(duplicates);
        return duplicates;
    }

    /** Ids of all samples that were added. */
    List<Hash> ids() {
        List<Hash> ids = new ArrayList<>(earliest.size() + duplicates.size());
        earliest.values().forEach(sample -> ids.add(sample.sampleId()));
        ids.addAll(duplicates);
        return ids;
    }
}
