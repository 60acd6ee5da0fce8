package dev.precept.dataset.release;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.precept.config.NearDuplicateSettings.Policy;
import dev.precept.content.Sha256;
import dev.precept.dataset.CommittedDataset;
import dev.precept.dataset.Dataset;
import dev.precept.dataset.DuckDb;
import dev.precept.dataset.Manifest;
import dev.precept.dataset.NeutralRows;
import dev.precept.dataset.RowSelector;
import dev.precept.dataset.Withdrawal;
import dev.precept.dataset.parquet.ParquetFiles;
import dev.precept.dataset.verify.Verification;
import dev.precept.dataset.view.View;
import dev.precept.records.Rejection;
import dev.precept.records.Sample;
import dev.precept.records.Seq;
import dev.precept.records.Source;
import dev.precept.schemas.SlotId;
import dev.precept.testkit.Seed;
import dev.precept.text.Banding;
import dev.precept.text.Signer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.avro.generic.GenericData;
import org.apache.parquet.hadoop.ParquetWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a release keeps of similar rows, held against a comparison of all pairs. */
final class NearDuplicatesTest {
    private static final double THRESHOLD = 0.8;
    private static final int ROUNDS = Integer.getInteger("precept.rounds", 1);
    private static final Manifest.NearDuplicates REJECT =
            new Manifest.NearDuplicates(Policy.REJECT, Policy.REJECT, THRESHOLD);

    @TempDir
    private Path folder;

    private int made;

    @Test
    void rowsFallToTheKeptRowBeforeThemWhateverTheOrderOfTheirCommits() throws IOException {
        Random random = new Random(Seed.choose(getClass()));
        for (int round = 0; round < ROUNDS; round++) {
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
                                    SimilarityOracle.text(Objects.requireNonNull(byId.get(id)), byPrompt),
                                    SimilarityOracle.text(Objects.requireNonNull(byId.get(row.get(1))), byPrompt)));
                }
            });
        }
    }

    @Test
    void rangesAndASecondReleaseMakeTheSameFiles() throws IOException {
        Random random = new Random(Seed.choose(getClass()));
        List<Sample> samples = chains(random);
        CommittedDataset dataset = commit(samples, random);
        ReleaseSettings settings = new ReleaseSettings("v1", List.of(View.RAW, View.PREFERENCE, View.RL), 4, 0.3, 3)
                .withNearDuplicates(REJECT);
        Dataset copy = CommittedDataset.copyOf(dataset.folder(), folder.resolve("copy"));
        release(dataset, settings);
        for (int range = 1; range >= 0; range--) {
            Release.Result result = Release.make(
                    copy, settings, new ReleaseWork(folder.resolve("drafts"), Long.MAX_VALUE, range, 2, _ -> {}));
            assertThat(result)
                    .isInstanceOf(range == 1 ? Release.Result.RangeStored.class : Release.Result.Released.class);
        }
        assertThat(hashes(folder.resolve("copy/releases/v1")))
                .isEqualTo(hashes(dataset.folder().resolve("releases/v1")));
        assertThat(folder.resolve("drafts")).isEmptyDirectory();
    }

    @Test
    void storedBandsAreUsedAndOthersAreComputedAgain() throws IOException {
        Random random = new Random(Seed.choose(getClass()));
        List<Sample> samples = chains(random);
        CommittedDataset unsigned = commit(samples, random);
        release(unsigned, settings("v1", REJECT));
        Signer signer = new Signer(Banding.of(THRESHOLD));
        String signature = Signer.VERSION + "/" + signer.banding().bands() + "x"
                + signer.banding().rows();
        for (Sample sample : samples) {
            sample.getDedup().setSignature(random.nextInt(4) == 0 ? "0/" + signature : signature);
            sample.getDedup().setBands(bands(signer, sample.getReasoning()));
            sample.getDedup().setPromptBands(bands(signer, SimilarityOracle.text(sample, true)));
        }
        CommittedDataset signed = commit(samples, random);
        release(signed, settings("v1", REJECT));
        assertThat(kept(signed, "v1")).containsExactlyInAnyOrderElementsOf(kept(unsigned, "v1"));
        // Bands that were made in the wanted way are not computed again: without any, nothing is similar.
        samples.forEach(sample -> {
            sample.getDedup().setSignature(signature);
            sample.getDedup().setBands(List.of(random.nextLong()));
            sample.getDedup().setPromptBands(List.of(random.nextLong()));
        });
        CommittedDataset other = commit(samples, random);
        release(other, settings("v1", REJECT));
        assertThat(kept(other, "v1")).hasSize(samples.size() - 1);
    }

    private static List<Long> bands(Signer signer, String text) {
        return Arrays.stream(signer.sign(text).bands()).boxed().toList();
    }

    @Test
    void aRunThatWasOpenedEarlierComesFirst() throws IOException {
        CommittedDataset dataset = dataset();
        dataset.dataset().register("a-later-run", "{}", Map.of("samples", "topic-s", "rejections", "topic-r"));
        String thought = SimilarSamples.text("thought", 0);
        Sample later = SimilarSamples.sample(
                "a-later-run", SimilarSamples.text("one", 0), 0, thought, "Yes", new Seq(1L, 0, 0));
        Sample earlier = SimilarSamples.sample(SimilarSamples.text("two", 0), 0, thought, new Seq(9L, 0, 0));
        Sample equal = SimilarSamples.sample(SimilarSamples.text("three", 0), 0, "Other", new Seq(8L, 0, 0));
        Sample equalLater = SimilarSamples.sample(
                "a-later-run", SimilarSamples.text("four", 0), 0, "Other", "Yes", new Seq(2L, 0, 0));
        equalLater.getDedup().setContentHash(equal.getDedup().getContentHash());
        dataset.samples(0, List.of(later, earlier, equalLater, equal));
        dataset.commitOf("a-later-run", CommittedDataset.chain("samples", 1), List.of());
        for (String topic : List.of("samples", "rejections")) {
            for (int partition = 0; partition < 2; partition++) {
                if (!(topic.equals("samples") && partition == 1)) {
                    dataset.commitOf("a-later-run", CommittedDataset.chain(topic, partition), List.of());
                }
            }
        }
        dataset.complete();
        release(dataset, settings("v1", REJECT));
        assertThat(kept(dataset, "v1")).containsExactlyInAnyOrder(earlier.getSampleId(), equal.getSampleId());
        assertThat(removed(dataset, "v1").get(later.getSampleId()))
                .containsExactly("near_duplicate_sample", earlier.getSampleId(), "1.0");
    }

    @Test
    void reportedRowsStayAndAreListed() throws IOException {
        CommittedDataset dataset = dataset();
        Sample first = SimilarSamples.sample(SimilarSamples.text("ask", 0), 0, "One thought", new Seq(1L, 0, 0));
        Sample sibling = SimilarSamples.sample(SimilarSamples.text("ask", 0), 1, "A second idea", new Seq(1L, 0, 1));
        Sample similar = SimilarSamples.sample(SimilarSamples.text("ask", 2), 0, "Quite another", new Seq(2L, 0, 0));
        Sample same = SimilarSamples.sample(SimilarSamples.text("tell", 0), 0, "one thought!", new Seq(3L, 0, 0));
        dataset.samples(0, List.of(same, similar, sibling, first));
        dataset.complete();
        release(dataset, settings("v1", new Manifest.NearDuplicates(Policy.REPORT, Policy.REPORT, THRESHOLD)));
        assertThat(kept(dataset, "v1")).hasSize(4);
        assertThat(removed(dataset, "v1")).containsOnlyKeys(similar.getSampleId(), same.getSampleId());
        assertThat(removed(dataset, "v1").get(similar.getSampleId())).startsWith("similar_prompt", first.getSampleId());
        assertThat(removed(dataset, "v1").get(same.getSampleId())).startsWith("similar_sample", first.getSampleId());
        assertThat(dataset.manifest("v1").path("removed").path("reported").toString())
                .isEqualTo("{\"similar_prompt\":1,\"similar_sample\":1}");
        assertThat(dataset.manifest("v1").path("removed").has("selected")).isFalse();
    }

    @Test
    void whatFellDoesNotReturnAsPromptOrPair() throws IOException {
        CommittedDataset dataset = dataset();
        Sample first = SimilarSamples.sample(SimilarSamples.text("ask", 0), 0, "One thought", new Seq(1L, 0, 0));
        Sample similar = SimilarSamples.sample(SimilarSamples.text("ask", 2), 0, "Quite another", new Seq(2L, 0, 0));
        dataset.samples(0, List.of(first, similar));
        Rejection tried = NeutralRows.plain(NeutralRows.attempt(5, 0, 1, 2));
        tried.setPromptId(similar.getPromptId());
        tried.setSlotId(SlotId.of(similar.getPromptId(), 1));
        tried.setMessages(similar.getMessages().subList(0, 2));
        dataset.rejections(0, List.of(tried));
        dataset.complete();
        ReleaseSettings settings = new ReleaseSettings("v1", List.of(View.RAW, View.PREFERENCE, View.RL), 1)
                .withRows(new Manifest.RowOptions(false, true))
                .withNearDuplicates(REJECT);
        release(dataset, settings);
        assertThat(DuckDb.query("SELECT extra_info.prompt_id FROM '"
                        + dataset.folder().resolve("releases/v1/rl/*/*.parquet") + "'"))
                .containsExactly(List.of(first.getPromptId()));
        assertThat(dataset.folder().resolve("releases/v1/preference")).doesNotExist();
        assertThat(kept(dataset, "v1")).containsExactly(first.getSampleId());
    }

    @Test
    void rowsThatAreNoCandidatesAreNoNeighbours() throws IOException {
        CommittedDataset dataset = dataset();
        Sample low = SimilarSamples.sample(SimilarSamples.text("ask", 0), 0, "One thought", new Seq(1L, 0, 0));
        low.setJudgeMin(3);
        Sample gone = SimilarSamples.sample(SimilarSamples.text("ask", 1), 0, "Quite another", new Seq(2L, 0, 0));
        gone.setSource(Source.newBuilder(gone.getSource()).setName("foreign").build());
        Sample last = SimilarSamples.sample(SimilarSamples.text("ask", 2), 0, "Some reason", new Seq(3L, 0, 0));
        dataset.samples(0, List.of(low, gone, last));
        dataset.complete();
        Withdrawal.record(dataset.dataset(), "not ours", new RowSelector.BySource("foreign"));
        ReleaseSettings settings =
                new ReleaseSettings("v1", List.of(View.RAW), 1, 1, 0, 3, Optional.of(5.0), List.of());
        release(dataset, settings.withNearDuplicates(REJECT));
        assertThat(kept(dataset, "v1")).containsExactly(last.getSampleId());
    }

    @Test
    void verificationFindsAWrongNeighbourAndAWrongCount() throws IOException {
        CommittedDataset dataset = dataset();
        dataset.samples(
                0,
                List.of(
                        SimilarSamples.sample(SimilarSamples.text("ask", 0), 0, "One", new Seq(1L, 0, 0)),
                        SimilarSamples.sample(SimilarSamples.text("ask", 1), 0, "Two", new Seq(2L, 0, 0))));
        dataset.complete();
        release(dataset, settings("v1", REJECT));
        assertThat(problems(dataset)).isEmpty();
        Path version = dataset.folder().resolve("releases/v1");
        ObjectNode manifest = (ObjectNode) dataset.manifest("v1");
        Path removed = version.resolve(
                manifest.path("removed").path("file").path("path").asText());
        Path other = folder.resolve("other.parquet");
        List<List<String>> rows = DuckDb.query("SELECT sample_id, reason FROM '" + removed + "'");
        try (ParquetWriter<GenericData.Record> writer = ParquetFiles.writer(other, RemovedSamples.SCHEMA)) {
            for (List<String> row : rows) {
                GenericData.Record wrong = new GenericData.Record(RemovedSamples.SCHEMA);
                wrong.put("sample_id", row.get(0));
                wrong.put("reason", row.get(1));
                wrong.put("duplicate_of", Sha256.hex("no sample"));
                writer.write(wrong);
            }
        }
        Files.delete(removed);
        Files.move(other, removed);
        ((ObjectNode) manifest.path("removed").path("file"))
                .put("sha256", Sha256.hex(removed))
                .put("bytes", Files.size(removed));
        ((ObjectNode) manifest.path("removed").path("selected")).put("near_duplicate_prompt", 7);
        Files.writeString(version.resolve("manifest.json"), manifest.toString());
        assertThat(problems(dataset))
                .hasSize(2)
                .anyMatch(problem -> problem.contains("the manifest counts 7"))
                .anyMatch(problem -> problem.contains("is said to resemble, and is not in the version"));
    }

    private static List<String> problems(CommittedDataset dataset) throws IOException {
        return Verification.verify(dataset.dataset(), Optional.of("v1"), InstantSource.system()).problems().stream()
                .filter(problem -> !problem.key().startsWith("specs/"))
                .map(Object::toString)
                .toList();
    }

    @Test
    void aPlanWithOtherSettingsIsRefused() throws IOException {
        CommittedDataset dataset = dataset();
        dataset.samples(0, List.of(SimilarSamples.sample("Why?", 0, "So", new Seq(1L, 0, 0))));
        dataset.complete();
        ReleaseWork second = new ReleaseWork(folder.resolve("drafts"), Long.MAX_VALUE, 1, 2, _ -> {});
        assertThat(Release.make(dataset.dataset(), settings("v1", REJECT), second))
                .isInstanceOf(Release.Result.RangeStored.class);
        assertThatThrownBy(() -> release(dataset, settings("v1", Manifest.NearDuplicates.OFF)))
                .hasMessageContaining(
                        "neardup prompts reject, samples reject, threshold 0.8 (now prompts off, samples off");
    }

    private static Map<String, String> hashes(Path version) throws IOException {
        Map<String, String> hashes = new HashMap<>();
        try (Stream<Path> files = Files.walk(version)) {
            for (Path file : files.filter(Files::isRegularFile)
                    .filter(file -> file.toString().endsWith(".parquet"))
                    .toList()) {
                hashes.put(version.relativize(file).toString(), Sha256.hex(file));
            }
        }
        return hashes;
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
