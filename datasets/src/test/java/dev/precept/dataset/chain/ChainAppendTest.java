package dev.precept.dataset.chain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.precept.dataset.chain.Chain.AppendResult;
import dev.precept.store.LocalStore;
import dev.precept.store.ObjectStore;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ChainAppendTest {
    private static final ChainId ID = new ChainId("samples", "kTj0aBcDQ1-_xyz", 3);

    @TempDir
    private Path folder;

    private ObjectStore store;
    private Chain chain;

    @BeforeEach
    void open() throws IOException {
        store = LocalStore.open(folder);
        chain = new Chain(store, ID);
    }

    @Test
    void keysNameTopicTopicIdPartitionAndOffsets() {
        assertThat(ID.commitKey(42)).isEqualTo("log/samples-kTj0aBcDQ1-_xyz-3/00000000000000000042.json");
        assertThat(ID.dataKey(42, 50, "0123456789abcdef0123"))
                .isEqualTo("data/samples-kTj0aBcDQ1-_xyz-3/42-50-0123456789abcdef.parquet");
    }

    @Test
    void aCommitIsReadBackUnchanged() throws IOException {
        Commit commit = new Commit(
                "id", "dataset", ID.topic(), ID.topicId(), 3, 0, 7, "data/x", 5, 99, "ab", List.of("r1", "r2"), 1);
        assertThat(chain.append(commit)).isEqualTo(new AppendResult.Committed());
        assertThat(chain.commitAt(0)).hasValue(commit);
    }

    @Test
    void ofTwoAppendsAtOneOffsetOneSucceeds() throws Exception {
        try (ExecutorService both = Executors.newFixedThreadPool(2)) {
            for (long from = 0; from < 400; from += 10) {
                CyclicBarrier start = new CyclicBarrier(2);
                List<Commit> commits = List.of(commit(from, from + 10), commit(from, from + 10));
                List<Future<AppendResult>> outcomes = new ArrayList<>();
                for (Commit commit : commits) {
                    outcomes.add(both.submit(() -> {
                        start.await();
                        return new Chain(store, ID).append(commit);
                    }));
                }
                AppendResult first = outcomes.getFirst().get();
                AppendResult second = outcomes.getLast().get();
                assertThat(List.of(first, second))
                        .containsExactlyInAnyOrder(
                                new AppendResult.Committed(),
                                new AppendResult.Superseded(
                                        first instanceof AppendResult.Committed ? commits.get(0) : commits.get(1)));
            }
        }
        assertThat(chain.commitsFrom(0)).hasSize(40);
    }

    @Test
    void aWriterWhoseReplyWasLostRecognisesItsCommit() throws IOException {
        Chain deaf = new Chain(new LostReplyStore(store), ID);
        assertThat(deaf.append(commit(0, 10))).isEqualTo(new AppendResult.Committed());
        assertThat(deaf.append(commit(10, 12))).isEqualTo(new AppendResult.Committed());
        assertThat(chain.commitsFrom(0)).extracting(Commit::to).containsExactly(10L, 12L);
    }

    @Test
    void theHeadIsFoundWithAHintAndWithout() throws IOException {
        assertThat(chain.head(0)).isZero();
        append(0, 10, 15, 40);
        assertThat(chain.head(0)).isEqualTo(40);
        assertThat(chain.head(15)).as("the newest commit").isEqualTo(40);
        assertThat(chain.head(10)).as("an older commit").isEqualTo(40);
        assertThat(chain.head(11)).as("no commit starts there").isEqualTo(40);
        assertThat(chain.head(1_000)).as("beyond the end").isEqualTo(40);
    }

    @Test
    void anotherTopicIdIsAnotherChain() throws IOException {
        append(0, 10);
        assertThat(new Chain(store, new ChainId("samples", "another", 3)).head(0))
                .isZero();
        assertThat(new Chain(store, new ChainId("samples", ID.topicId(), 2)).head(0))
                .isZero();
    }

    @Test
    void aGapFailsAndNamesTheUnreachableKeys() throws IOException {
        append(0, 10, 20, 30);
        chain.requireContiguous();
        store.delete(ID.commitKey(10));
        assertThatThrownBy(chain::requireContiguous)
                .isInstanceOf(IOException.class)
                .hasMessageContaining(ID.commitKey(20));
    }

    @Test
    void anOverlapFailsAndNamesTheKey() throws IOException {
        append(0, 10, 20);
        chain.append(commit(5, 10));
        assertThatThrownBy(chain::requireContiguous)
                .isInstanceOf(IOException.class)
                .hasMessageContaining(ID.commitKey(5));
    }

    @Test
    void commitsAppendedDuringTheCheckAreNotAGap() throws IOException {
        append(0, 10);
        new Chain(new RacingStore(store, () -> append(10, 20), () -> append(20, 30)), ID).requireContiguous();
        assertThat(chain.head(0)).isEqualTo(30);
    }

    @Test
    void anInvalidOrMisplacedCommitFailsAndNamesTheKey() throws IOException {
        store.createIfAbsent(ID.commitKey(0), "{\"from\": 0".getBytes(StandardCharsets.UTF_8));
        assertThatThrownBy(() -> chain.commitAt(0))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(ID.commitKey(0));
        store.createIfAbsent(ID.commitKey(1), commit(7, 9).json());
        assertThatThrownBy(() -> chain.commitAt(1))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(ID.commitKey(1));
    }

    @Test
    void anEmptyRangeIsRefused() {
        assertThatThrownBy(() -> commit(5, 5)).isInstanceOf(IllegalArgumentException.class);
    }

    /** Appends adjacent commits at these boundaries. */
    private void append(long... offsets) {
        try {
            for (int i = 1; i < offsets.length; i++) {
                assertThat(chain.append(commit(offsets[i - 1], offsets[i]))).isEqualTo(new AppendResult.Committed());
            }
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static Commit commit(long from, long to) {
        return new Commit(
                UUID.randomUUID().toString(),
                "dataset",
                ID.topic(),
                ID.topicId(),
                ID.partition(),
                from,
                to,
                null,
                0,
                0,
                null,
                List.of(),
                0);
    }

    /** Creates the key but reports failure, as after a lost reply. */
    private static final class LostReplyStore extends DelegatingStore {
        LostReplyStore(ObjectStore store) {
            super(store);
        }

        @Override
        public boolean createIfAbsent(String key, byte[] content) throws IOException {
            super.createIfAbsent(key, content);
            return false;
        }
    }

    /** Runs actions just before and just after a listing. */
    private static final class RacingStore extends DelegatingStore {
        private final Runnable before;
        private final Runnable after;

        RacingStore(ObjectStore store, Runnable before, Runnable after) {
            super(store);
            this.before = before;
            this.after = after;
        }

        @Override
        public void visitObjects(String prefix, String from, ObjectVisitor visitor) throws IOException {
            before.run();
            super.visitObjects(prefix, from, visitor);
            after.run();
        }
    }
}
