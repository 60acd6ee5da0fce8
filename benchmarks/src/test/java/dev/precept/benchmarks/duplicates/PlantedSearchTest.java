package dev.precept.benchmarks.duplicates;

import static org.assertj.core.api.Assertions.assertThat;

import dev.precept.text.Banding;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PlantedSearchTest {
    private static final int DOCUMENTS = 1_000;
    private static final int PAIRS = 80;
    private static PlantedCorpus corpus;

    @TempDir
    private Path folder;

    @BeforeAll
    static void plant() {
        corpus = PlantedCorpus.create(DOCUMENTS, PAIRS);
    }

    @Test
    void pairsAreJustAboveOrBelowALevel() {
        assertThat(corpus.texts()).hasSize(DOCUMENTS);
        assertThat(corpus.pairs()).hasSize(4 * (PAIRS + PAIRS / 4));
        for (PlantedCorpus.Pair pair : corpus.pairs()) {
            assertThat(corpus.similarity(pair.first(), pair.second())).isEqualTo(pair.similarity());
        }
        for (double level : PlantedCorpus.LEVELS) {
            assertThat(corpus.pairs()).filteredOn(pair -> pair.isAt(level)).hasSize(PAIRS);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"precept", "hash4j_superminhash_verified"})
    void aVerifiedSearchFindsThemAndNothingElse(String name) throws IOException {
        for (double threshold : PlantedCorpus.LEVELS) {
            SearchScore score = search(name, threshold);
            assertThat(score.recall()).as("%s at %s", name, threshold).isGreaterThan(0.93);
            assertThat(score.precision()).isEqualTo(1);
        }
    }

    @Test
    void estimatesMissPairsAndReportOthers() throws IOException {
        SearchScore score = search("hash4j_minhash", 0.8);
        assertThat(score.recall()).isLessThan(0.9);
        assertThat(score.precision()).isLessThan(1);
    }

    private SearchScore search(String name, double threshold) throws IOException {
        Banding banding = Banding.of(threshold);
        List<GreedySearch.Match> matches = new GreedySearch(
                        SearchProcess.signer(name, banding), threshold, (long) banding.bands() * DOCUMENTS)
                .find(corpus.texts());
        Path file = folder.resolve(name + threshold);
        Files.write(
                file,
                matches.stream()
                        .map(match -> match.earlier() + " " + match.later())
                        .toList());
        return SearchScore.read(file, corpus, threshold);
    }
}
