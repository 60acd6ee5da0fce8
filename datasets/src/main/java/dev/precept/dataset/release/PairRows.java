package dev.precept.dataset.release;

import dev.precept.content.Sha256;
import dev.precept.dataset.CommittedRows;
import dev.precept.dataset.Hash;
import dev.precept.dataset.view.Split;
import dev.precept.records.Sample;
import java.io.IOException;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Preference pairs: of each prompt and run the best kept sample and the worst judged one, kept or rejected. Both are from one
 * run, so their votes are comparable.
 */
final class PairRows implements RowSource {
    private static final Comparator<ScoredSample> BEST_FIRST = Comparator.comparingDouble(
                    (ScoredSample scoredSample) -> -scoredSample.score)
            .thenComparing(scoredSample -> scoredSample.id);
    private static final Comparator<ScoredSample> WORST_FIRST = Comparator.comparingDouble(
                    (ScoredSample scoredSample) -> scoredSample.score)
            .thenComparing(scoredSample -> scoredSample.id);

    private final Selection selection;
    private final Map<RowKey, Pair> pairs;
    private final Map<Split, List<RowKey>> keys;

    private PairRows(Selection selection, Map<RowKey, Pair> pairs, Map<Split, List<RowKey>> keys) {
        this.selection = selection;
        this.pairs = pairs;
        this.keys = keys;
    }

    /** @param content part of the content hash, enough to distinguish the samples of one prompt */
    private record ScoredSample(Hash id, double score, long content) {
        static ScoredSample of(Sample sample) {
            String content = Sha256.hex(sample.getReasoning() + "\n" + sample.getAnswer());
            return new ScoredSample(
                    Hash.of(sample.getSampleId()),
                    sample.getJudgeMin(),
                    Long.parseUnsignedLong(content.substring(0, 16), 16));
        }
    }

    private static final class Pair {
        private @Nullable ScoredSample best;
        private @Nullable ScoredSample worst;

        void addAccepted(ScoredSample scoredSample) {
            best = best == null || BEST_FIRST.compare(scoredSample, best) < 0 ? scoredSample : best;
            addJudged(scoredSample);
        }

        void addJudged(ScoredSample scoredSample) {
            worst = worst == null || WORST_FIRST.compare(scoredSample, worst) < 0 ? scoredSample : worst;
        }

        /** Equal text with two scores shows only the judge's noise, so it is not a pair. */
        boolean isApart(double gap) {
            return best != null && worst != null && best.score - worst.score >= gap && best.content != worst.content;
        }

        boolean contains(Sample sample) {
            Hash id = Hash.of(sample.getSampleId());
            return best != null && worst != null && (best.id.equals(id) || worst.id.equals(id));
        }
    }

    static PairRows collect(Selection selection, SplitAssigner splitAssigner, double gap) throws IOException {
        Map<RowKey, Pair> pairs = new HashMap<>();
        selection.forEach(sample ->
                pairs.computeIfAbsent(keyOf(sample), rowKey -> new Pair()).addAccepted(ScoredSample.of(sample)));
        selection.forEachRejected(sample -> {
            Pair pair = pairs.get(keyOf(sample));
            if (pair != null) {
                pair.addJudged(ScoredSample.of(sample));
            }
        });
        pairs.values().removeIf(pair -> !pair.isApart(gap));
        RowKeys rowKeys = new RowKeys();
        pairs.keySet()
                .forEach(rowKey ->
                        rowKeys.add(splitAssigner.splitOf(rowKey.hash().toString()), rowKey));
        return new PairRows(selection, pairs, rowKeys.ordered());
    }

    private static RowKey keyOf(Sample sample) {
        return RowKey.of(sample.getPromptId(), sample.getRunId());
    }

    @Override
    public Map<Split, List<RowKey>> keys() {
        return keys;
    }

    @Override
    public RowKey key(Sample sample) {
        return keyOf(sample);
    }

    @Override
    public int samplesPerRow() {
        return 2;
    }

    @Override
    public void forEach(CommittedRows.RowConsumer<Sample> rowConsumer) throws IOException {
        CommittedRows.RowConsumer<Sample> members = sample -> {
            Pair pair = pairs.get(keyOf(sample));
            if (pair != null && pair.contains(sample)) {
                rowConsumer.accept(sample);
            }
        };
        selection.forEach(members);
        selection.forEachRejected(members);
    }
}
