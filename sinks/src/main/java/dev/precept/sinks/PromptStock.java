package dev.precept.sinks;

import dev.precept.records.Sample;
import dev.precept.sinks.view.Split;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** One kept sample of each prompt, the one asked first, to tell of the prompt. Another wording of the rules is another row. */
final class PromptStock implements Stock {
    private final Selection selection;
    private final Map<Key, FirstAsked> firstOf;
    private final Map<Split, List<Key>> keys;

    private PromptStock(Selection selection, Map<Key, FirstAsked> firstOf, Map<Split, List<Key>> keys) {
        this.selection = selection;
        this.firstOf = firstOf;
        this.keys = keys;
    }

    static PromptStock of(Selection selection, Splits splits) throws IOException {
        Map<Key, FirstAsked> firstOf = new HashMap<>();
        selection.each(sample -> firstOf.merge(
                keyOf(sample), FirstAsked.of(sample, splits), (one, other) -> one.compareTo(other) <= 0 ? one : other));
        Keys keys = new Keys();
        firstOf.forEach((key, first) -> keys.add(first.split(), key));
        return new PromptStock(selection, firstOf, keys.ordered());
    }

    private static Key keyOf(Sample sample) {
        return Key.of(sample.getPromptId(), sample.getSpecExcerptSha256());
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
        return 1;
    }

    @Override
    public void each(CommittedRows.Reader<Sample> reader) throws IOException {
        selection.each(sample -> {
            FirstAsked first = firstOf.get(keyOf(sample));
            if (first != null && first.sampleId().equals(Hash.of(sample.getSampleId()))) {
                reader.read(sample);
            }
        });
    }
}
