package dev.precept.dataset.release;

import dev.precept.dataset.CommittedRows;
import dev.precept.dataset.Hash;
import dev.precept.dataset.view.Split;
import dev.precept.records.Sample;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The samples that a version keeps, ordered by sample id, which is a hash. */
final class Selection implements RowSource {
    private final JudgedRows judgedRows;
    private final Optional<Double> threshold;
    private final Map<Split, List<RowKey>> order;
    private final List<Hash> duplicates;
    private final int belowThreshold;
    private final int readmitted;

    private Selection(
            JudgedRows judgedRows,
            Optional<Double> threshold,
            Map<Split, List<RowKey>> order,
            List<Hash> duplicates,
            int belowThreshold,
            int readmitted) {
        this.judgedRows = judgedRows;
        this.threshold = threshold;
        this.order = order;
        this.duplicates = duplicates;
        this.belowThreshold = belowThreshold;
        this.readmitted = readmitted;
    }

    /**
     * Keeps samples that pass the threshold, and of those with equal content the earliest.
     *
     * @param threshold least lowest vote; empty for that of each run
     */
    static Selection select(JudgedRows judgedRows, SplitAssigner splitAssigner, Optional<Double> threshold)
            throws IOException {
        ExactDeduplicator exactDeduplicator = new ExactDeduplicator();
        List<Hash> below = new ArrayList<>();
        judgedRows.forEachSample(sample -> {
            if (threshold.isPresent() && sample.getJudgeMin() < threshold.get()) {
                below.add(Hash.of(sample.getSampleId()));
            } else {
                exactDeduplicator.add(sample.getDedup().getContentHash(), SampleOrder.of(sample, splitAssigner));
            }
        });
        List<Hash> kept = exactDeduplicator.ids();
        int readmitted = 0;
        if (threshold.isPresent()) {
            for (LowerThreshold.Attempt attempt :
                    LowerThreshold.select(judgedRows, kept, threshold.get(), splitAssigner)) {
                exactDeduplicator.add(attempt.contentHash(), attempt.order());
                readmitted++;
            }
        }
        kept.addAll(below);
        requireOnce(kept);
        RowKeys rowKeys = new RowKeys();
        exactDeduplicator.retained().forEach(first -> rowKeys.add(first.split(), new RowKey(first.sampleId(), "")));
        return new Selection(
                judgedRows, threshold, rowKeys.ordered(), exactDeduplicator.duplicates(), below.size(), readmitted);
    }

    private static void requireOnce(List<Hash> ids) throws IOException {
        Collections.sort(ids);
        for (int at = 1; at < ids.size(); at++) {
            if (ids.get(at).equals(ids.get(at - 1))) {
                throw new IOException("sample " + ids.get(at)
                        + " is committed twice; a slot has at most one sample, so this dataset cannot be trusted");
            }
        }
    }

    int kept() {
        return order.values().stream().mapToInt(List::size).sum();
    }

    /** Ids of the exact duplicates that are left out. */
    List<Hash> duplicates() {
        return duplicates;
    }

    /** Samples accepted by their run that are below the threshold. */
    int belowThreshold() {
        return belowThreshold;
    }

    /** Attempts rejected by their run that the lower threshold lets in. */
    int readmitted() {
        return readmitted;
    }

    @Override
    public Map<Split, List<RowKey>> keys() {
        return order;
    }

    @Override
    public RowKey key(Sample sample) {
        return RowKey.of(sample.getSampleId());
    }

    @Override
    public int samplesPerRow() {
        return 1;
    }

    @Override
    public void forEach(CommittedRows.RowConsumer<Sample> rowConsumer) throws IOException {
        judgedRows.forEachSample(sample -> {
            if (!isBelow(sample) && Collections.binarySearch(duplicates, Hash.of(sample.getSampleId())) < 0) {
                rowConsumer.accept(sample);
            }
        });
        if (readmitted > 0) {
            judgedRows.forEachAttempt(attempt -> {
                if (keeps(attempt.sample())) {
                    rowConsumer.accept(attempt.sample());
                }
            });
        }
    }

    /** Reads judged samples that this version does not keep: rejected by their run, or below the threshold. */
    void forEachRejected(CommittedRows.RowConsumer<Sample> rowConsumer) throws IOException {
        judgedRows.forEachAttempt(attempt -> {
            if (readmitted == 0 || !keeps(attempt.sample())) {
                rowConsumer.accept(attempt.sample());
            }
        });
        if (belowThreshold > 0) {
            judgedRows.forEachSample(sample -> {
                if (isBelow(sample)) {
                    rowConsumer.accept(sample);
                }
            });
        }
    }

    private boolean isBelow(Sample sample) {
        return threshold.isPresent() && sample.getJudgeMin() < threshold.get();
    }

    private boolean keeps(Sample sample) {
        RowKey rowKey = key(sample);
        return order.values().stream().anyMatch(keys -> Collections.binarySearch(keys, rowKey) >= 0);
    }
}
