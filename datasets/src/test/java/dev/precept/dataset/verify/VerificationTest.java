package dev.precept.dataset.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.precept.config.ConfigurationException;
import dev.precept.content.Sha256;
import dev.precept.dataset.CommittedDataset;
import dev.precept.dataset.NeutralRows;
import dev.precept.dataset.RowSelector;
import dev.precept.dataset.Withdrawal;
import dev.precept.dataset.calibration.Calibration;
import dev.precept.dataset.chain.ChainId;
import dev.precept.dataset.evidence.RunEvidence;
import dev.precept.dataset.gate.RefGate;
import dev.precept.dataset.gate.RefGates;
import dev.precept.dataset.gate.VersionEvaluation;
import dev.precept.dataset.release.Release;
import dev.precept.dataset.release.ReleaseSettings;
import dev.precept.dataset.view.View;
import dev.precept.records.Rejection;
import dev.precept.records.Sample;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class VerificationTest {
    private static final String BUNDLE = "{\"name\":\"rules\"}";
    private static final String SPEC = Sha256.hex(BUNDLE);
    private static final InstantSource CLOCK = InstantSource.system();

    @TempDir
    private Path folder;

    @Test
    void aCorrectDatasetHasNoProblem() throws IOException {
        Verification.Result result = verify(released());
        assertThat(result.problems()).isEmpty();
        assertThat(result.orphans()).isEmpty();
        assertThat(result.young()).isEmpty();
        assertThat(result.commits()).isEqualTo(8);
        assertThat(result.files()).isEqualTo(4 + 4 * 2 * 2 + 1);
        assertThat(result.rows()).isEqualTo(80 + 3 * 60 + 20);
    }

    @Test
    void aFlippedByteInAShardIsNamed() throws IOException {
        CommittedDataset dataset = released();
        flip(dataset.folder().resolve("releases/v1/rl/train/train-00001-of-00002.parquet"));
        assertProblem(verify(dataset), "releases/v1/rl/train/train-00001-of-00002.parquet: has sha256 ");
    }

    @Test
    void aFlippedByteInCommittedDataIsNamed() throws IOException {
        CommittedDataset dataset = released();
        String key = dataset.store().list("data/").getLast();
        flip(dataset.folder().resolve(key));
        assertProblem(verify(dataset), key + ": has sha256 ");
    }

    @Test
    void aFlippedByteInCardOrSpecificationIsNamed() throws IOException {
        CommittedDataset dataset = released();
        flip(dataset.folder().resolve("releases/v1/README.md"));
        assertProblem(verify(dataset), "releases/v1/README.md: has sha256 ");
        Files.delete(dataset.folder().resolve("specs/" + SPEC + "/bundle.json"));
        assertThat(verify(dataset).problems())
                .anySatisfy(problem ->
                        assertThat(problem.toString()).startsWith("specs/" + SPEC + "/bundle.json: is missing"));
    }

    /** They are what a version says that its prompts were compared with. */
    @Test
    void missingOrDamagedEvaluationSetsOfARunAreNamed() throws IOException {
        byte[] compiled = {1, 2, 3, 4};
        String sha256 = Sha256.hex(compiled);
        CommittedDataset dataset = new CommittedDataset(
                folder.resolve("dataset"), folder.resolve("spool"), "{\"contamination.compiled\":\"" + sha256 + "\"}");
        String key = "evaluations/" + sha256 + ".bin";
        assertProblem(verify(dataset), key + ": is missing, but run " + NeutralRows.RUN + " names it");
        dataset.dataset().storeEvaluationSets(sha256, compiled);
        dataset.dataset().storeEvaluationSets(Sha256.hex("of a run that is gone"), compiled);
        assertThat(verify(dataset).problems()).isEmpty();
        assertThat(verify(dataset).orphans()).isEmpty();
        flip(dataset.folder().resolve(key));
        assertProblem(verify(dataset), key + ": has sha256 ");
    }

    /** A gate that is lost would let an older one guard less. */
    @Test
    void aLostOrBrokenGateEvaluationOrCalibrationIsNamed() throws IOException {
        CommittedDataset dataset = released();
        RefGates gates = new RefGates(dataset.dataset());
        assertThat(gates.apply(new RefGate(List.of("prod"), Map.of("not_unsafe", 0.5))))
                .isTrue();
        assertThat(gates.apply(new RefGate(List.of("prod"), Map.of("not_unsafe", 0.9))))
                .isTrue();
        VersionEvaluation _ = VersionEvaluation.record(
                dataset.dataset(),
                "v1",
                "safety",
                List.of(new VersionEvaluation.Result("model", Optional.empty(), Map.of("not_unsafe", 0.9))));
        Calibration _ = Calibration.store(
                dataset.dataset(),
                NeutralRows.sample(3).getSampleId(),
                Calibration.Verdict.KEEP,
                new Calibration.Place(
                        ChainId.parseDataKey(dataset.store().list("data/").getLast())
                                .orElseThrow()
                                .chain(),
                        0),
                "me",
                Instant.EPOCH,
                "");
        RowSelector source = new RowSelector.BySource("no-such-source");
        assertThat(Withdrawal.record(dataset.dataset(), "wrong", source).number())
                .isEqualTo(1);
        assertThat(Withdrawal.record(dataset.dataset(), "wrong too", source).number())
                .isEqualTo(2);
        assertThat(verify(dataset).problems()).isEmpty();
        for (String journal : List.of("gates/", "withdrawals/")) {
            String lost = journal + "00000000000000000001.json";
            byte[] whole = dataset.store().read(lost).orElseThrow();
            dataset.store().delete(lost);
            assertProblem(verify(dataset), lost + ": is missing, but later entries exist");
            assertThat(dataset.store().createIfAbsent(lost, whole)).isTrue();
        }
        for (String broken : List.of(
                "gates/00000000000000000002.json",
                "withdrawals/00000000000000000001.json",
                "evaluations/v1/00000000000000000001.json",
                "calibration/00000000000000000001.json")) {
            byte[] whole = dataset.store().read(broken).orElseThrow();
            Files.writeString(dataset.folder().resolve(broken), "{}", StandardOpenOption.TRUNCATE_EXISTING);
            assertProblem(
                    verify(dataset), broken.substring(0, broken.lastIndexOf('/') + 1) + ": cannot be read (" + broken);
            Files.write(dataset.folder().resolve(broken), whole);
        }
    }

    @Test
    void anotherEvidenceDocumentThanThatOfTheVersionIsNamed() throws IOException {
        CommittedDataset dataset = committed();
        RunEvidence document = new RunEvidence(NeutralRows.RUN, Instant.EPOCH, 0, Map.of(), Map.of(), List.of());
        assertThat(document.store(dataset.dataset())).isTrue();
        dataset.complete();
        release(dataset);
        assertThat(verify(dataset).problems()).isEmpty();
        String key = "runs/evidence/" + NeutralRows.RUN + ".json";
        dataset.store().delete(key);
        assertThat(new RunEvidence(NeutralRows.RUN, Instant.EPOCH, 1, Map.of(), Map.of(), List.of())
                        .store(dataset.dataset()))
                .isTrue();
        assertProblem(verify(dataset), key + ": has sha256 ");
    }

    @Test
    void aMissingShardIsNamed() throws IOException {
        CommittedDataset dataset = released();
        dataset.store().delete("releases/v1/sft/validation/validation-00000-of-00002.parquet");
        assertProblem(
                verify(dataset),
                "releases/v1/sft/validation/validation-00000-of-00002.parquet: is missing, but releases/v1/manifest.json");
    }

    @Test
    void aMissingDataFileIsNamed() throws IOException {
        CommittedDataset dataset = released();
        String key = dataset.store().list("data/").getFirst();
        dataset.store().delete(key);
        assertProblem(verify(dataset), key + ": is missing, but log/");
    }

    @Test
    void aMissingCommitIsNamed() throws IOException {
        CommittedDataset dataset = released();
        List<String> chain = dataset.store().list("log/samples-topic-s-0/");
        assertThat(chain).hasSize(3);
        dataset.store().delete(chain.get(1));
        List<Verification.Problem> problems = verify(dataset).problems();
        assertThat(problems).hasSize(2);
        assertThat(problems.getFirst().toString())
                .startsWith(chain.get(1) + ": is missing")
                .contains("1 commits are stored after that", chain.get(2));
        assertThat(problems.getLast().toString())
                .startsWith("log/samples-topic-s-0/: no commit")
                .contains("v1");
    }

    @Test
    void aChainThatIsShorterThanAVersionIsNamed() throws IOException {
        CommittedDataset dataset = released();
        dataset.store().delete(dataset.store().list("log/rejections-topic-r-1/").getLast());
        assertProblem(verify(dataset), "log/rejections-topic-r-1/: no commit that is reached from offset 0 ends at 21");
    }

    @Test
    void aCommitThatCannotBeReadIsNamed() throws IOException {
        CommittedDataset dataset = released();
        String key = dataset.store().list("log/samples-topic-s-0/").getLast();
        Files.writeString(dataset.folder().resolve(key), "{", StandardOpenOption.TRUNCATE_EXISTING);
        assertThat(verify(dataset).problems().getFirst().toString()).startsWith(key + ": cannot be read");
    }

    @Test
    void anUnreferencedFileInAVersionIsAProblem() throws IOException {
        CommittedDataset dataset = released();
        String key = "releases/v1/sft/train/train-00002-of-00002.parquet";
        dataset.store().createIfAbsent(key, new byte[] {'x'});
        assertProblem(verify(dataset), key + ": is in v1, but its manifest does not name it");
    }

    @Test
    void anUnreferencedFileElsewhereIsAnOrphanAfterADay() throws IOException {
        CommittedDataset dataset = released();
        String data = "data/samples-topic-s-0/900-910-0123456789abcdef.parquet";
        dataset.store().createIfAbsent(data, new byte[] {'x'});
        dataset.store().createIfAbsent("releases/v2/sft/train/train-00000-of-00001.parquet", new byte[] {'x'});
        dataset.store().createIfAbsent("notes.txt", new byte[] {'x'});
        Files.setLastModifiedTime(
                dataset.folder().resolve(data), FileTime.from(Instant.now().minus(Duration.ofHours(25))));
        Verification.Result result = verify(dataset);
        assertThat(result.problems()).isEmpty();
        assertThat(result.orphans()).containsExactly(data);
        assertThat(result.young()).containsExactly("notes.txt", "releases/v2/sft/train/train-00000-of-00001.parquet");
    }

    @Test
    void aRowThatIsCommittedTwiceIsNamed() throws IOException {
        CommittedDataset dataset = committed();
        dataset.samples(1, samples(5, 6));
        dataset.complete();
        assertThat(verify(dataset).problems())
                .singleElement()
                .satisfies(problem -> assertThat(problem.toString())
                        .contains(
                                "has a row that came before: sample_id",
                                NeutralRows.sample(5).getSampleId()));
    }

    @Test
    void aManifestThatCannotBeReadIsNamedAndNothingElseOfItsVersion() throws IOException {
        CommittedDataset dataset = released();
        Files.writeString(
                dataset.folder().resolve("releases/v1/manifest.json"), "{", StandardOpenOption.TRUNCATE_EXISTING);
        assertProblem(verify(dataset), "releases/v1/manifest.json: is not JSON");
    }

    @Test
    void aRefToAMissingVersionIsNamed() throws IOException {
        CommittedDataset dataset = released();
        dataset.dataset().refs().move("prod", Optional.empty(), "v7");
        assertProblem(verify(dataset), "refs/prod/00000000000000000001.json: names v7");
    }

    @Test
    void oneVersionIsVerifiedAlone() throws IOException {
        CommittedDataset dataset = released();
        Release.make(dataset.dataset(), new ReleaseSettings("v2", List.of(View.SFT), 2), folder.resolve("drafts"));
        flip(dataset.folder().resolve("releases/v2/sft/train/train-00000-of-00002.parquet"));
        assertThat(Verification.verify(dataset.dataset(), Optional.of("v1"), CLOCK)
                        .problems())
                .isEmpty();
        assertThat(Verification.verify(dataset.dataset(), Optional.of("v2"), CLOCK)
                        .problems())
                .hasSize(1);
        assertThatThrownBy(() -> Verification.verify(dataset.dataset(), Optional.of("v3"), CLOCK))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("no version or ref 'v3'; its versions are v1, v2");
    }

    private static Verification.Result verify(CommittedDataset dataset) throws IOException {
        return Verification.verify(dataset.dataset(), Optional.empty(), CLOCK);
    }

    private static void assertProblem(Verification.Result result, String start) {
        assertThat(result.problems()).hasSize(1);
        assertThat(result.problems().getFirst().toString())
                .startsWith(start)
                .contains("; ")
                .doesNotContain("\n");
    }

    /** 60 samples, 20 rejected attempts, a version with four views and two splits. */
    private CommittedDataset released() throws IOException {
        CommittedDataset dataset = committed();
        dataset.complete();
        release(dataset);
        return dataset;
    }

    private void release(CommittedDataset dataset) throws IOException {
        List<View> views = List.of(View.SFT, View.PREFERENCE, View.RL, View.RAW);
        assertThat(Release.make(
                        dataset.dataset(), new ReleaseSettings("v1", views, 2, 0.25, 3), folder.resolve("drafts")))
                .isInstanceOf(Release.Result.Released.class);
    }

    private CommittedDataset committed() throws IOException {
        CommittedDataset dataset = new CommittedDataset(folder.resolve("dataset"), folder.resolve("spool"));
        dataset.dataset().storeSpecification(SPEC, BUNDLE);
        dataset.samples(0, samples(0, 20));
        dataset.samples(1, samples(20, 40));
        dataset.samples(0, samples(40, 60));
        List<Rejection> attempts = IntStream.range(0, 20)
                .mapToObj(n -> NeutralRows.attempt(n, 1, 1, 2))
                .toList();
        dataset.rejections(1, attempts);
        return dataset;
    }

    private static List<Sample> samples(int from, int to) {
        return IntStream.range(from, to)
                .mapToObj(n -> Sample.newBuilder(NeutralRows.sample(n))
                        .setSpecVersion(SPEC)
                        .build())
                .toList();
    }

    private static void flip(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length / 2] ^= 1;
        Files.write(file, bytes);
    }
}
