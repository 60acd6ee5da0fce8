package dev.precept.dataset.read;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.precept.dataset.CommittedDataset;
import dev.precept.dataset.Dataset;
import dev.precept.dataset.NeutralRows;
import dev.precept.dataset.chain.DelegatingStore;
import dev.precept.dataset.release.Release;
import dev.precept.dataset.release.ReleaseSettings;
import dev.precept.dataset.view.View;
import dev.precept.store.ObjectStore;
import dev.precept.store.StoreException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A pull streams into its target and resumes within a file. */
class PullResumeTest {
    private static final String SHARD = "sft/train/train-00000-of-00001.parquet";

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    private CountingStore store;
    private byte[] released;

    @BeforeEach
    void release() throws IOException {
        CommittedDataset dataset = new CommittedDataset(folder.resolve("dataset"), folder.resolve("spool"));
        dataset.samples(0, IntStream.range(0, 400).mapToObj(NeutralRows::sample).toList());
        dataset.complete();
        ReleaseSettings settings = new ReleaseSettings("v1", List.of(View.SFT), 1);
        Release.make(dataset.dataset(), settings, folder.resolve("drafts"));
        released = Files.readAllBytes(folder.resolve("dataset/releases/v1").resolve(SHARD));
        store = new CountingStore(dataset.store());
    }

    /** Counts opened ranges, and breaks a stream off for good after some bytes. */
    private static final class CountingStore extends DelegatingStore {
        private final List<Long> from = new ArrayList<>();
        private long breakAfter = Long.MAX_VALUE;

        CountingStore(ObjectStore store) {
            super(store);
        }

        @Override
        public Path fetch(String key) {
            throw new AssertionError("a pull makes no other copy of " + key);
        }

        @Override
        public InputStream open(String key, long start) throws IOException {
            from.add(start);
            return new FilterInputStream(super.open(key, start)) {
                private long left = breakAfter;

                @Override
                public int read(byte[] to, int offset, int most) throws IOException {
                    if (left == 0) {
                        throw new StoreException.Unavailable("the store does not answer");
                    }
                    int read = super.read(to, offset, (int) Math.min(most, left));
                    left -= Math.max(0, read);
                    return read;
                }
            };
        }
    }

    private void pull() throws Exception {
        Dataset dataset = Dataset.openExisting(store);
        Pull.prepare(dataset, "v1", "sft", folder.resolve("to")).copy(1, file -> {});
    }

    private Path part() {
        return folder.resolve("to").resolve(SHARD + ".part");
    }

    private void assertPulled() {
        assertThat(folder.resolve("to").resolve(SHARD)).hasBinaryContent(released);
        assertThat(part()).doesNotExist();
    }

    @Test
    void aStreamThatBreaksOffIsContinuedWhereItBrokeOff() throws Exception {
        store.breakAfter = released.length / 2;
        assertThatThrownBy(this::pull).isInstanceOf(StoreException.Unavailable.class);
        assertThat(part()).hasSize(released.length / 2);
        store.breakAfter = Long.MAX_VALUE;
        pull();
        assertThat(store.from).containsExactly(0L, (long) released.length / 2);
        assertPulled();
    }

    @Test
    void aWholePartFileNeedsNoRequest() throws Exception {
        Files.createDirectories(part().getParent());
        Files.write(part(), released);
        pull();
        assertThat(store.from).isEmpty();
        assertPulled();
    }

    @Test
    void aDamagedPartFileIsCopiedAgainOnce() throws Exception {
        Files.createDirectories(part().getParent());
        byte[] damaged = Arrays.copyOf(released, released.length / 2);
        damaged[7] ^= 1;
        Files.write(part(), damaged);
        pull();
        assertThat(store.from).containsExactly((long) damaged.length, 0L);
        assertPulled();
        Files.delete(folder.resolve("to").resolve(SHARD));
        Files.write(part(), new byte[released.length + 1]);
        pull();
        assertPulled();
    }

    @Test
    void aDamagedShardKeepsNothing() throws Exception {
        Path stored = folder.resolve("dataset/releases/v1").resolve(SHARD);
        for (byte[] content : List.of(
                Arrays.copyOf(released, released.length - 1),
                Arrays.copyOf(released, released.length + 9),
                new byte[released.length])) {
            Files.write(stored, content);
            assertThatThrownBy(this::pull)
                    .isInstanceOf(Pull.CorruptFileException.class)
                    .hasMessageStartingWith("releases/v1/" + SHARD + ": has ");
            assertThat(part()).doesNotExist();
        }
        Files.createDirectories(part().getParent());
        Files.write(stored, new byte[9]);
        Files.write(part(), Arrays.copyOf(released, 99));
        assertThatThrownBy(this::pull)
                .isInstanceOf(Pull.CorruptFileException.class)
                .hasMessageContaining("has 9 bytes, the manifest names " + released.length);
    }

    @Test
    void twoPullsDoNotWriteOneFile() throws Exception {
        Files.createDirectories(part().getParent());
        try (FileChannel other = FileChannel.open(part(), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock lock = other.lock()) {
            assertThat(lock.isValid()).isTrue();
            assertThatThrownBy(this::pull)
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("is being written by another pull");
        }
        pull();
        assertPulled();
    }
}
