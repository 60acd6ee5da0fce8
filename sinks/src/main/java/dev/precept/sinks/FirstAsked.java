package dev.precept.sinks;

import dev.precept.records.Sample;
import dev.precept.records.Seq;
import dev.precept.sinks.view.Split;
import java.util.Comparator;

/** A sample's place in the order of asking, and its side. */
record FirstAsked(Hash sampleId, long offset, int partition, int slot, Split split) implements Comparable<FirstAsked> {
    private static final Comparator<FirstAsked> BY_SEQ = Comparator.comparingLong(FirstAsked::offset)
            .thenComparingInt(FirstAsked::partition)
            .thenComparingInt(FirstAsked::slot)
            .thenComparing(FirstAsked::sampleId);

    static FirstAsked of(Sample sample, Splits splits) {
        Seq seq = sample.getDedup().getSeq();
        return new FirstAsked(
                Hash.of(sample.getSampleId()),
                seq.getOffset(),
                seq.getPartition(),
                seq.getSlot(),
                splits.of(sample.getPromptId()));
    }

    @Override
    public int compareTo(FirstAsked other) {
        return BY_SEQ.compare(this, other);
    }
}
