package dev.precept.dataset.removal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.precept.config.ConfigurationException;
import dev.precept.dataset.CommittedDataset;
import dev.precept.dataset.DuckDb;
import dev.precept.dataset.NeutralRows;
import dev.precept.dataset.RowSelector;
import dev.precept.dataset.Withdrawal;
import dev.precept.dataset.release.Release;
import dev.precept.dataset.release.ReleaseSettings;
import dev.precept.dataset.view.View;
import dev.precept.records.Sample;
import dev.precept.records.Source;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class WithdrawTest {
    private static final List<View> VIEWS = List.of(View.SFT, View.PREFERENCE, View.RAW);
    private static final String WHY = "the rules of March were wrong";

    @TempDir
    private Path folder;

    private CommittedDataset dataset;

    @BeforeEach
    void aVersion() throws IOException {
        dataset = new CommittedDataset(folder.resolve("dataset"), folder.resolve("spool"));
        dataset.samples(0, List.of(NeutralRows.sample(1, 0, 9), NeutralRows.sample(2, 0, 9)));
        dataset.samples(
                1,
                List.of(
                        Sample.newBuilder(NeutralRows.sample(3, 0, 9))
                                .setSpecVersion("spec-2")
                                .build(),
                        Sample.newBuilder(NeutralRows.sample(4, 0, 9))
                                .setSource(Source.newBuilder(
                                                NeutralRows.sample(4, 0, 9).getSource())
                                        .setName("forum")
                                        .build())
                                .build()));
        dataset.rejections(0, List.of(NeutralRows.attempt(1, 1, 1, 2), NeutralRows.attempt(3, 1, 1, 2)));
        dataset.complete();
        release("v1");
    }

    @Test
    void aSpecificationVersionIsWithdrawnWithItsReason() throws IOException {
        withdraw(new RowSelector.BySpecVersion("spec-2"), "v2");
        JsonNode v2 = manifest("v2");
        assertThat(v2.path("rows").asInt()).isEqualTo(3);
        assertThat(v2.path("from").asText()).isEqualTo("v1");
        assertThat(v2.path("histograms").path("spec_version").has("spec-2")).isFalse();
        assertThat(v2.path("recipe").path("withdrawals").toString())
                .isEqualTo("[{\"number\":1,\"why\":\"" + WHY + "\",\"spec_version\":\"spec-2\"}]");
        assertThat(v2.path("removed").path("withdrawn").toString())
                .isEqualTo("[{\"number\":1,\"why\":\"" + WHY + "\",\"samples\":1,\"attempts\":0}]");
        assertThat(DuckDb.one("SELECT count(*) FROM '" + dataset.folder().resolve("releases/v2/preference/*/*.parquet")
                        + "'"))
                .containsExactly("1");
    }

    @Test
    void aSourceIsWithdrawnByNameOrFile() throws IOException {
        withdraw(new RowSelector.BySource("forum"), "v2");
        assertThat(manifest("v2").path("rows").asInt()).isEqualTo(3);
        assertThat(Withdraw.execute(
                        dataset.dataset(),
                        "v1",
                        new RowSelector.BySource("prompts.jsonl"),
                        WHY,
                        "v3",
                        folder.resolve("drafts")))
                .isEqualTo(new Release.Result.NoRows(0));
    }

    @Test
    void aSampleIsWithdrawnWithItsDuplicates() throws IOException {
        Sample first = NeutralRows.sample(11, "The same?", NeutralRows.seq(11));
        Sample second = NeutralRows.sample(12, "The same?", NeutralRows.seq(12));
        dataset.samples(0, List.of(first));
        dataset.samples(1, List.of(second));
        release("v2");
        assertThat(manifest("v2").path("rows").asInt()).isEqualTo(5);
        assertThat(Withdraw.execute(
                        dataset.dataset(),
                        "v2",
                        new RowSelector.BySample(Set.of(first.getSampleId()), Set.of()),
                        WHY,
                        "v3",
                        folder.resolve("drafts")))
                .isInstanceOf(Release.Result.Released.class);
        assertThat(manifest("v3").path("rows").asInt()).isEqualTo(4);
    }

    @Test
    void laterVersionsInheritAWithdrawal() throws IOException {
        withdraw(new RowSelector.BySpecVersion("spec-2"), "v2");
        dataset.samples(
                0,
                List.of(Sample.newBuilder(NeutralRows.sample(20, 0, 9))
                        .setSpecVersion("spec-2")
                        .build()));
        dataset.samples(0, List.of(NeutralRows.sample(21, 0, 9)));
        release("v3");
        assertThat(manifest("v3").path("rows").asInt()).isEqualTo(4);
        assertThat(manifest("v3")
                        .path("removed")
                        .path("withdrawn")
                        .path(0)
                        .path("samples")
                        .asInt())
                .isEqualTo(2);
        assertThat(manifest("v1").path("rows").asInt()).isEqualTo(4);
    }

    @Test
    void aRepeatedWithdrawalIsRecordedOnce() throws IOException {
        Withdrawal.record(dataset.dataset(), WHY, new RowSelector.BySpecVersion("spec-2"));
        withdraw(new RowSelector.BySpecVersion("spec-2"), "v2");
        assertThat(Withdrawal.read(dataset.dataset())).hasSize(1);
        assertThat(manifest("v2").path("rows").asInt()).isEqualTo(3);
    }

    @Test
    void aSelectorWithoutMatchIsRefusedAndNotRecorded() {
        for (RowSelector rowSelector : List.of(
                new RowSelector.BySpecVersion("spec-9"),
                new RowSelector.BySource("no-such-source"),
                new RowSelector.BySample(Set.of("f".repeat(64)), Set.of()),
                new RowSelector.BySample(Set.of(NeutralRows.sample(1).getSampleId(), "e".repeat(64)), Set.of()))) {
            assertThatThrownBy(() -> withdraw(rowSelector, "v2"))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageContaining("nothing was withdrawn")
                    .hasMessageNotContaining("\n");
        }
        assertThatThrownBy(() -> Withdraw.execute(
                        dataset.dataset(),
                        "v1",
                        new RowSelector.BySource("forum"),
                        " ",
                        "v2",
                        folder.resolve("drafts")))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("--why");
        assertThat(dataset.dataset().versions().all()).containsExactly("v1");
        assertThat(dataset.dataset().versions().has("v2")).isFalse();
    }

    @Test
    void concurrentWithdrawalsHaveConsecutiveNumbers() throws IOException {
        Withdrawal one = Withdrawal.record(dataset.dataset(), "one", new RowSelector.BySource("forum"));
        Withdrawal two = Withdrawal.record(dataset.dataset(), "two", new RowSelector.BySpecVersion("spec-2"));
        assertThat(Withdrawal.read(dataset.dataset())).containsExactly(one, two);
        assertThat(List.of(one.number(), two.number())).containsExactly(1L, 2L);
    }

    private void release(String name) throws IOException {
        assertThat(Release.make(dataset.dataset(), new ReleaseSettings(name, VIEWS, 2), folder.resolve("drafts")))
                .isInstanceOf(Release.Result.Released.class);
    }

    private void withdraw(RowSelector rowSelector, String name) throws IOException {
        assertThat(Withdraw.execute(dataset.dataset(), "v1", rowSelector, WHY, name, folder.resolve("drafts")))
                .isInstanceOf(Release.Result.Released.class);
    }

    private JsonNode manifest(String version) {
        return dataset.manifest(version);
    }
}
