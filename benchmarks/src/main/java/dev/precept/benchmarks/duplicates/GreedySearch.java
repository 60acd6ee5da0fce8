package dev.precept.benchmarks.duplicates;

import dev.precept.benchmarks.duplicates.DocumentSigner.SignedDocument;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The rule of the topology, in memory and on one thread: a document falls to the most similar kept document before it, if
 * that is similar enough; otherwise it is kept. A bucket holds up to four kept documents.
 */
final class GreedySearch {
    private static final int MOST_IN_BUCKET = 4;

    private final DocumentSigner signer;
    private final double threshold;
    private final List<SignedDocument> kept = new ArrayList<>();
    private final List<Integer> numbers = new ArrayList<>();
    private final List<Match> matches = new ArrayList<>();
    private final long[] keys;
    private final int[] members;
    private int[] lastCompared = new int[1 << 10];
    private int documents;

    /** @param earlier the document that the later one fell to */
    record Match(int earlier, int later) {}

    /** @param bands of all documents, at most */
    GreedySearch(DocumentSigner signer, double threshold, long bands) {
        this.signer = signer;
        this.threshold = threshold;
        int size = Integer.highestOneBit(Math.toIntExact(bands)) << 1;
        this.keys = new long[size];
        this.members = new int[size * MOST_IN_BUCKET];
        Arrays.fill(members, -1);
    }

    List<Match> find(List<String> texts) {
        texts.forEach(this::add);
        return matches;
    }

    private void add(String text) {
        SignedDocument document = signer.sign(text);
        int number = documents++;
        int match = mostSimilar(document, number);
        if (match >= 0) {
            matches.add(new Match(numbers.get(match), number));
            return;
        }
        for (long band : document.bands()) {
            int bucket = bucket(band);
            keys[bucket] = band;
            for (int at = bucket * MOST_IN_BUCKET; at < (bucket + 1) * MOST_IN_BUCKET; at++) {
                if (members[at] < 0) {
                    members[at] = kept.size();
                    break;
                }
            }
        }
        kept.add(document);
        numbers.add(number);
    }

    private int mostSimilar(SignedDocument document, int number) {
        if (lastCompared.length <= kept.size()) {
            lastCompared = Arrays.copyOf(lastCompared, 2 * lastCompared.length);
        }
        int match = -1;
        double highest = threshold;
        for (long band : document.bands()) {
            int bucket = bucket(band);
            for (int at = bucket * MOST_IN_BUCKET; at < (bucket + 1) * MOST_IN_BUCKET && members[at] >= 0; at++) {
                int member = members[at];
                if (lastCompared[member] != number + 1) {
                    lastCompared[member] = number + 1;
                    double similarity = document.similarity(kept.get(member));
                    if (match < 0 ? similarity >= highest : similarity > highest) {
                        match = member;
                        highest = similarity;
                    }
                }
            }
        }
        return match;
    }

    /** The place of a key, or the free one where it belongs. Keys are hashes. */
    private int bucket(long key) {
        int at = (int) (key >>> 32) & (keys.length - 1);
        while (keys[at] != key && members[at * MOST_IN_BUCKET] >= 0) {
            at = (at + 1) & (keys.length - 1);
        }
        return at;
    }
}
