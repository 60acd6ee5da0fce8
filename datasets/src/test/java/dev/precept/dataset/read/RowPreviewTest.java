package dev.precept.dataset.read;

import static org.assertj.core.api.Assertions.assertThat;

import dev.precept.dataset.CommittedDataset;
import dev.precept.dataset.Dataset;
import dev.precept.dataset.NeutralRows;
import dev.precept.dataset.chain.DelegatingStore;
import dev.precept.dataset.release.Release;
import dev.precept.dataset.release.ReleaseSettings;
import dev.precept.dataset.view.View;
import dev.precept.records.Sample;
import dev.precept.store.ObjectStore;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A preview reads no more commits and files than its rows need. */
class RowPreviewTest {
    private static final int COMMITS = 8;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    private CommittedDataset committed;
    private CountingStore store;
    private Dataset dataset;

    @BeforeEach
    void commit() throws IOException {
        committed = new CommittedDataset(folder.resolve("dataset"), folder.resolve("spool"));
        for (int n = 0; n < COMMITS; n++) {
            committed.samples(n % 2, List.of(NeutralRows.sample(2 * n), NeutralRows.sample(2 * n + 1)));
            committed.rejections(n % 2, List.of(NeutralRows.attempt(n, 1, 1, 2)));
        }
        committed.complete();
        Release.make(committed.dataset(), new ReleaseSettings("v1", List.of(View.SFT), 1), folder.resolve("drafts"));
        store = new CountingStore(committed.store());
        dataset = Dataset.openExisting(store);
        store.clear();
    }

    private static final class CountingStore extends DelegatingStore {
        private final List<String> commits = new ArrayList<>();
        private final List<String> files = new ArrayList<>();
        private int others;

        CountingStore(ObjectStore store) {
            super(store);
        }

        void clear() {
            commits.clear();
            files.clear();
            others = 0;
        }

        @Override
        public Optional<byte[]> read(String key) throws IOException {
            if (key.startsWith("log/")) {
                commits.add(key);
            } else {
                others++;
            }
            return super.read(key);
        }

        @Override
        public Path fetch(String key) throws IOException {
            files.add(key);
            return super.fetch(key);
        }

        @Override
        public List<ObjectInfo> listObjects(String prefix) throws IOException {
            assertThat(prefix)
                    .as("only small folders are listed")
                    .doesNotStartWith("log/")
                    .isNotEmpty();
            others++;
            return super.listObjects(prefix);
        }
    }

    @Test
    void oneRowNeedsOneCommitAndOneFile() throws IOException {
        assertThat(RowPreview.samples(dataset, first(1)).rows())
                .extracting(Sample::getSampleId)
                .containsExactly(id(0));
        assertThat(store.commits).hasSize(1);
        assertThat(store.files).hasSize(1);
        assertThat(store.others).isLessThanOrEqualTo(4);
    }

    @Test
    void oneRowOfAVersionNeedsOneCommitAndOneFile() throws IOException {
        assertThat(RowPreview.samples(dataset, "latest", first(1)).rows())
                .extracting(Sample::getSampleId)
                .containsExactly(id(0));
        assertThat(store.commits).hasSize(1);
        assertThat(store.files).hasSize(1);
    }

    @Test
    void moreRowsAreReadCommitByCommit() throws IOException {
        assertThat(RowPreview.samples(dataset, "v1", first(5)).rows())
                .extracting(Sample::getSampleId)
                .containsExactly(id(0), id(1), id(4), id(5), id(8));
        assertThat(store.files).hasSize(3);
        assertThat(RowPreview.samples(dataset, "v1", first(1_000)).rows()).hasSize(2 * COMMITS);
        assertThat(RowPreview.samples(dataset, first(1_000)).rows()).hasSize(2 * COMMITS);
    }

    @Test
    void theRowsOfAVersionEndAtItsOffsets() throws IOException {
        committed.samples(0, List.of(NeutralRows.sample(1_000)));
        assertThat(RowPreview.samples(dataset, first(1_000)).rows()).hasSize(2 * COMMITS + 1);
        assertThat(RowPreview.samples(dataset, "v1", first(1_000)).rows()).hasSize(2 * COMMITS);
    }

    private static String id(int n) {
        return NeutralRows.sample(n).getSampleId();
    }

    private static RowChoice<Sample> first(int most) {
        return RowChoice.first(most, sample -> true);
    }
}
