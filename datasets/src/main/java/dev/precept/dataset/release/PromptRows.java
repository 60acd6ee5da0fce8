package dev.precept.dataset.release;

import dev.precept.dataset.CommittedRows;
import dev.precept.dataset.Hash;
import dev.precept.dataset.view.Split;
import dev.precept.records.Sample;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** One row per prompt and specification excerpt, taken from the earliest kept sample. */
final class PromptRows implements RowSource {
    private final Selection selection;
    private final Map<RowKey, SampleOrder> earliest;
    private final Map<Split, List<RowKey>> keys;

    private PromptRows(Selection selection, Map<RowKey, SampleOrder> earliest, Map<Split, List<RowKey>> keys) {
        this.selection = selection;
        this.earliest = earliest;
        this.keys = keys;
    }

    static PromptRows collect(Selection selection, SplitAssigner splitAssigner) throws IOException {
        Map<RowKey, SampleOrder> earliest = new HashMap<>();
        selection.forEach(sample -> earliest.merge(
                keyOf(sample),
                SampleOrder.of(sample, splitAssigner),
                (one, other) -> one.compareTo(other) <= 0 ? one : other));
        RowKeys rowKeys = new RowKeys();
        earliest.forEach((rowKey, first) -> rowKeys.add(first.split(), rowKey));
        return new PromptRows(selection, earliest, rowKeys.ordered());
    }

    private static RowKey keyOf(Sample sample) {
        return RowKey.of(sample.getPromptId(), sample.getSpecExcerptSha256());
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
        return 1;
    }

    @Override
    public void forEach(CommittedRows.RowConsumer<Sample> rowConsumer) throws IOException {
        selection.forEach(sample -> {
            SampleOrder first = earliest.get(keyOf(sample));
            if (first != null && first.sampleId().equals(Hash.of(sample.getSampleId()))) {
                rowConsumer.accept(sample);
            }
        });
    }
}
