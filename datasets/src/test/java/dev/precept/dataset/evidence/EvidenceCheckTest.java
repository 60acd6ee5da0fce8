package dev.precept.dataset.evidence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.precept.config.ConfigurationException;
import dev.precept.config.NearDuplicateSettings.Policy;
import dev.precept.dataset.CommittedDataset;
import dev.precept.dataset.CommittedRows;
import dev.precept.dataset.Dataset;
import dev.precept.dataset.DuckDb;
import dev.precept.dataset.Manifest;
import dev.precept.dataset.NeutralRows;
import dev.precept.dataset.ReleasedVersion;
import dev.precept.dataset.RowSelector;
import dev.precept.dataset.chain.HookedStore;
import dev.precept.dataset.release.NextVersion;
import dev.precept.dataset.release.Release;
import dev.precept.dataset.release.ReleaseSettings;
import dev.precept.dataset.removal.Purge;
import dev.precept.dataset.removal.Withdraw;
import dev.precept.dataset.spool.Spool;
import dev.precept.dataset.view.View;
import dev.precept.schemas.SlotId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A number of a version that is not that of its files is found and named, and gates keep a version from being released. */
class EvidenceCheckTest {
    @TempDir
    private static Path folder;

    @TempDir
    private Path own;

    private static CommittedDataset dataset;

    @BeforeAll
    static void release() throws IOException {
        dataset = EvidenceRows.commit(folder, true);
        make(dataset, new ReleaseSettings("v1", List.of(View.SFT), 1));
        make(dataset, new ReleaseSettings("raw", List.of(View.RAW), 1));
        make(dataset, new ReleaseSettings("rl", List.of(View.RL), 1));
        make(
                dataset,
                new ReleaseSettings("similar", List.of(View.RL), 1)
                        .withNearDuplicates(new Manifest.NearDuplicates(Policy.REPORT, Policy.REPORT, 0.5)));
        make(dataset, new ReleaseSettings("lower", List.of(View.RL), 1, 1, 0, 3, Optional.of(3.5), List.of()));
    }

    private static Release.Result make(CommittedDataset in, ReleaseSettings settings) throws IOException {
        return Release.make(in.dataset(), settings, folder.resolve("drafts"));
    }

    private static EvidenceCheck.Result check(Dataset in, String version) throws IOException {
        return EvidenceCheck.check(in, ReleasedVersion.resolve(in, version), folder.resolve("check"), 2);
    }

    @ParameterizedTest
    @CsvSource({"v1", "raw", "rl", "similar"})
    void aVersionIsAsRecorded(String version) throws IOException {
        EvidenceCheck.Result result = check(dataset.dataset(), version);
        assertThat(result.differences()).isEmpty();
        assertThat(result.numbers()).isGreaterThan(150);
    }

    @Test
    void aKeptRowThatIsReportedIsCounted() throws IOException {
        Path removed = only(dataset.folder().resolve("releases/similar/removed"));
        assertThat(DuckDb.one("SELECT count(*) > 0 FROM '" + removed + "' WHERE reason LIKE 'similar%'"))
                .containsExactly("true");
    }

    /** Such a version says how many rejected attempts it has, and not which. */
    @Test
    void ofSamplesThatCannotBeToldNothingIsCompared() throws IOException {
        EvidenceCheck.Result result = check(dataset.dataset(), "lower");
        assertThat(result.differences()).isEmpty();
        assertThat(result.isOfAttemptsOnly()).isTrue();
        assertThat(result.numbers()).isGreaterThan(20);
        assertThat(check(dataset.dataset(), "v1").isOfAttemptsOnly()).isFalse();
        Dataset altered = CommittedDataset.copyOf(dataset.folder(), own.resolve("altered"));
        Path file = only(own.resolve("altered/data/samples-topic-s-0"));
        Path other = own.resolve("other.parquet");
        DuckDb.change(
                file,
                other,
                "judge = list_transform(judge, lambda v, i: CASE WHEN i = 1 THEN struct_update(v, score := 1.0) ELSE v"
                        + " END) WHERE slot = 0 AND audited AND len(judge) = 2");
        Files.move(other, file, StandardCopyOption.REPLACE_EXISTING);
        assertThat(check(altered, "lower").differences().stream().map(EvidenceCheck.Difference::number))
                .contains("evidence.judge.alpha");
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "a vote | data/samples-topic-s-0 | v1 | evidence.judge.alpha |"
                        + " judge = list_transform(judge, lambda v, i: CASE WHEN i = 1 THEN struct_update(v, score := 1.0) ELSE v END)"
                        + " WHERE slot = 0 AND audited AND len(judge) = 2",
                "a citation | data/samples-topic-s-1 | v1 | evidence.citations.false |"
                        + " reasoning = 'Thought: [knives-K9] governs this.' WHERE reasoning LIKE '%[fire-F1]%'",
                "a row | releases/raw/raw/train | raw | evidence.personal.any (view raw) |"
                        + " findings = struct_update(findings, personal := []) WHERE len(findings.personal) > 0",
                "a text | releases/v1/sft/train | v1 | sha256 of releases/v1/sft/train/train-00000-of-00001.parquet |"
                        + " judge_min = 10",
            })
    void anAlteredFileIsNamed(String what, String below, String version, String number, String change)
            throws IOException {
        Dataset altered = CommittedDataset.copyOf(dataset.folder(), own.resolve("altered"));
        Path file = only(own.resolve("altered").resolve(below));
        Path other = own.resolve("other.parquet");
        DuckDb.change(file, other, change);
        Files.move(other, file, StandardCopyOption.REPLACE_EXISTING);
        EvidenceCheck.Result result = check(altered, version);
        assertThat(result.differences().stream().map(EvidenceCheck.Difference::number))
                .as(what)
                .contains(number);
    }

    private static Path only(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".parquet"))
                    .findFirst()
                    .orElseThrow();
        }
    }

    @Test
    void aRemovedRowOfAShardIsMissed() throws IOException {
        Dataset altered = CommittedDataset.copyOf(dataset.folder(), own.resolve("altered"));
        Path file = only(own.resolve("altered/releases/v1/sft/train"));
        Path other = own.resolve("other.parquet");
        DuckDb.change(file, other, "sample_id = sample_id", 1);
        Files.move(other, file, StandardCopyOption.REPLACE_EXISTING);
        assertThat(check(altered, "v1").differences())
                .contains(new EvidenceCheck.Difference("evidence.samples", "90", "89"));
    }

    @Test
    void aGateThatFailsReleasesNothingUntilAnotherLimit() throws IOException {
        CommittedDataset gated = EvidenceRows.commit(own, true, true);
        make(gated, new ReleaseSettings("v1", List.of(View.SFT), 1));
        ReleaseSettings strict = new ReleaseSettings("v2", List.of(View.SFT), 1)
                .withGates(Map.of("leaks", 0.0, "false_citations", 0.9, "alpha", 0.99));
        Release.Result refused = Release.makeFrom(gated.dataset(), "v1", strict, own.resolve("drafts"));
        assertThat(refused)
                .isInstanceOfSatisfying(
                        Release.Result.GatesFailed.class,
                        failed -> assertThat(failed.failures())
                                .hasSize(2)
                                .satisfiesExactly(
                                        leaks -> assertThat(leaks)
                                                .matches("gate leaks: 0\\.\\d+, at most 0 is allowed .*"),
                                        alpha -> assertThat(alpha)
                                                .matches("gate alpha: 0\\.\\d+, at least 0.99 is allowed .*")));
        assertThat(gated.dataset().versions().all()).containsExactly("v1");
        ReleaseSettings met = strict.withGates(Map.of("leaks", 0.5, "false_citations", 0.9, "alpha", 0.1));
        assertThat(Release.makeFrom(gated.dataset(), "v1", met, own.resolve("drafts")))
                .isInstanceOf(Release.Result.Released.class);
        JsonNode manifest = gated.manifest("v2");
        assertThat(manifest.path("recipe").path("gates").toString())
                .isEqualTo("{\"alpha\":0.1,\"false_citations\":0.9,\"leaks\":0.5}");
        assertThat(manifest.path("evidence")).isEqualTo(gated.manifest("v1").path("evidence"));
    }

    /** What was not searched may hold anything. */
    @ParameterizedTest
    @ValueSource(strings = {"leaks", "personal", "false_citations"})
    void aGateOfAShareNeedsAllSamplesSearched(String gate) throws IOException {
        ReleaseSettings loose = new ReleaseSettings("loose", List.of(View.SFT), 1).withGates(Map.of(gate, 1.0));
        assertThat(make(dataset, loose))
                .isInstanceOfSatisfying(
                        Release.Result.GatesFailed.class,
                        failed -> assertThat(failed.failures())
                                .singleElement()
                                .asString()
                                .startsWith("gate " + gate + ": null, at most 1 is allowed"));
    }

    /** The record of its shard counts nothing, so that a gate would look at the other shards alone. */
    @Test
    void aReleaseThatAnotherBuildBeganIsNotContinued() throws IOException {
        CommittedDataset begun = EvidenceRows.commit(own, true);
        ReleaseSettings settings = new ReleaseSettings("v1", List.of(View.SFT), 2);
        Dataset dying = Dataset.openExisting(new HookedStore(begun.store(), key -> {
            if (key.endsWith("croissant.json")) {
                throw new IOException("killed");
            }
        }));
        assertThatThrownBy(() -> Release.make(dying, settings, own.resolve("drafts")))
                .hasMessage("killed");
        String record = begun.store().list("plans/v1/1/shards/").stream()
                .filter(key -> key.contains("train"))
                .findFirst()
                .orElseThrow();
        ObjectNode json = (ObjectNode)
                new ObjectMapper().readTree(begun.store().read(record).orElseThrow());
        ((ObjectNode) json.path("counts")).remove("evidence");
        Files.writeString(begun.folder().resolve(record), json.toString());
        assertThatThrownBy(() -> make(begun, settings))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("was begun by another build");
    }

    /** Their sums would mix the canaries of one judge with the candidates of another. */
    @Test
    void ofRunsWithOtherJudgesTheShareOfBadIsNull() throws IOException {
        Manifest manifest = dataset.dataset().versions().manifest("v1").orElseThrow();
        RunEvidence document = EvidenceRows.document();
        RunEvidence other = new RunEvidence(
                "other-run", document.asOf(), 0, document.roles(), document.judges(), document.canaries());
        boolean _ = other.store(dataset.dataset());
        Manifest.SourceRun run = manifest.runs().getFirst();
        ObjectNode identity = run.identity().deepCopy();
        identity.put("judge.audit_share", "0.5");
        assertThat(badAmongKept(manifest, run, identity).isNumber()).isTrue();
        identity.put("judge.threshold", "2.0");
        assertThat(badAmongKept(manifest, run, identity).isNull()).isTrue();
    }

    private JsonNode badAmongKept(Manifest manifest, Manifest.SourceRun run, ObjectNode identity) throws IOException {
        Manifest.SourceRun other =
                new Manifest.SourceRun("other-run", identity, Evidence.document(dataset.dataset(), "other-run"));
        CommittedRows rows = CommittedRows.loadForVersion(dataset.dataset(), manifest);
        try (Spool spool = Spool.open(own.resolve("count"), Long.MAX_VALUE)) {
            return new Evidence(dataset.dataset(), new StoredSpecifications(dataset.dataset()))
                    .compute(manifest.recipe(), List.of(run, other), rows, new SampleTally(), spool, 1)
                    .path("judge")
                    .path("bad_among_kept");
        }
    }

    @Test
    @Tag("large")
    void withdrawnRowsMayBePurgedAndAnAttemptThatIsPurgedLaterIsSaid() throws IOException {
        CommittedDataset purged = EvidenceRows.commit(own, true);
        make(purged, new ReleaseSettings("v1", List.of(View.SFT), 1));
        RowSelector sample =
                new RowSelector.BySample(Set.of(NeutralRows.sample(3).getSampleId()), Set.of());
        Withdraw.execute(purged.dataset(), "v1", sample, "wrong", "v2", own.resolve("drafts"));
        Purge.execute(purged.dataset(), sample, "wrong", own.resolve("drafts"));
        assertThat(check(purged.dataset(), "v2").differences()).isEmpty();
        String attempt = SlotId.sampleId(NeutralRows.RUN, EvidenceRows.attemptId(5));
        RowSelector rejected = new RowSelector.BySample(Set.of(attempt), Set.of());
        Purge.execute(purged.dataset(), rejected, "wrong too", own.resolve("drafts"));
        EvidenceCheck.Result result = check(purged.dataset(), "v2");
        assertThat(result.differences().stream().map(EvidenceCheck.Difference::number))
                .contains("evidence.judge.judged");
        assertThat(result.purged()).singleElement().asString().contains(attempt);
    }

    /** The document of a run may come some seconds after the run is complete. */
    @Test
    void aNumberThatTheFilesDoNotHoldIsNullAndFailsItsGate() throws IOException {
        CommittedDataset gated = EvidenceRows.commit(own, false);
        ReleaseSettings settings = new ReleaseSettings("v1", List.of(View.SFT), 1);
        Release.Result refused = make(gated, settings.withGates(Map.of("bad_among_kept", 0.9)));
        assertThat(refused)
                .isInstanceOfSatisfying(
                        Release.Result.GatesFailed.class,
                        failed -> assertThat(failed.failures())
                                .singleElement()
                                .asString()
                                .startsWith("gate bad_among_kept: null, at most 0.9 is allowed"));
        assertThat(make(gated, settings)).isInstanceOf(Release.Result.Released.class);
        JsonNode judge = gated.manifest("v1").path("evidence").path("judge");
        assertThat(judge.path("bad_among_kept").isNull()).isTrue();
        assertThat(judge.path("canaries").isNull()).isTrue();
        assertThat(NextVersion.determine(gated.dataset(), settings).unchangedFrom())
                .contains("v1");
        assertThat(EvidenceRows.document().store(gated.dataset())).isTrue();
        assertThat(check(gated.dataset(), "v1").differences()).isEmpty();
        assertThat(NextVersion.determine(gated.dataset(), settings).unchangedFrom())
                .isEmpty();
    }
}
