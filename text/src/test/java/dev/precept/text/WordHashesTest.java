package dev.precept.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class WordHashesTest {
    @Test
    void runsHaveEqualHashesIfTheirWordsAreEqual() {
        SplittableRandom random = new SplittableRandom(7);
        List<String> words =
                Stream.generate(() -> "w" + random.nextInt(3)).limit(5_000).toList();
        Map<List<String>, Long> hashes = new HashMap<>();
        for (int length : List.of(1, 5, 8)) {
            long[] runs = WordHashes.runs(WordHashes.of(words), length);
            assertThat(runs).hasSize(words.size() - length + 1).doesNotContain(0);
            for (int at = 0; at < runs.length; at++) {
                Long known = hashes.putIfAbsent(words.subList(at, at + length), runs[at]);
                assertThat(known == null || known == runs[at]).as("run %d", at).isTrue();
            }
        }
        assertThat(hashes.values()).doesNotHaveDuplicates();
    }

    @Test
    void aTextThatIsShorterThanARunHasNone() {
        assertThat(WordHashes.runs(WordHashes.of(List.of("a", "b")), 3)).isEmpty();
    }
}
