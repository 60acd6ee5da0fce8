package dev.precept.sinks;

import dev.precept.records.Sample;
import dev.precept.schemas.ContentId;
import dev.precept.sinks.view.Split;
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
final class PairStock implements Stock {
    private static final Comparator<Side> BEST_FIRST =
            Comparator.comparingDouble((Side side) -> -side.score).thenComparing(side -> side.id);
    private static final Comparator<Side> WORST_FIRST =
            Comparator.comparingDouble((Side side) -> side.score).thenComparing(side -> side.id);

    private final Selection selection;
    private final Map<Key, Pair> pairs;
    private final Map<Split, List<Key>> keys;

    private PairStock(Selection selection, Map<Key, Pair> pairs, Map<Split, List<Key>> keys) {
        this.selection = selection;
        this.pairs = pairs;
        this.keys = keys;
    }

    /** @param content distinguishes what was said among the few of one prompt */
    private record Side(Hash id, double score, long content) {
        static Side of(Sample sample) {
            String said = ContentId.of(sample.getReasoning() + "\n" + sample.getAnswer());
            return new Side(
                    Hash.of(sample.getSampleId()),
                    sample.getJudgeMin(),
                    Long.parseUnsignedLong(said.substring(0, 16), 16));
        }
    }

    private static final class Pair {
        private @Nullable Side best;
        private @Nullable Side worst;

        void kept(Side side) {
            best = best == null || BEST_FIRST.compare(side, best) < 0 ? side : best;
            judged(side);
        }

        void judged(Side side) {
            worst = worst == null || WORST_FIRST.compare(side, worst) < 0 ? side : worst;
        }

        /** The same words with two scores say something of the judge, and nothing that could be learnt. */
        boolean apart(double gap) {
            return best != null && worst != null && best.score - worst.score >= gap && best.content != worst.content;
        }

        boolean has(Sample sample) {
            Hash id = Hash.of(sample.getSampleId());
            return best != null && worst != null && (best.id.equals(id) || worst.id.equals(id));
        }
    }

    static PairStock of(Selection selection, Splits splits, double gap) throws IOException {
        Map<Key, Pair> pairs = new HashMap<>();
        selection.each(sample ->
                pairs.computeIfAbsent(keyOf(sample), key -> new Pair()).kept(Side.of(sample)));
        selection.turnedDown(sample -> {
            Pair pair = pairs.get(keyOf(sample));
            if (pair != null) {
                pair.judged(Side.of(sample));
            }
        });
        pairs.values().removeIf(pair -> !pair.apart(gap));
        Keys keys = new Keys();
        pairs.keySet().forEach(key -> keys.add(splits.of(key.hash().toString()), key));
        return new PairStock(selection, pairs, keys.ordered());
    }

    private static Key keyOf(Sample sample) {
        return Key.of(sample.getPromptId(), sample.getRunId());
    }

    @Override
    public Map<Split, List<Key>> keys() {
        return keys;
    }

    @Override
    public Key key(Sample sample) {
        return keyOf(sample);
    }

    @Override
    public int samplesOfRow() {
        return 2;
    }

    @Override
    public void each(CommittedRows.Reader<Sample> reader) throws IOException {
        CommittedRows.Reader<Sample> sides = sample -> {
            Pair pair = pairs.get(keyOf(sample));
            if (pair != null && pair.has(sample)) {
                reader.read(sample);
            }
        };
        selection.each(sides);
        selection.turnedDown(sides);
    }
}
