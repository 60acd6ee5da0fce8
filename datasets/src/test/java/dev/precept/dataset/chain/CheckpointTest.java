package dev.precept.dataset.chain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.precept.store.StoreException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointTest {
    private static final ChainId ID = new ChainId("samples", "topic-s", 3);
    private static final int COMMITS = 2_050;
    private static final int STEP = 7;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    private MemoryStore objects;
    private CountingStore store;
    private Chain chain;

    @BeforeEach
    void commit() {
        objects = new MemoryStore(folder);
        store = new CountingStore(objects);
        chain = new Chain(store, ID);
        for (int i = 0; i < COMMITS; i++) {
            objects.createIfAbsent(ID.commitKey((long) i * STEP), commit(i).json());
        }
    }

    private static Commit commit(int i) {
        long from = (long) i * STEP;
        List<String> completed = i == COMMITS - 1 ? List.of("run") : List.of();
        return new Commit(
                "commit-" + i,
                "dataset",
                ID.topic(),
                ID.topicId(),
                ID.partition(),
                from,
                from + STEP,
                null,
                0,
                0,
                null,
                completed,
                0);
    }

    private static List<Commit> commits() {
        return IntStream.range(0, COMMITS).mapToObj(CheckpointTest::commit).toList();
    }

    private ChainCommits read() throws IOException {
        return new ChainReader(store).read(List.of(chain)).getFirst();
    }

    @Test
    void aReaderTakesFullSegmentsFromCheckpoints() throws IOException {
        assertThat(read().requireContiguous()).isEqualTo(commits());
        assertThat(store.requests("GET log/")).isEqualTo(COMMITS);
        assertThat(new Checkpoints(store).store(chain)).isEqualTo(2);
        assertThat(new Checkpoints(store).store(read())).as("both are stored").isZero();
        store.reset();
        assertThat(read().requireContiguous()).isEqualTo(commits());
        assertThat(store.requests("LIST log/")).isEqualTo(3);
        assertThat(store.requests("GET checkpoints/")).isEqualTo(2);
        assertThat(store.requests("GET log/"))
                .as("the rest, and one of each checkpoint")
                .isEqualTo(COMMITS - 2_000 + 2);
        assertThat(read().completedRuns()).containsExactly("run");
    }

    @Test
    void aWriterThatHasReadTheChainStoresTheSameCheckpoints() throws IOException {
        ChainCommits read = read();
        assertThat(new Checkpoints(store).store(read)).isEqualTo(2);
        List<String> keys = store.list(ChainId.CHECKPOINTS);
        for (String key : keys) {
            store.delete(key);
        }
        assertThat(new Checkpoints(store).store(chain)).isEqualTo(2);
        assertThat(store.list(ChainId.CHECKPOINTS)).isEqualTo(keys);
    }

    @Test
    void theHeadNeedsFewRequests() throws IOException {
        assertThat(chain.head(0)).isEqualTo((long) COMMITS * STEP);
        new Checkpoints(store).store(chain);
        store.reset();
        assertThat(chain.head(0)).isEqualTo((long) COMMITS * STEP);
        assertThat(store.requests().values().stream()
                        .mapToInt(Integer::intValue)
                        .sum())
                .as("%s", store.requests())
                .isLessThanOrEqualTo(6);
        store.reset();
        assertThat(chain.head((COMMITS - 3L) * STEP)).isEqualTo((long) COMMITS * STEP);
        assertThat(store.requests("LIST log/")).isEqualTo(1);
        assertThat(store.requests("GET log/")).isEqualTo(2);
        // Neither a foreign checkpoint nor a foreign hint moves the head.
        store.createIfAbsent(ID.checkpointKey(999_999, 1_000_000, "0".repeat(64)), new byte[] {1});
        assertThat(chain.head(0)).isEqualTo((long) COMMITS * STEP);
        assertThat(chain.head(5)).isEqualTo((long) COMMITS * STEP);
    }

    @Test
    void aDamagedOrForeignCheckpointIsIgnoredAndReported() throws IOException {
        new Checkpoints(store).store(chain);
        List<String> keys = store.list(ChainId.CHECKPOINTS);
        byte[] damaged = store.read(keys.getFirst()).orElseThrow();
        damaged[damaged.length / 2] ^= 1;
        objects.replace(keys.getFirst(), damaged);
        // Correct in itself, but of other commits: the same offsets with another id.
        List<Commit> foreign = new ArrayList<>(commits().subList(1_000, 2_000));
        foreign.set(999, renamed(foreign.get(999)));
        store.delete(keys.get(1));
        Checkpoint other = Checkpoint.of(ID, foreign);
        store.createIfAbsent(other.key(), other.content());
        String stray = ChainId.CHECKPOINTS + "samples-unknown-0/"
                + keys.getFirst().substring(ID.checkpointFolder().length());
        store.createIfAbsent(stray, damaged);

        assertThat(read().requireContiguous()).isEqualTo(commits());
        ChainCommits read =
                ChainReader.withoutCheckpoints(store).read(List.of(chain)).getFirst();
        assertThat(new Checkpoints(store).verify(List.of(read)))
                .extracting(Checkpoints.Invalid::key)
                .containsExactlyInAnyOrder(keys.getFirst(), other.key(), stray);
    }

    @Test
    void aCheckpointThatDiffersFromItsChainIsIgnored() throws IOException {
        List<Commit> first = commits().subList(0, 1_000);
        Checkpoint right = Checkpoint.of(ID, first);

        List<Commit> foreign = new ArrayList<>(first);
        foreign.set(500, renamed(foreign.get(500)));
        List<Commit> merged = new ArrayList<>(first);
        merged.set(10, merged("merged", first.get(10), first.get(11)));
        merged.remove(11);
        Checkpoint otherStarts = Checkpoint.of(ID, merged);
        String sha16 = right.key().substring(right.key().lastIndexOf('-') + 1).substring(0, 16);
        List<Checkpoint> wrong = List.of(
                new Checkpoint(right.key(), Checkpoint.of(ID, foreign).content()),
                otherStarts,
                new Checkpoint(ID.checkpointKey(STEP, 1_001L * STEP, sha16), right.content()));
        for (Checkpoint each : wrong) {
            store.createIfAbsent(each.key(), each.content());
            assertThat(read().requireContiguous()).as(each.key()).isEqualTo(commits());
            store.delete(each.key());
        }
    }

    private static Commit renamed(Commit commit) {
        return merged("another", commit, commit);
    }

    private static Commit merged(String id, Commit commit, Commit last) {
        return new Commit(
                id,
                commit.datasetId(),
                commit.topic(),
                commit.topicId(),
                commit.partition(),
                commit.from(),
                last.to(),
                null,
                0,
                0,
                null,
                List.of(),
                0);
    }

    @Test
    void aCheckpointDoesNotHideAMissingOrUnreadableCommit() throws IOException {
        new Checkpoints(store).store(chain);
        store.delete(ID.commitKey(500L * STEP));
        assertThatThrownBy(() -> read().requireContiguous())
                .isInstanceOf(StoreException.Corrupt.class)
                .hasMessageContaining(ID.commitKey(501L * STEP));
        objects.replace(ID.commitKey(500L * STEP), new byte[] {'{'});
        ChainCommits itself =
                ChainReader.withoutCheckpoints(store).read(List.of(chain)).getFirst();
        assertThat(itself.broken()).isPresent();
        assertThat(itself.commits()).hasSize(500);
    }

    @Test
    void aReaderReadsACommitOnceUnlessItWasReplaced() throws IOException {
        ChainReader reader = new ChainReader(store);
        assertThat(reader.read(List.of(chain)).getFirst().commits()).hasSize(COMMITS);
        store.reset();
        chain.append(commit(COMMITS));
        assertThat(reader.read(List.of(chain)).getFirst().commits()).hasSize(COMMITS + 1);
        assertThat(store.requests("GET log/")).isEqualTo(1);
        assertThat(reader.read(List.of(chain), id -> 10L * STEP).getFirst().commits())
                .hasSize(10);
        assertThat(store.requests("GET log/")).isEqualTo(1);
        objects.replace(ID.commitKey(0), new byte[] {'{'});
        assertThat(reader.read(List.of(chain)).getFirst().broken()).isPresent();
    }
}
