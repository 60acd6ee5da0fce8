package dev.precept.sinks;

import dev.precept.records.Sample;
import dev.precept.sinks.view.Split;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Which samples a version keeps. The order is that of the sample ids, which are hashes. */
final class Selection implements Stock {
    private final CommittedRows rows;
    private final Map<Split, List<String>> order;
    private final List<String> duplicates;
    private final Set<String> dropped;

    private Selection(CommittedRows rows, Map<Split, List<String>> order, List<String> duplicates) {
        this.rows = rows;
        this.order = order;
        this.duplicates = duplicates;
        this.dropped = new HashSet<>(duplicates);
    }

    /** Keeps, of samples with the same content, the one that was asked first. */
    static Selection of(CommittedRows rows, Splits splits) throws IOException {
        Map<String, FirstAsked> firstOf = new HashMap<>();
        List<String> duplicates = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        rows.each("samples", Sample.class, sample -> {
            if (!seen.add(sample.getSampleId())) {
                throw new IOException("sample " + sample.getSampleId() + " of run " + sample.getRunId()
                        + " is committed twice; one slot gives one sample, so this dataset cannot be trusted");
            }
            FirstAsked now = FirstAsked.of(sample, splits);
            FirstAsked before = firstOf.putIfAbsent(sample.getDedup().getContentHash(), now);
            if (before != null) {
                boolean earlier = now.compareTo(before) < 0;
                duplicates.add(earlier ? before.sampleId() : now.sampleId());
                if (earlier) {
                    firstOf.put(sample.getDedup().getContentHash(), now);
                }
            }
        });
        Keys keys = new Keys();
        firstOf.values().forEach(kept -> keys.add(kept.split(), kept.sampleId()));
        Collections.sort(duplicates);
        return new Selection(rows, keys.ordered(), duplicates);
    }

    int kept() {
        return order.values().stream().mapToInt(List::size).sum();
    }

    /** Ids of exact duplicates that were left out. */
    List<String> duplicates() {
        return duplicates;
    }

    @Override
    public Map<Split, List<String>> keys() {
        return order;
    }

    @Override
    public String key(Sample sample) {
        return sample.getSampleId();
    }

    @Override
    public int samplesOfRow() {
        return 1;
    }

    @Override
    public void each(CommittedRows.Reader<Sample> reader) throws IOException {
        rows.each("samples", Sample.class, sample -> {
            if (!dropped.contains(sample.getSampleId())) {
                reader.read(sample);
            }
        });
    }
}
