package dev.precept.dataset.release;

import static org.assertj.core.api.Assertions.assertThat;

import dev.precept.config.NearDuplicateSettings.Policy;
import dev.precept.dataset.CommittedDataset;
import dev.precept.dataset.DuckDb;
import dev.precept.dataset.Manifest;
import dev.precept.dataset.RowSelector;
import dev.precept.dataset.Withdrawal;
import dev.precept.dataset.removal.Compaction;
import dev.precept.dataset.removal.Purge;
import dev.precept.dataset.verify.Verification;
import dev.precept.dataset.view.View;
import dev.precept.records.Sample;
import dev.precept.records.Seq;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A kept row is removed from its dataset: the next of the rows that fell to it takes its place, and other versions stay valid. */
final class NeighbourRemovalTest {
    private static final Sample OTHER = sample("other", 0, 1);
    private static final Sample FIRST = sample("ask", 0, 2);
    private static final Sample NEXT = sample("ask", 1, 3);
    private static final Sample LAST = sample("ask", 2, 4);

    @TempDir
    private Path folder;

    private CommittedDataset dataset;

    /** The version v0 is older than all similar rows, v1 has the first of them. */
    @BeforeEach
    void twoVersions() throws IOException {
        dataset = new CommittedDataset(folder.resolve("dataset"), folder.resolve("spool"));
        dataset.samples(0, List.of(OTHER));
        dataset.complete();
        release("v0");
        dataset.samples(0, List.of(LAST));
        dataset.samples(1, List.of(NEXT));
        dataset.samples(1, List.of(FIRST));
        release("v1");
        assertThat(kept("v1")).containsExactlyInAnyOrder(OTHER.getSampleId(), FIRST.getSampleId());
        assertThat(neighbours("v1"))
                .isEqualTo(Map.of(NEXT.getSampleId(), FIRST.getSampleId(), LAST.getSampleId(), FIRST.getSampleId()));
    }

    @Test
    void afterAWithdrawalTheNextOneIsKept() throws IOException {
        Withdrawal.record(dataset.dataset(), "wrong", selector(FIRST));
        release("v2");
        assertThat(kept("v2")).containsExactlyInAnyOrder(OTHER.getSampleId(), NEXT.getSampleId());
        assertThat(neighbours("v2")).containsEntry(LAST.getSampleId(), NEXT.getSampleId());
        assertThat(kept("v1")).contains(FIRST.getSampleId());
        assertVerified();
    }

    @Test
    void afterAPurgeTheNextOneIsKept() throws IOException {
        Purge.Outcome outcome = Purge.execute(dataset.dataset(), selector(FIRST), "wrong", folder.resolve("drafts"));
        assertThat(outcome.versions()).isEqualTo(Map.of("v1", Optional.of("v1.p1")));
        assertThat(outcome.neighbours()).containsExactlyInAnyOrder(NEXT.getSampleId(), LAST.getSampleId());
        assertThat(kept("v1.p1")).containsExactlyInAnyOrder(OTHER.getSampleId(), NEXT.getSampleId());
        assertThat(neighbours("v1.p1")).isEqualTo(Map.of(LAST.getSampleId(), NEXT.getSampleId()));
        assertThat(kept("v0")).containsExactly(OTHER.getSampleId());
        assertVerified();
    }

    @Test
    void afterAPurgeOfARowThatFellTheKeptOneStays() throws IOException {
        assertThat(Purge.execute(dataset.dataset(), selector(NEXT), "wrong", folder.resolve("drafts"))
                        .neighbours())
                .isEmpty();
        assertThat(kept("v1.p1")).containsExactlyInAnyOrder(OTHER.getSampleId(), FIRST.getSampleId());
        assertThat(neighbours("v1.p1")).isEqualTo(Map.of(LAST.getSampleId(), FIRST.getSampleId()));
        assertVerified();
    }

    @Test
    void compactionChangesNothing() throws IOException {
        assertThat(Compaction.execute(dataset.dataset(), folder.resolve("drafts"), 1 << 30))
                .isInstanceOf(Compaction.Outcome.class);
        assertVerified();
        Release.makeFrom(dataset.dataset(), "v1", settings("v2"), folder.resolve("drafts"));
        assertThat(DuckDb.query("SELECT sample_id, reason, duplicate_of, similarity FROM '" + removed("v2") + "'"))
                .isEqualTo(
                        DuckDb.query("SELECT sample_id, reason, duplicate_of, similarity FROM '" + removed("v1") + "'"))
                .hasSize(2);
        assertThat(kept("v2")).isEqualTo(kept("v1"));
    }

    private static Sample sample(String family, int changes, int offset) {
        return SimilarSamples.sample(
                SimilarSamples.text(family, changes), 0, "thought " + offset, new Seq((long) offset, 0, 0));
    }

    private static RowSelector selector(Sample sample) {
        return new RowSelector.BySample(Set.of(sample.getSampleId()), Set.of());
    }

    private static ReleaseSettings settings(String name) {
        return new ReleaseSettings(name, List.of(View.RAW), 1)
                .withNearDuplicates(new Manifest.NearDuplicates(Policy.REJECT, Policy.REJECT, 0.8));
    }

    private void release(String name) throws IOException {
        assertThat(Release.make(dataset.dataset(), settings(name), folder.resolve("drafts")))
                .isInstanceOf(Release.Result.Released.class);
    }

    private List<String> kept(String version) {
        return DuckDb.query("SELECT sample_id FROM '" + dataset.folder().resolve("releases/" + version)
                        + "/raw/*/*.parquet' ORDER BY sample_id")
                .stream()
                .map(List::getFirst)
                .toList();
    }

    private Path removed(String version) {
        return dataset.folder().resolve("releases/" + version + "/removed/*.parquet");
    }

    private Map<String, String> neighbours(String version) {
        return DuckDb.query("SELECT sample_id, duplicate_of FROM '" + removed(version)
                        + "' WHERE reason = 'near_duplicate_prompt'")
                .stream()
                .collect(Collectors.toMap(List::getFirst, List::getLast));
    }

    private void assertVerified() throws IOException {
        assertThat(Verification.verify(dataset.dataset(), Optional.empty(), InstantSource.system())
                        .problems())
                .allMatch(problem -> problem.key().startsWith("specs/"));
    }
}
