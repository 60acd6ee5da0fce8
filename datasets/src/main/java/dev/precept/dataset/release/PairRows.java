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
 * Of each prompt the best sample that is kept, and the worst thing that was said and judged, kept or turned down. Both come
 * from one run, so the same judges gave the votes under the same rules.
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

    /** @param content distinguishes what was said among the few of one prompt */
    private record ScoredSample(Hash id, double score, long content) {
        static ScoredSample of(Sample sample) {
            String said = Sha256.hex(sample.getReasoning() + "\n" + sample.getAnswer());
            return new ScoredSample(
                    Hash.of(sample.getSampleId()),
                    sample.getJudgeMin(),
                    Long.parseUnsignedLong(said.substring(0, 16), 16));
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

        /** The same words with two scores say something of the judge, and nothing that could be learnt. */
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
        CommittedRows.RowConsumer<Sample> sides = sample -> {
            Pair pair = pairs.get(keyOf(sample));
            if (pair != null && pair.contains(sample)) {
                rowConsumer.accept(sample);
            }
        };
        selection.forEach(sides);
        selection.forEachRejected(sides);
    }
}
