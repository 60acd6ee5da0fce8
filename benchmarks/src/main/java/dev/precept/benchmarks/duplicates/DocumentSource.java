package dev.precept.benchmarks.duplicates;

import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/** Documents of random words whose lengths and frequencies are about those of English. */
public final class DocumentSource {
    private static final int WORDS = 30_000;
    private static final int FREQUENT = 64;
    private static final int COMMON = 1_000;

    /** Words of a sentence. */
    private static final int SENTENCE = 14;

    private final RandomGenerator random;
    private final String[] vocabulary = new String[WORDS];

    public DocumentSource(long seed) {
        this.random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
        for (int rank = 0; rank < WORDS; rank++) {
            int least = rank < FREQUENT ? 2 : rank < COMMON ? 3 : 5;
            char[] word = new char[least + random.nextInt(rank < FREQUENT ? 2 : rank < COMMON ? 4 : 7)];
            for (int i = 0; i < word.length; i++) {
                word[i] = (char) ('a' + random.nextInt(26));
            }
            vocabulary[rank] = new String(word);
        }
    }

    /** A word; frequencies roughly follow Zipf's law. */
    String word() {
        return vocabulary[(int) Math.pow(WORDS, random.nextDouble())];
    }

    int below(int bound) {
        return random.nextInt(bound);
    }

    /** Words in lower case, separated by single spaces. */
    String[] words(int count) {
        String[] words = new String[count];
        for (int i = 0; i < count; i++) {
            words[i] = word();
        }
        return words;
    }

    /** Sentences with capitals and punctuation, quotation marks among it. */
    public String prose(int words) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < words; i++) {
            String word = word();
            if (i % SENTENCE == 0) {
                text.append(i == 0 ? "" : i % (4 * SENTENCE) == 0 ? ".\n\n" : ". ");
                text.append((char) (word.charAt(0) - 0x20)).append(word, 1, word.length());
            } else {
                String mark = random.nextInt(12) == 0 ? "," : random.nextInt(40) == 0 ? "\u2019s" : "";
                text.append(mark).append(' ').append(word);
            }
        }
        return text.append('.').toString();
    }
}
