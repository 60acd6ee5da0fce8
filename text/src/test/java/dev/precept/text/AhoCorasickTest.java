package dev.precept.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.BitSet;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class AhoCorasickTest {
    private static final String LETTERS = "ab é条";

    private static List<String> strings(SplittableRandom random, int count, int longest) {
        return IntStream.range(0, count)
                .mapToObj(_ -> string(random, 1 + random.nextInt(longest)))
                .toList();
    }

    private static String string(SplittableRandom random, int length) {
        StringBuilder string = new StringBuilder();
        for (int i = 0; i < length; i++) {
            string.append(LETTERS.charAt(random.nextInt(LETTERS.length())));
        }
        return string.toString();
    }

    @Test
    void itFindsWhatAPartOfTheTextContains() {
        for (long seed = 1; seed <= 300; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            List<String> strings = strings(random, 1 + random.nextInt(12), 5);
            AhoCorasick search = new AhoCorasick(strings);
            String text = string(random, 60) + "xyz" + string(random, 20);
            int from = random.nextInt(text.length());
            int to = from + random.nextInt(text.length() - from);
            BitSet found = new BitSet();
            search.find(text, from, to, found);
            String part = text.substring(from, to);
            assertThat(found.stream().boxed())
                    .as("seed %d: %s in \"%s\"", seed, strings, part)
                    .containsExactlyElementsOf(IntStream.range(0, strings.size())
                            .filter(i -> part.contains(strings.get(i)))
                            .boxed()
                            .toList());
        }
    }
}
