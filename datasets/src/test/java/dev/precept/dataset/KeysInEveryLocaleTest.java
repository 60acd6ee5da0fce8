package dev.precept.dataset;

import static org.assertj.core.api.Assertions.assertThat;

import dev.precept.dataset.chain.Chain;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A dataset is the same on every machine, also where the digits of the locale are not ASCII. */
class KeysInEveryLocaleTest {
    private final Locale before = Locale.getDefault();

    @TempDir
    private Path folder;

    @AfterEach
    void restore() {
        Locale.setDefault(before);
    }

    @Test
    void aChainThatWasWrittenInOneLocaleHasItsHeadInAnother() throws IOException {
        Locale.setDefault(Locale.ROOT);
        CommittedDataset dataset = new CommittedDataset(folder.resolve("dataset"), folder.resolve("spool"));
        dataset.samples(
                0,
                IntStream.range(0, 20)
                        .mapToObj(n -> NeutralRows.sample(n, 0, 9))
                        .toList());
        Chain chain = new Chain(dataset.store(), CommittedDataset.chain("samples", 0));
        long head = chain.head(0);
        Locale.setDefault(Locale.of("ar", "EG"));
        assertThat(head).isPositive();
        assertThat(chain.head(0)).isEqualTo(head);
        assertThat(chain.id().commitKey(10)).endsWith("/00000000000000000010.json");
    }

    @Test
    @Timeout(120)
    void journalsFindTheirOwnEntries() throws IOException {
        Locale.setDefault(Locale.of("ar", "EG"));
        CommittedDataset dataset = new CommittedDataset(folder.resolve("dataset"), folder.resolve("spool"));
        Withdrawal.record(dataset.dataset(), "one", new RowSelector.BySource("a"));
        Withdrawal.record(dataset.dataset(), "two", new RowSelector.BySample(Set.of("b"), Set.of()));
        assertThat(Withdrawal.read(dataset.dataset())).hasSize(2);
        assertThat(dataset.store().list("withdrawals/"))
                .containsExactly("withdrawals/00000000000000000001.json", "withdrawals/00000000000000000002.json");
    }
}
