package dev.precept.sinks;

import dev.precept.records.Sample;
import dev.precept.records.Seq;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Which samples a version keeps, and where each one goes. The order is that of the sample ids, which are hashes. */
final class Selection {
    private static final Comparator<Candidate> BY_SEQ = Comparator.comparingLong((Candidate c) -> c.offset)
            .thenComparingInt(c -> c.partition)
            .thenComparingInt(c -> c.slot)
            .thenComparing(c -> c.sampleId);

    private final List<String> order;
    private final List<String> duplicates;
    private final Set<String> dropped;

    private Selection(List<String> order, List<String> duplicates) {
        this.order = order;
        this.duplicates = duplicates;
        this.dropped = new HashSet<>(duplicates);
    }

    private record Candidate(String sampleId, long offset, int partition, int slot) {}

    /** Keeps, of samples with the same content, the one that was asked first. */
    static Selection of(CommittedRows rows) throws IOException {
        Map<String, Candidate> firstOf = new HashMap<>();
        List<String> duplicates = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        rows.each("samples", Sample.class, sample -> {
            if (!seen.add(sample.getSampleId())) {
                throw new IOException("sample " + sample.getSampleId() + " of run " + sample.getRunId()
                        + " is committed twice; one slot gives one sample, so this dataset cannot be trusted");
            }
            Seq seq = sample.getDedup().getSeq();
            Candidate now = new Candidate(sample.getSampleId(), seq.getOffset(), seq.getPartition(), seq.getSlot());
            Candidate before = firstOf.putIfAbsent(sample.getDedup().getContentHash(), now);
            if (before != null) {
                boolean earlier = BY_SEQ.compare(now, before) < 0;
                duplicates.add(earlier ? before.sampleId : now.sampleId);
                if (earlier) {
                    firstOf.put(sample.getDedup().getContentHash(), now);
                }
            }
        });
        List<String> order = new ArrayList<>();
        firstOf.values().forEach(kept -> order.add(kept.sampleId));
        Collections.sort(order);
        Collections.sort(duplicates);
        return new Selection(order, duplicates);
    }

    int kept() {
        return order.size();
    }

    /** Ids of exact duplicates that were left out. */
    List<String> duplicates() {
        return duplicates;
    }

    boolean keeps(Sample sample) {
        return !dropped.contains(sample.getSampleId());
    }

    /** Shards are runs of the order, equal within one row. */
    int shard(Sample sample, int shards) {
        int rank = Collections.binarySearch(order, sample.getSampleId());
        return Math.toIntExact((long) rank * shards / order.size());
    }
}
