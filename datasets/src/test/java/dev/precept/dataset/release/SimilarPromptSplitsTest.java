package dev.precept.dataset.release;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.precept.config.NearDuplicateSettings.Policy;
import dev.precept.dataset.CommittedDataset;
import dev.precept.dataset.CommittedRows;
import dev.precept.dataset.DuckDb;
import dev.precept.dataset.Manifest;
import dev.precept.dataset.NeutralRows;
import dev.precept.dataset.RowSelector;
import dev.precept.dataset.Withdrawal;
import dev.precept.dataset.read.DatasetFollower;
import dev.precept.dataset.spool.Spool;
import dev.precept.dataset.view.Split;
import dev.precept.dataset.view.View;
import dev.precept.records.Rejection;
import dev.precept.records.Sample;
import dev.precept.records.Seq;
import dev.precept.schemas.SlotId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Similar prompts are in one split, and no prompt of an earlier version moves. */
final class SimilarPromptSplitsTest {
    private static final double SHARE = 0.4;
    private static final SplitAssigner ASSIGNER = new SplitAssigner(SHARE);

    @TempDir
    private Path folder;

    private long next;

    @Test
    void similarPromptsAreWhereTheFirstOneIsPlaced() throws IOException {
        CommittedDataset dataset = dataset();
        List<Sample> rows = new ArrayList<>();
        for (int family = 0; family < 12; family++) {
            for (int changes = 0; changes < 3; changes++) {
                rows.add(row("family " + family, changes));
            }
        }
        dataset.samples(0, rows);
        dataset.complete();
        release(dataset, "v1", Policy.REPORT);
        Map<String, Split> splits = splits(dataset, "v1");
        assertThat(splits).hasSize(36);
        assertThat(splits.values()).contains(Split.TRAIN, Split.VALIDATION);
        for (int n = 0; n < rows.size(); n++) {
            assertThat(splits.get(rows.get(n).getPromptId()))
                    .isEqualTo(ASSIGNER.splitOf(rows.get(n - n % 3).getPromptId()));
        }
        // Twelve families by their own hashes would not all agree.
        assertThat(rows).anyMatch(row -> splits.get(row.getPromptId()) != ASSIGNER.splitOf(row.getPromptId()));
        assertThatThrownBy(() -> DatasetFollower.validationShare(dataset.dataset()))
                .hasMessageContaining("share a split")
                .hasMessageContaining("--validation SHARE");
    }

    @Test
    void inheritedPromptsStayAndNewOnesFollowThem() throws IOException {
        CommittedDataset dataset = dataset();
        List<Sample> old = new ArrayList<>();
        for (int family = 0; family < 12; family++) {
            old.add(row("family " + family, 0));
            old.add(row("family " + family, 2));
        }
        dataset.samples(0, old);
        dataset.complete();
        release(dataset, "v1", Policy.OFF);
        Map<String, Split> before = splits(dataset, "v1");
        List<Sample> fresh = new ArrayList<>();
        for (int family = 0; family < 12; family++) {
            fresh.add(row("family " + family, 1));
        }
        dataset.samples(1, fresh);
        release(dataset, "v2", Policy.REPORT);
        Map<String, Split> after = splits(dataset, "v2");
        assertThat(after).containsAllEntriesOf(before);
        long bridges = 0;
        for (int family = 0; family < 12; family++) {
            Split one = before.get(old.get(2 * family).getPromptId());
            Split other = before.get(old.get(2 * family + 1).getPromptId());
            if (one == other) {
                assertThat(after.get(fresh.get(family).getPromptId())).isEqualTo(one);
            } else {
                bridges++;
                assertThat(after).doesNotContainKey(fresh.get(family).getPromptId());
            }
        }
        assertThat(bridges).isPositive();
        assertThat(dataset.manifest("v2").path("removed").path("selected").toString())
                .isEqualTo("{\"split_bridge\":" + bridges + "}");
        // Other settings, and nothing new, move nothing either.
        release(dataset, "v3", Policy.OFF);
        assertThat(splits(dataset, "v3")).containsAllEntriesOf(after);
        release(dataset, "v4", Policy.REPORT);
        assertThat(splits(dataset, "v4")).isEqualTo(after);
        assertThat(NextVersion.determine(dataset.dataset(), settings("next", Policy.REPORT))
                        .unchangedFrom())
                .hasValue("v4");
    }

    @Test
    void aNewPromptFollowsOneThatOnlyAnEarlierVersionKept() throws IOException {
        CommittedDataset dataset = dataset();
        List<Sample> old = new ArrayList<>();
        List<Sample> fresh = new ArrayList<>();
        for (int family = 0; family < 8; family++) {
            old.add(row("family " + family, 0));
        }
        dataset.samples(0, old);
        dataset.complete();
        release(dataset, "v1", Policy.REJECT);
        for (int family = 0; family < 8; family++) {
            fresh.add(row("family " + family, 1));
        }
        dataset.samples(1, fresh);
        Withdrawal.record(
                dataset.dataset(),
                "wrong",
                new RowSelector.BySample(
                        Set.copyOf(old.stream().map(Sample::getSampleId).toList()), Set.of()));
        release(dataset, "v2", Policy.REJECT);
        Map<String, Split> splits = splits(dataset, "v2");
        for (int family = 0; family < 8; family++) {
            assertThat(splits.get(fresh.get(family).getPromptId()))
                    .isEqualTo(ASSIGNER.splitOf(old.get(family).getPromptId()));
        }
    }

    @Test
    void eachVersionPlacesItsOwnPromptsByItsOwnThreshold() throws IOException {
        CommittedDataset dataset = dataset();
        List<Sample> rows = new ArrayList<>();
        for (int family = 0; family < 12; family++) {
            rows.add(row("family " + family, 0));
            rows.add(row("family " + family, 4)); // a similarity of .85
        }
        dataset.samples(0, rows);
        dataset.complete();
        make(dataset, settings("v1", Policy.REPORT, 0.9));
        Map<String, Split> before = splits(dataset, "v1");
        assertThat(rows).allMatch(row -> before.get(row.getPromptId()) == ASSIGNER.splitOf(row.getPromptId()));
        make(dataset, settings("v2", Policy.REPORT, 0.8));
        assertThat(splits(dataset, "v2")).isEqualTo(before);
    }

    @Test
    void promptsThatWereTriedWithoutSuccessArePlacedToo() throws IOException {
        CommittedDataset dataset = dataset();
        List<Sample> old = new ArrayList<>();
        List<Rejection> tried = new ArrayList<>();
        for (int family = 0; family < 12; family++) {
            old.add(row("family " + family, 0));
            old.add(row("family " + family, 2));
            tried.add(tried(row("family " + family, 1), family));
        }
        dataset.samples(0, old);
        dataset.complete();
        release(dataset, "v1", Policy.OFF);
        Map<String, Split> before = splits(dataset, "v1");
        dataset.rejections(1, tried);
        ReleaseSettings settings = new ReleaseSettings("v2", List.of(View.RL), 1, SHARE, 3)
                .withRows(new Manifest.RowOptions(false, true))
                .withNearDuplicates(new Manifest.NearDuplicates(Policy.REPORT, Policy.OFF, 0.8));
        make(dataset, settings);
        Map<String, Split> after = splits(dataset, "v2", "rl", "extra_info.prompt_id");
        assertThat(after).containsAllEntriesOf(before);
        long bridges = 0;
        for (int family = 0; family < 12; family++) {
            Split one = before.get(old.get(2 * family).getPromptId());
            boolean isBridge = one != before.get(old.get(2 * family + 1).getPromptId());
            bridges += isBridge ? 1 : 0;
            assertThat(after.get(tried.get(family).getPromptId())).isEqualTo(isBridge ? null : one);
        }
        assertThat(bridges).isBetween(1L, 11L);
    }

    private static Rejection tried(Sample prompt, int number) {
        Rejection tried = NeutralRows.plain(NeutralRows.attempt(number, 0, 1, 2));
        tried.setPromptId(prompt.getPromptId());
        tried.setSlotId(SlotId.of(prompt.getPromptId(), 0));
        tried.setMessages(prompt.getMessages().subList(0, 2));
        return tried;
    }

    /** The prompts of an earlier version are placed by its rule, also if this one compares nothing. */
    @Test
    void theDiskOfThePlacementIsEstimatedAndALimitBelowItIsRefused() throws IOException {
        CommittedDataset dataset = dataset();
        List<Sample> rows = new ArrayList<>();
        for (int n = 0; n < 60; n++) {
            rows.add(row("family " + n / 6, n % 6));
        }
        dataset.samples(0, rows);
        dataset.complete();
        release(dataset, "v1", Policy.REPORT);
        ReleaseSettings next = Release.withSplits(
                settings("v2", Policy.OFF), dataset.dataset().versions().manifest("v1"));
        CommittedRows committed = CommittedRows.load(dataset.dataset());
        DiskEstimate estimate = DiskEstimate.of(committed, next, 1, Long.MAX_VALUE, 1);
        try (Spool spool = Spool.open(folder.resolve("measured"), Long.MAX_VALUE);
                PromptSplits _ = PromptSplits.open(dataset.dataset(), next.recipe(List.of()), committed, spool, 1)) {
            assertThat(spool.peak()).isBetween(estimate.indexBytes() + 1, estimate.selectionBytes());
        }
        ReleaseWork small = new ReleaseWork(folder.resolve("drafts"), estimate.leastBytes() - 1, 0, 1, _ -> {});
        assertThatThrownBy(() -> Release.make(dataset.dataset(), settings("v2", Policy.OFF), small))
                .hasMessageStartingWith("--spool-bytes: this release needs about " + estimate.leastBytes());
        assertThat(dataset.store().list("releases/v2/")).isEmpty();
        release(dataset, "v3", Policy.OFF);
    }

    private Sample row(String family, int changes) {
        next++;
        return SimilarSamples.sample(
                SimilarSamples.text(family, changes),
                0,
                SimilarSamples.text("thought " + next, 0),
                new Seq(next, 0, 0));
    }

    private CommittedDataset dataset() throws IOException {
        return new CommittedDataset(folder.resolve("dataset"), folder.resolve("spool"));
    }

    private static ReleaseSettings settings(String name, Policy prompts) {
        return settings(name, prompts, 0.8);
    }

    private static ReleaseSettings settings(String name, Policy prompts, double threshold) {
        return new ReleaseSettings(name, List.of(View.RAW), 1, SHARE, 3)
                .withNearDuplicates(
                        prompts == Policy.OFF
                                ? Manifest.NearDuplicates.OFF
                                : new Manifest.NearDuplicates(prompts, Policy.OFF, threshold));
    }

    private void release(CommittedDataset dataset, String name, Policy prompts) throws IOException {
        make(dataset, settings(name, prompts));
    }

    private void make(CommittedDataset dataset, ReleaseSettings settings) throws IOException {
        assertThat(Release.make(dataset.dataset(), settings, folder.resolve("drafts")))
                .isInstanceOf(Release.Result.Released.class);
    }

    private static Map<String, Split> splits(CommittedDataset dataset, String version) {
        return splits(dataset, version, "raw", "prompt_id");
    }

    private static Map<String, Split> splits(CommittedDataset dataset, String version, String view, String column) {
        Map<String, Split> splits = new HashMap<>();
        for (Split split : Split.values()) {
            Path files = dataset.folder().resolve("releases/" + version + "/" + view + "/" + split.label());
            if (Files.isDirectory(files)) {
                DuckDb.query("SELECT " + column + " FROM '" + files + "/*.parquet'")
                        .forEach(row -> splits.put(row.getFirst(), split));
            }
        }
        return splits;
    }
}
