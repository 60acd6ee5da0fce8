package dev.precept.dataset.release;

import static org.assertj.core.api.Assertions.assertThat;

import dev.precept.config.NearDuplicateSettings.Policy;
import dev.precept.dataset.CommittedDataset;
import dev.precept.dataset.DuckDb;
import dev.precept.dataset.Manifest;
import dev.precept.dataset.NeutralRows;
import dev.precept.dataset.view.View;
import dev.precept.records.Sample;
import dev.precept.records.Seq;
import dev.precept.testkit.Seed;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a release keeps of similar rows, held against a comparison of all pairs. */
final class NearDuplicatesTest {
    private static final double THRESHOLD = 0.8;
    private static final Manifest.NearDuplicates REJECT =
            new Manifest.NearDuplicates(Policy.REJECT, Policy.REJECT, THRESHOLD);

    @TempDir
    private Path folder;

    private int made;

    @Test
    void rowsFallToTheKeptRowBeforeThemWhateverTheOrderOfTheirCommits() throws IOException {
        Random random = new Random(Seed.choose(getClass()));
        for (int round = 0; round < 4; round++) {
            List<Sample> samples = chains(random);
            SimilarityOracle.Result expected = new SimilarityOracle(THRESHOLD, List.of(NeutralRows.RUN)).keep(samples);
            assertThat(expected.reasons().values())
                    .contains("near_duplicate_prompt", "near_duplicate_sample", "exact_duplicate");
            CommittedDataset dataset = commit(samples, random);
            release(dataset, settings("v1", REJECT));
            assertThat(kept(dataset, "v1")).containsExactlyInAnyOrderElementsOf(expected.kept());
            Map<String, List<String>> removed = removed(dataset, "v1");
            assertThat(removed.keySet())
                    .containsExactlyInAnyOrderElementsOf(expected.reasons().keySet());
            Map<String, Sample> byId = samples.stream().collect(Collectors.toMap(Sample::getSampleId, s -> s));
            removed.forEach((id, row) -> {
                assertThat(row.get(0)).isEqualTo(expected.reasons().get(id));
                assertThat(row.get(1)).isEqualTo(expected.near().get(id));
                if (!row.get(0).equals("exact_duplicate")) {
                    boolean byPrompt = row.get(0).equals("near_duplicate_prompt");
                    assertThat(Double.parseDouble(row.get(2)))
                            .isEqualTo(SimilarityOracle.similarity(
                                    SimilarityOracle.text(byId.get(id), byPrompt),
                                    SimilarityOracle.text(byId.get(row.get(1)), byPrompt)));
                }
            });
        }
    }

    /** Chains whose neighbours are similar, in random order: what is kept depends on the order. */
    private static List<Sample> chains(Random random) {
        List<Sample> samples = new ArrayList<>();
        List<Integer> offsets = new ArrayList<>();
        for (int n = 0; n < 90; n++) {
            offsets.add(n);
        }
        Collections.shuffle(offsets, random);
        for (int n = 0; n < 90; n++) {
            String question = SimilarSamples.text("prompt " + n / 5, 3 * (n % 5));
            for (int slot = 0; slot < 2; slot++) {
                String reasoning = SimilarSamples.text("thought " + random.nextInt(12), 3 * random.nextInt(4));
                Seq seq = new Seq((long) offsets.get(n), n % 3, slot);
                samples.add(SimilarSamples.sample(question, slot, reasoning, seq));
            }
        }
        Sample copied = samples.getFirst();
        Sample copy = SimilarSamples.sample("other words", 0, copied.getReasoning(), new Seq(91L, 0, 0));
        copy.getDedup().setContentHash(copied.getDedup().getContentHash());
        samples.add(copy);
        return samples;
    }

    private CommittedDataset commit(List<Sample> samples, Random random) throws IOException {
        CommittedDataset dataset = dataset();
        List<Sample> mixed = new ArrayList<>(samples);
        Collections.shuffle(mixed, random);
        for (int from = 0; from < mixed.size(); from += 50) {
            dataset.samples(random.nextInt(2), mixed.subList(from, Math.min(mixed.size(), from + 50)));
        }
        dataset.complete();
        return dataset;
    }

    private CommittedDataset dataset() throws IOException {
        made++;
        return new CommittedDataset(folder.resolve("dataset-" + made), folder.resolve("spool-" + made));
    }

    private static ReleaseSettings settings(String name, Manifest.NearDuplicates nearDuplicates) {
        return new ReleaseSettings(name, List.of(View.RAW), 2).withNearDuplicates(nearDuplicates);
    }

    private void release(CommittedDataset dataset, ReleaseSettings settings) throws IOException {
        assertThat(Release.make(dataset.dataset(), settings, folder.resolve("drafts")))
                .isInstanceOf(Release.Result.Released.class);
    }

    private static List<String> kept(CommittedDataset dataset, String version) {
        return DuckDb.query("SELECT sample_id FROM '" + dataset.folder().resolve("releases/" + version)
                        + "/raw/*/*.parquet'")
                .stream()
                .map(List::getFirst)
                .toList();
    }

    private static Map<String, List<String>> removed(CommittedDataset dataset, String version) {
        Map<String, List<String>> removed = new HashMap<>();
        DuckDb.query("SELECT sample_id, reason, duplicate_of, similarity FROM '"
                        + dataset.folder().resolve("releases/" + version) + "/removed/*.parquet'")
                .forEach(row -> removed.put(row.getFirst(), row.subList(1, 4)));
        return removed;
    }
}
