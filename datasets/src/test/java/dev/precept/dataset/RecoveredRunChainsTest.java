package dev.precept.dataset;

import static dev.precept.dataset.NeutralRows.RUN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.precept.config.ConfigurationException;
import dev.precept.dataset.chain.ChainId;
import dev.precept.dataset.read.DatasetFollower;
import dev.precept.dataset.read.FollowCursor;
import dev.precept.dataset.read.VersionReader;
import dev.precept.dataset.release.Release;
import dev.precept.dataset.release.ReleaseSettings;
import dev.precept.dataset.verify.Verification;
import dev.precept.dataset.view.Split;
import dev.precept.dataset.view.View;
import dev.precept.records.Sample;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.avro.generic.IndexedRecord;
import org.apache.avro.specific.SpecificRecord;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A recovered run has new topics and chains; the rows of the old chains remain part of the dataset. */
final class RecoveredRunChainsTest {
    private static final Map<String, String> SECOND = Map.of("samples", "second-s", "rejections", "second-r");
    private static final Map<String, String> THIRD = Map.of("samples", "third-s", "rejections", "third-r");

    @TempDir
    private Path folder;

    private CommittedDataset committed;
    private Dataset dataset;

    @BeforeEach
    void aPartlyCommittedRun() throws IOException {
        committed = new CommittedDataset(folder.resolve("dataset"), folder.resolve("spool"));
        committed.samples(0, List.of(NeutralRows.sample(1), NeutralRows.sample(2)));
        committed.rejections(0, List.of(NeutralRows.attempt(3, 0, 1, 2)));
        dataset = committed.dataset();
    }

    private void commit(Map<String, String> ids, String topic, int partition, List<? extends SpecificRecord> rows)
            throws IOException {
        committed.commit(new ChainId(topic, ids.getOrDefault(topic, ""), partition), rows);
    }

    @Test
    void aRunWithOtherTopicsIsRefusedAndNamesTheRecoverCommand() {
        assertThatThrownBy(() -> dataset.register(RUN, "{}", SECOND))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("its Kafka topics no longer exist")
                .hasMessageContaining("precept recover");
        dataset.registerRecovery(RUN, SECOND);
        dataset.register(RUN, "{}", SECOND);
        assertThatThrownBy(() -> dataset.register(RUN, "{}", CommittedDataset.TOPIC_IDS))
                .hasMessageContaining("its Kafka topics no longer exist");
    }

    @Test
    void eachRecoveryAddsAnEntry() throws IOException {
        byte[] first = Files.readAllBytes(committed.folder().resolve("runs/" + RUN + ".json"));
        dataset.registerRecovery(RUN, SECOND);
        dataset.registerRecovery(RUN, SECOND);
        dataset.registerRecovery(RUN, THIRD);
        assertThat(dataset.store().list("runs/"))
                .containsExactly(
                        "runs/" + RUN + ".json",
                        "runs/" + RUN + ".recovered-1.json",
                        "runs/" + RUN + ".recovered-2.json");
        assertThat(committed.folder().resolve("runs/" + RUN + ".json")).hasBinaryContent(first);
        assertThat(dataset.runs())
                .singleElement()
                .extracting(Dataset.RunEntry::generations)
                .isEqualTo(List.of(CommittedDataset.TOPIC_IDS, SECOND, THIRD));
    }

    @Test
    void aRunIsCompleteWhenItsNewestChainsAre() throws IOException {
        committed.complete();
        assertThat(dataset.isComplete(RUN)).isTrue();
        dataset.registerRecovery(RUN, SECOND);
        assertThat(dataset.isComplete(RUN)).isFalse();
        for (String topic : SECOND.keySet()) {
            for (int partition = 0; partition < CommittedDataset.PARTITIONS; partition++) {
                commit(SECOND, topic, partition, List.of());
            }
        }
        assertThat(dataset.isComplete(RUN)).isTrue();
        assertThat(Dataset.openExisting(committed.folder()).isComplete(RUN)).isTrue();
    }

    @Test
    void releaseAndVerificationReadAllChains() throws IOException {
        dataset.registerRecovery(RUN, SECOND);
        commit(SECOND, "samples", 0, List.of(NeutralRows.sample(3)));
        commit(SECOND, "samples", 1, List.of());
        commit(SECOND, "rejections", 0, List.of());
        commit(SECOND, "rejections", 1, List.of());
        ReleaseSettings settings = new ReleaseSettings("v1", List.of(View.SFT), 1);
        assertThat(Release.make(dataset, settings, folder.resolve("release")))
                .isInstanceOfSatisfying(
                        Release.Result.Released.class,
                        made -> assertThat(made.rows()).isEqualTo(3));
        JsonNode manifest = committed.manifest("v1");
        assertThat(manifest.path("offsets").findValuesAsText("topic_id"))
                .contains("topic-s", "topic-r", "second-s", "second-r");
        assertThat(manifest.path("runs")).hasSize(1);
        assertThat(Verification.verify(dataset, Optional.empty(), InstantSource.system())
                        .problems())
                .as("except the specification, which was not stored")
                .allSatisfy(problem -> assertThat(problem.key()).startsWith("specs/"));
    }

    @Test
    void followersAndAReleaseAgreeOnARunThatWasRecovered() throws Exception {
        committed.samples(1, List.of(NeutralRows.sample(3)));
        DatasetFollower live = follow(Optional.empty());
        List<String> taken = new ArrayList<>();
        live.poll(collect(taken));
        String saved = live.cursor().toString();
        List<String> takenBefore = List.copyOf(taken);
        committed.samples(0, List.of(NeutralRows.sample(4))); // committed, not yet followed

        dataset.registerRecovery(RUN, SECOND);
        commit(SECOND, "samples", 0, List.of(NeutralRows.sample(5)));
        drain(live, taken);
        assertThat(live.isComplete()).isFalse();
        committed.samples(1, List.of(NeutralRows.sample(6))); // by a sink that had not stopped yet
        commit(SECOND, "samples", 1, List.of());
        assertThat(live.poll(collect(taken))).isTrue();
        drain(live, taken);
        assertThat(live.isComplete()).isTrue();

        List<String> resumed = new ArrayList<>(takenBefore);
        assertThat(followToTheEnd(Optional.of(FollowCursor.parse(saved)), resumed)
                        .toString())
                .isEqualTo(live.cursor().toString());
        List<String> fresh = new ArrayList<>();
        followToTheEnd(Optional.empty(), fresh);
        commit(SECOND, "rejections", 0, List.of());
        commit(SECOND, "rejections", 1, List.of());
        Release.make(dataset, new ReleaseSettings("v1", List.of(View.RAW), 1), folder.resolve("release"));
        List<String> released = new ArrayList<>();
        try (VersionReader reader = VersionReader.openVersion(
                dataset, "v1", new VersionReader.Query("raw", "train", 0, 1), Optional.empty())) {
            for (VersionReader.Row row = reader.next(); row != null; row = reader.next()) {
                released.add(row.columns().get(0).toString());
            }
        }
        assertThat(released).hasSize(6);
        for (List<String> followed : List.of(taken, resumed, fresh)) {
            assertThat(followed).containsExactlyInAnyOrderElementsOf(released);
        }
    }

    @Test
    void aRunThatWasCompleteBeforeItsRecoveryIsFollowedOn() throws Exception {
        committed.complete();
        List<String> taken = new ArrayList<>();
        String saved = followToTheEnd(Optional.empty(), taken).toString();
        dataset.registerRecovery(RUN, SECOND);
        DatasetFollower follower = follow(Optional.of(FollowCursor.parse(saved)));
        assertThat(follower.isComplete()).isFalse();
        commit(SECOND, "samples", 0, List.of(NeutralRows.sample(7)));
        commit(SECOND, "samples", 1, List.of());
        drain(follower, taken);
        assertThat(follower.isComplete()).isTrue();
        assertThat(taken).hasSize(3).doesNotHaveDuplicates();
    }

    private FollowCursor followToTheEnd(Optional<FollowCursor> from, List<String> rows) throws Exception {
        DatasetFollower follower = follow(from);
        drain(follower, rows);
        assertThat(follower.isComplete()).isTrue();
        return follower.cursor();
    }

    private static void drain(DatasetFollower follower, List<String> rows) throws Exception {
        boolean more = true;
        while (more) {
            more = follower.poll(collect(rows));
        }
    }

    private DatasetFollower follow(Optional<FollowCursor> from) throws IOException {
        return DatasetFollower.open(dataset, new DatasetFollower.Query(View.RAW, Split.TRAIN, 0), from);
    }

    private static DatasetFollower.RowHandler collect(List<String> rows) {
        return new DatasetFollower.RowHandler() {
            @Override
            public boolean onRow(FollowCursor.RowPosition rowPosition, IndexedRecord row) {
                rows.add(row.get(0).toString());
                return true;
            }

            @Override
            public void onCommit(FollowCursor next, long count) {}
        };
    }

    @Test
    void committedRowsAreReadByPartitionWithoutOtherRuns() throws IOException {
        Sample strange =
                Sample.newBuilder(NeutralRows.sample(9)).setRunId("another").build();
        dataset.registerRecovery(RUN, SECOND);
        commit(SECOND, "samples", 0, List.of(NeutralRows.sample(4), strange));
        commit(SECOND, "rejections", 0, List.of(NeutralRows.attempt(3, 0, 2, 3)));
        commit(SECOND, "samples", 1, List.of(NeutralRows.sample(5)));
        List<String> kept = new ArrayList<>();
        List<Integer> attempts = new ArrayList<>();
        CommittedRun.open(dataset, dataset.run(RUN).orElseThrow())
                .read(0, sample -> kept.add(sample.getSampleId()), row -> attempts.add(row.getAttempt()));
        assertThat(kept)
                .containsExactlyInAnyOrder(
                        NeutralRows.sample(1).getSampleId(),
                        NeutralRows.sample(2).getSampleId(),
                        NeutralRows.sample(4).getSampleId());
        assertThat(attempts).as("in the order of attempts").containsExactly(1, 2);
    }

    @Test
    void aChainWithAGapIsRefused() throws IOException {
        committed.samples(0, List.of(NeutralRows.sample(6)));
        Files.delete(
                committed.folder().resolve(CommittedDataset.chain("samples", 0).commitKey(0)));
        Dataset.RunEntry run = dataset.run(RUN).orElseThrow();
        assertThatThrownBy(() -> CommittedRun.open(dataset, run))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("has a gap")
                .hasMessageContaining("precept verify");
    }
}
