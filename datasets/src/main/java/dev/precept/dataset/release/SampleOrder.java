package dev.precept.dataset.release;

import dev.precept.dataset.Hash;
import dev.precept.dataset.view.Split;
import dev.precept.records.Sample;
import dev.precept.records.Seq;
import java.util.Comparator;

/** The order in which samples were requested: offset and partition of the prompt, then slot. */
record SampleOrder(Hash sampleId, long offset, int partition, int slot, Split split)
        implements Comparable<SampleOrder> {
    private static final Comparator<SampleOrder> BY_SEQ = Comparator.comparingLong(SampleOrder::offset)
            .thenComparingInt(SampleOrder::partition)
            .thenComparingInt(SampleOrder::slot)
            .thenComparing(SampleOrder::sampleId);

    static SampleOrder of(Sample sample, SplitAssigner splitAssigner) {
        Seq seq = sample.getDedup().getSeq();
        return new SampleOrder(
                Hash.of(sample.getSampleId()),
                seq.getOffset(),
                seq.getPartition(),
                seq.getSlot(),
                splitAssigner.splitOf(sample.getPromptId()));
    }

    @Override
    public int compareTo(SampleOrder other) {
        return BY_SEQ.compare(this, other);
    }
}
