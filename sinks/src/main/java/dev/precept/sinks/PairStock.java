package dev.precept.sinks;

import dev.precept.records.Rejection;
import dev.precept.records.Sample;
import dev.precept.schemas.ContentId;
import dev.precept.sinks.view.Split;
import java.io.IOException;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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

    private final CommittedRows rows;
    private final Selection selection;
    private final Map<String, Pair> pairs;
    private final Map<Split, List<String>> keys;

    private PairStock(CommittedRows rows, Selection selection, Map<String, Pair> pairs, Map<Split, List<String>> keys) {
        this.rows = rows;
        this.selection = selection;
        this.pairs = pairs;
        this.keys = keys;
    }

    /** @param content distinguishes what was said among the few of one prompt */
    private record Side(String id, double score, long content) {
        static Side of(Sample sample) {
            String said = ContentId.of(sample.getReasoning() + "\n" + sample.getAnswer());
            return new Side(
                    sample.getSampleId(), sample.getJudgeMin(), Long.parseUnsignedLong(said.substring(0, 16), 16));
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
            String id = sample.getSampleId();
            return best != null && worst != null && (best.id.equals(id) || worst.id.equals(id));
        }
    }

    static PairStock of(CommittedRows rows, Selection selection, Splits splits, double gap) throws IOException {
        Map<String, Pair> pairs = new HashMap<>();
        selection.each(sample ->
                pairs.computeIfAbsent(keyOf(sample), key -> new Pair()).kept(Side.of(sample)));
        turnedDown(rows, sample -> {
            Pair pair = pairs.get(keyOf(sample));
            if (pair != null) {
                pair.judged(Side.of(sample));
            }
        });
        pairs.values().removeIf(pair -> !pair.apart(gap));
        Keys keys = new Keys();
        pairs.keySet().forEach(key -> keys.add(splits.of(key.substring(0, key.indexOf(' '))), key));
        return new PairStock(rows, selection, pairs, keys.ordered());
    }

    private static void turnedDown(CommittedRows rows, CommittedRows.Reader<Sample> reader) throws IOException {
        rows.each("rejections", Rejection.class, rejection -> {
            Optional<Sample> said = TurnedDown.said(rejection);
            if (said.isPresent()) {
                reader.read(said.get());
            }
        });
    }

    private static String keyOf(Sample sample) {
        return sample.getPromptId() + " " + sample.getRunId();
    }

    @Override
    public Map<Split, List<String>> keys() {
        return keys;
    }

    @Override
    public String key(Sample sample) {
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
        turnedDown(rows, sides);
    }
}
