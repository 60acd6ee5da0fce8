package dev.precept.judging.screen;

import dev.precept.text.HashTable;
import dev.precept.text.SearchedText;
import dev.precept.text.WordHashes;
import java.util.Collection;
import java.util.List;

/**
 * All runs of a number of consecutive words in some texts, as 64-bit hashes. Another text is compared run by run, in time
 * proportional to its length. Immutable.
 */
final class WordRuns {
    private final int length;
    private final HashTable runs;

    /**
     * @param texts words of each text; a run does not extend over two texts
     * @param length words of a run
     */
    WordRuns(Collection<List<String>> texts, int length) {
        this(texts.stream().map(WordHashes::of).toList(), length);
    }

    private WordRuns(List<long[]> texts, int length) {
        this.length = length;
        this.runs = new HashTable(texts.stream().mapToInt(words -> words.length).sum());
        for (long[] words : texts) {
            for (long run : WordHashes.runs(words, length)) {
                runs.putIfAbsent(run, 0);
            }
        }
    }

    /**
     * The number of separate runs of words that are in these texts and not in another.
     *
     * @param least words of the shortest run that counts; at least the length of the runs
     * @param except the text whose runs do not count
     */
    int count(SearchedText text, int least, SearchedText except) {
        int counted = 0;
        int matching = 0; // consecutive positions at which a known run begins
        WordRuns excepted = null;
        for (long run : WordHashes.runs(text.wordHashes(), length)) {
            boolean known = contains(run);
            if (known && excepted == null) {
                excepted = new WordRuns(List.of(except.wordHashes()), length); // most texts hold no known run
            }
            matching = known && excepted != null && !excepted.contains(run) ? matching + 1 : 0;
            if (matching == least - length + 1) {
                counted++;
            }
        }
        return counted;
    }

    private boolean contains(long run) {
        return runs.get(run) != HashTable.NONE;
    }
}
