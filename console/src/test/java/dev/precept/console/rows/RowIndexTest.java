package dev.precept.console.rows;

import static org.assertj.core.api.Assertions.assertThat;

import dev.precept.dataset.CommittedDataset;
import dev.precept.dataset.Dataset;
import dev.precept.dataset.NeutralRows;
import dev.precept.dataset.chain.DelegatingStore;
import dev.precept.store.ObjectStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RowIndexTest {
    @TempDir
    Path folder;

    @Test
    void the_first_page_waits_for_rows_of_a_slow_store() throws Exception {
        CommittedDataset dataset = new CommittedDataset(folder.resolve("dataset"), folder.resolve("spool"));
        dataset.samples(0, List.of(NeutralRows.sample(1)));
        SlowStore store = new SlowStore(dataset.dataset().store());
        RowIndex index = new RowIndex(new RowSource(Dataset.openExisting(store), Optional.empty()));

        CompletableFuture<RowIndex.State> first = CompletableFuture.supplyAsync(() -> current(index));

        assertThat(first).failsWithin(Duration.ofMillis(600)); // it still waits
        store.open.countDown();
        assertThat(first)
                .succeedsWithin(Duration.ofMinutes(2))
                .extracting(RowIndex.State::rows)
                .isEqualTo(1L);
    }

    private static RowIndex.State current(RowIndex index) {
        try {
            return index.current();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Serves data files once it is open. */
    private static final class SlowStore extends DelegatingStore {
        final CountDownLatch open = new CountDownLatch(1);

        SlowStore(ObjectStore store) {
            super(store);
        }

        @Override
        public Path fetch(String key) throws IOException {
            if (key.endsWith(".parquet")) {
                try {
                    open.await();
                } catch (InterruptedException e) {
                    throw new IOException(e);
                }
            }
            return super.fetch(key);
        }
    }
}
