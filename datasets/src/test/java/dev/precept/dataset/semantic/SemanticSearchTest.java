package dev.precept.dataset.semantic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.precept.dataset.spool.Spool;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What falls is similar to a kept vector before it; nearly all pairs at the threshold are found. */
class SemanticSearchTest {
    private static final int DIMENSIONS = 48;
    private static final double THRESHOLD = 0.9;

    @TempDir
    private Path folder;

    record Fallen(int number, int kept, double similarity) {}

    private List<Fallen> search(List<float[]> vectors, int threads) throws IOException {
        List<Fallen> fallen = new ArrayList<>();
        try (Spool spool = Spool.open(folder, Long.MAX_VALUE);
                VectorFile file = new VectorFile(spool, "vectors", vectors.size(), DIMENSIONS)) {
            for (int n = 0; n < vectors.size(); n++) {
                file.write(n, vectors.get(n));
            }
            long before = spool.used();
            SemanticSearch.run(
                    file,
                    THRESHOLD,
                    spool,
                    threads,
                    (number, kept, similarity) -> fallen.add(new Fallen(number, kept, similarity)));
            assertThat(spool.used()).isEqualTo(before);
        }
        return fallen;
    }

    /** Vectors of which each fourth has a cosine with an earlier one, which is not such a fourth. */
    private static List<float[]> planted(Random random, int vectors, double cosine) {
        List<float[]> all = new ArrayList<>();
        for (int n = 0; n < vectors; n++) {
            all.add(
                    n % 4 == 3
                            ? Vectors.near(random, all.get(random.nextInt(n / 4 + 1) * 4), cosine)
                            : Vectors.random(random, DIMENSIONS));
        }
        return all;
    }

    @Test
    void pairsJustAboveTheThresholdAreFoundWithTheStatedRecall() throws IOException {
        Random random = new Random(11);
        List<float[]> vectors = planted(random, 2_000, THRESHOLD + 0.0005);
        Map<Integer, Fallen> found = new HashMap<>();
        search(vectors, 2).forEach(each -> found.put(each.number(), each));
        assertThat(found.size()).isBetween((int) (500 * 0.92), 500);
        assertThat(found.values()).allSatisfy(each -> {
            assertThat(each.number() % 4).isEqualTo(3);
            assertThat(each.similarity()).isCloseTo(0.9005, within(1e-4));
        });
    }

    @Test
    void theOutcomeIsThatOfComparingAllPairsThatWereFound() throws IOException {
        for (long seed = 1; seed <= 4; seed++) {
            Random random = new Random(seed);
            List<float[]> vectors = planted(random, 200, 0.9 + 0.1 * random.nextDouble());
            List<Fallen> fallen = search(vectors, 3);
            Set<Integer> gone = new HashSet<>();
            int before = -1;
            for (Fallen each : fallen) {
                assertThat(each.number()).as("seed %s", seed).isGreaterThan(before);
                assertThat(each.kept()).isLessThan(each.number()).isNotIn(gone);
                assertThat(each.similarity())
                        .isEqualTo(SemanticSearch.cosine(vectors.get(each.number()), vectors.get(each.kept())))
                        .isGreaterThanOrEqualTo(THRESHOLD);
                gone.add(each.number());
                before = each.number();
            }
            assertThat(search(vectors, 1)).as("seed %s", seed).isEqualTo(fallen);
        }
    }

    @Test
    void aChainFallsOnlyToWhatIsKept() throws IOException {
        float[][] pair = Vectors.pair(new Random(3), DIMENSIONS, 0.97);
        float[] opposite = pair[0].clone();
        for (int n = 0; n < opposite.length; n++) {
            opposite[n] = -opposite[n];
        }
        List<Fallen> fallen = search(List.of(pair[0], pair[1], opposite, pair[1], opposite), 1);
        assertThat(fallen).extracting(Fallen::number).containsExactly(1, 3, 4);
        assertThat(fallen).extracting(Fallen::kept).containsExactly(0, 0, 2);
        assertThat(fallen.getLast().similarity()).isCloseTo(1, within(1e-6));
    }

    @Test
    void aClusterOfEqualTextsKeepsItsFirst() throws IOException {
        float[] vector = Vectors.random(new Random(5), DIMENSIONS);
        List<float[]> vectors = new ArrayList<>();
        for (int n = 0; n < 2_000; n++) {
            vectors.add(vector);
        }
        assertThat(search(vectors, 2))
                .hasSize(1_999)
                .allSatisfy(each -> assertThat(each.kept()).isZero());
    }

    @Test
    void oneVectorOrNoneIsNoPair() throws IOException {
        assertThat(search(List.of(), 1)).isEmpty();
        assertThat(search(List.of(Vectors.random(new Random(1), DIMENSIONS)), 1))
                .isEmpty();
    }
}
