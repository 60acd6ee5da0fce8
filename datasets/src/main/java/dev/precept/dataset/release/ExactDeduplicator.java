package dev.precept.dataset.release;

import dev.precept.dataset.Hash;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Of samples with the same content, the one that was asked first. About 200 bytes a sample. */
final class ExactDeduplicator {
    private final Map<Hash, SampleOrder> firstOf = new HashMap<>();
    private final List<Hash> duplicates = new ArrayList<>();

    void offer(String contentHash, SampleOrder now) {
        Hash content = Hash.of(contentHash);
        SampleOrder before = firstOf.putIfAbsent(content, now);
        if (before != null) {
            boolean earlier = now.compareTo(before) < 0;
            duplicates.add(earlier ? before.sampleId() : now.sampleId());
            if (earlier) {
                firstOf.put(content, now);
            }
        }
    }

    Collection<SampleOrder> retained() {
        return firstOf.values();
    }

    /** Ids of those that say the same as an earlier one, in order. */
    List<Hash> duplicates() {
        Collections.sort(duplicates);
        return duplicates;
    }

    /** Every id that was offered. */
    List<Hash> ids() {
        List<Hash> ids = new ArrayList<>(firstOf.size() + duplicates.size());
        firstOf.values().forEach(first -> ids.add(first.sampleId()));
        ids.addAll(duplicates);
        return ids;
    }
}
