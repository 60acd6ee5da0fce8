package dev.precept.streams.neardup;

import dev.precept.records.Seq;
import dev.precept.records.SignedDocument;
import java.util.Comparator;

/**
 * The order of texts: a text falls only to a kept one that comes before it. The opening of the run, the run, and in it the
 * offset, partition and slot.
 */
final class DocumentOrder {
    private static final Comparator<Seq> SEQ = Comparator.comparingLong(Seq::getOffset)
            .thenComparingInt(Seq::getPartition)
            .thenComparingInt(Seq::getSlot);

    static final Comparator<SignedDocument> ORDER = Comparator.comparing(SignedDocument::getRunOpenedAt)
            .thenComparing(SignedDocument::getRunId)
            .thenComparing(SignedDocument::getSeq, SEQ);

    private DocumentOrder() {}

    static boolean isBefore(SignedDocument one, SignedDocument other) {
        return ORDER.compare(one, other) < 0;
    }
}
