package dev.precept.dataset.release;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.precept.config.ConfigurationException;
import dev.precept.dataset.CommittedDataset;
import dev.precept.dataset.Dataset;
import dev.precept.dataset.Manifest;
import dev.precept.dataset.NeutralRows;
import dev.precept.dataset.Refs;
import dev.precept.dataset.RowSelector;
import dev.precept.dataset.Withdrawal;
import dev.precept.dataset.read.DatasetFollower;
import dev.precept.dataset.read.Pull;
import dev.precept.dataset.read.VersionReader;
import dev.precept.dataset.removal.Purge;
import dev.precept.dataset.removal.Withdraw;
import dev.precept.dataset.view.Split;
import dev.precept.dataset.view.View;
import dev.precept.records.Sample;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.generic.IndexedRecord;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** v1 holds out a tenth of 80 prompts; then 16 prompts more are committed, and a second sample of some. */
final class SplitInheritanceTest {
    private static final List<View> VIEWS = List.of(View.SFT, View.RL);
    private static final int PROMPTS = 80;
    private static final int NEW = 16;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    @SuppressWarnings("NullAway.Init")
    private CommittedDataset dataset;

    @BeforeEach
    void releaseAndCommitMore() throws IOException {
        dataset = new CommittedDataset(folder.resolve("dataset"), folder.resolve("spool"));
        dataset.samples(0, samples(0, PROMPTS, 0));
        dataset.complete();
        made(Release.make(dataset.dataset(), shares("v1", SplitSettings.ofShare(0.1)), drafts()));
        assertThat(sides("v1")).hasSize(PROMPTS).containsValue("validation").containsValue("train");
    }

    private void commitMore() throws IOException {
        dataset.samples(1, samples(PROMPTS, PROMPTS + NEW, 0));
        dataset.samples(1, samples(PROMPTS - 8, PROMPTS, 1)); // prompts of v1, with a sample more
    }

    @Test
    void theNextReleaseTakesTheShareOfTheVersionBefore() throws IOException {
        commitMore();
        ReleaseSettings given = shares("next", SplitSettings.INHERITED);
        NextVersion next = NextVersion.determine(dataset.dataset(), given);
        assertThat(next).isEqualTo(new NextVersion("v2", Optional.empty()));
        Release.Result.Released made = made(Release.make(dataset.dataset(), given.withName(next.name()), drafts()));
        assertThat(NextVersion.determine(dataset.dataset(), given).unchangedFrom())
                .hasValue("v2");
        assertThat(manifest("v2").recipe().validation()).isEqualTo(0.1);
        assertThat(DatasetFollower.validationShare(dataset.dataset())).isEqualTo(0.1);
        assertThat(manifest("v2").recipe().earlierSplits()).isEmpty();
        requireSidesOf("v1", "v2", 0.1);
        SplitInheritance splits = made.splits().orElseThrow();
        assertThat(splits.before().version()).isEqualTo("v1");
        assertThat(splits.toValidation() + splits.toTrain()).isZero();
        assertThat(splits.prompts().values().stream().mapToLong(n -> n).sum()).isEqualTo(PROMPTS + NEW);
        assertThat(splits.prompts())
                .containsEntry(
                        Split.VALIDATION,
                        sides("v2").values().stream()
                                .filter("validation"::equals)
                                .count());
        assertThat(made.latest()).isEqualTo(new LatestRef(Optional.of("v1"), Optional.of("v2")));
    }

    @Test
    void aVersionOfAnotherOneAndAWithdrawalKeepTheSidesOfThatOne() throws IOException {
        commitMore();
        made(Release.make(dataset.dataset(), shares("v2", SplitSettings.ofShare(0.3)), drafts()));
        made(Release.makeFrom(dataset.dataset(), "v1", shares("v3", SplitSettings.INHERITED), drafts()));
        assertThat(sides("v3")).isEqualTo(sides("v1"));
        Map<String, String> before = sides("v2");
        String sample = NeutralRows.sample(3, 0, 9).getSampleId();
        made(Withdraw.execute(
                dataset.dataset(), "v2", new RowSelector.BySample(Set.of(sample), Set.of()), "wrong", "v4", drafts()));
        before.remove(NeutralRows.sample(3, 0, 9).getPromptId());
        assertThat(sides("v4")).isEqualTo(before);
    }

    @Test
    void anotherShareIsForNewPromptsOnly() throws IOException {
        commitMore();
        Release.Result.Released made =
                made(Release.make(dataset.dataset(), shares("v2", SplitSettings.ofShare(0.5)), drafts()));
        requireSidesOf("v1", "v2", 0.5);
        SplitInheritance splits = made.splits().orElseThrow();
        assertThat(splits.toValidation())
                .isEqualTo(differences(sides("v1"), 0.5))
                .isPositive();
        assertThat(splits.toTrain()).isZero();
        assertThat(manifest("v2").recipe().earlierSplits()).hasSize(1);
        assertThatThrownBy(() -> DatasetFollower.validationShare(dataset.dataset()))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("some prompts of v2 have the split of an earlier version");

        // Its own prompts are inherited in turn, also by a share that was used before.
        dataset.samples(0, samples(PROMPTS + NEW, PROMPTS + 2 * NEW, 0));
        made(Release.make(dataset.dataset(), shares("v3", SplitSettings.ofShare(0.1)), drafts()));
        requireSidesOf("v2", "v3", 0.1);
        made(Release.make(dataset.dataset(), shares("v4", SplitSettings.ofShare(0)), drafts()));
        assertThat(sides("v4")).isEqualTo(sides("v3"));
    }

    @Test
    void promptsThatTheVersionDoesNotHaveAreNotCounted() throws IOException {
        Map<String, String> sides = sides("v1");
        Set<String> gone = IntStream.range(0, PROMPTS / 2)
                .mapToObj(n -> NeutralRows.sample(n, 0, 9))
                .peek(sample -> sides.remove(sample.getPromptId()))
                .map(Sample::getSampleId)
                .collect(Collectors.toSet());
        Withdrawal.record(dataset.dataset(), "wrong", new RowSelector.BySample(gone, Set.of()));
        Release.Result.Released made =
                made(Release.make(dataset.dataset(), shares("v2", SplitSettings.ofShare(0.5)), drafts()));
        assertThat(made.splits().orElseThrow().toValidation())
                .isEqualTo(differences(sides, 0.5))
                .isPositive();
    }

    @Test
    void aPromptThatAVersionHasWithoutASampleIsInheritedToo() throws IOException {
        dataset.rejections(
                0,
                IntStream.range(PROMPTS, PROMPTS + NEW)
                        .mapToObj(n -> NeutralRows.attempt(n, 0, 1, 2))
                        .toList());
        ReleaseSettings unkept = shares("v2", SplitSettings.INHERITED).withRows(new Manifest.RowOptions(false, true));
        made(Release.make(dataset.dataset(), unkept, drafts()));
        Map<String, String> before = prompts("v2", View.RL);
        assertThat(before).hasSize(PROMPTS + NEW);
        dataset.samples(1, samples(PROMPTS, PROMPTS + NEW, 1));
        made(Release.make(dataset.dataset(), shares("v3", SplitSettings.ofShare(0.5)), drafts()));
        assertThat(sides("v3")).isEqualTo(before);
    }

    @Test
    void resplitMovesThemUnlessLatestIsMovedBack() throws IOException {
        commitMore();
        SplitSettings resplit = SplitSettings.ofShare(0.5).withResplit();
        Release.Result.Released made = made(Release.make(dataset.dataset(), shares("v2", resplit), drafts()));
        assertThat(sides("v2")).isEqualTo(byShare(sides("v2"), 0.5));
        assertThat(made.splits().orElseThrow().resplit()).isTrue();
        assertThat(made.splits().orElseThrow().toValidation())
                .isEqualTo(differences(sides("v1"), 0.5))
                .isPositive();
        assertThat(manifest("v2").recipe().earlierSplits()).isEmpty();

        // To take v2 back, move latest.
        Refs refs = dataset.dataset().refs();
        refs.move("latest", refs.latestMove("latest"), "v1");
        made(Release.make(dataset.dataset(), shares("v3", SplitSettings.INHERITED), drafts()));
        requireSidesOf("v1", "v3", 0.1);
    }

    @Test
    void aPurgeOfTheVersionsKeepsTheSplitsOfTheRest() throws IOException {
        commitMore();
        made(Release.make(dataset.dataset(), shares("v2", SplitSettings.ofShare(0.5)), drafts()));
        Map<String, String> rest = sides("v2");
        Sample purged = NeutralRows.sample(5, 0, 9);
        rest.remove(purged.getPromptId());
        Purge.execute(
                dataset.dataset(), new RowSelector.BySample(Set.of(purged.getSampleId()), Set.of()), "wrong", drafts());
        assertThat(sides("v2.p1")).isEqualTo(rest);
        made(Release.make(dataset.dataset(), shares("v3", SplitSettings.INHERITED), drafts()));
        assertThat(sides("v3")).isEqualTo(rest);
    }

    @Test
    void aCopyMakesTheSameBytesInRangesToo() throws IOException {
        commitMore();
        Dataset copy = CommittedDataset.copyOf(dataset.folder(), folder.resolve("copy"));
        ReleaseSettings settings = new ReleaseSettings("v2", VIEWS, 4).withSplits(SplitSettings.ofShare(0.4));
        made(Release.make(dataset.dataset(), settings, drafts()));
        for (int range = 3; range >= 0; range--) {
            ReleaseWork work = new ReleaseWork(folder.resolve("spool-" + range), Long.MAX_VALUE, range, 4, _ -> {});
            Release.make(copy, settings, work);
        }
        assertThat(copy.versions().manifest("v2")).hasValue(manifest("v2"));
    }

    private static List<Sample> samples(int from, int to, int slot) {
        return IntStream.range(from, to)
                .mapToObj(n -> NeutralRows.sample(n, slot, 9))
                .toList();
    }

    private static ReleaseSettings shares(String name, SplitSettings splits) {
        return new ReleaseSettings(name, VIEWS, 1).withSplits(splits);
    }

    private static Release.Result.Released made(Release.Result result) {
        assertThat(result).isInstanceOf(Release.Result.Released.class);
        return (Release.Result.Released) result;
    }

    private Path drafts() {
        return folder.resolve("drafts");
    }

    private Manifest manifest(String version) {
        return dataset.dataset().versions().manifest(version).orElseThrow();
    }

    /** Prompts of the later version that the earlier one has are where they were; the others are where the share puts them. */
    private void requireSidesOf(String earlier, String later, double share) throws IOException {
        Map<String, String> before = sides(earlier);
        Map<String, String> now = sides(later);
        Map<String, String> expected = byShare(now, share);
        expected.putAll(before);
        assertThat(now).hasSizeGreaterThan(before.size()).isEqualTo(expected);
    }

    private static Map<String, String> byShare(Map<String, String> prompts, double share) {
        Map<String, String> sides = new TreeMap<>();
        prompts.keySet()
                .forEach(
                        id -> sides.put(id, new SplitAssigner(share).splitOf(id).label()));
        return sides;
    }

    private static long differences(Map<String, String> sides, double share) {
        Map<String, String> by = byShare(sides, share);
        return sides.entrySet().stream()
                .filter(each -> !each.getValue().equals(by.get(each.getKey())))
                .count();
    }

    /** The split of each prompt, which is the same in both views. */
    private Map<String, String> sides(String version) throws IOException {
        Map<String, String> sides = prompts(version, View.SFT);
        assertThat(prompts(version, View.RL)).isEqualTo(sides);
        return sides;
    }

    private Map<String, String> prompts(String version, View view) throws IOException {
        Map<String, String> sides = new TreeMap<>();
        for (Split split :
                manifest(version).splits().getOrDefault(view, Map.of()).keySet()) {
            VersionReader.Query query = new VersionReader.Query(view.label(), split.label(), 0, 1);
            try (VersionReader rows = VersionReader.openVersion(dataset.dataset(), version, query, Optional.empty())) {
                for (VersionReader.Row row = rows.next(); row != null; row = rows.next()) {
                    sides.put(promptId(view, row.columns()), split.label());
                }
            } catch (Pull.CorruptFileException e) {
                throw new AssertionError(e);
            }
        }
        return sides;
    }

    private static String promptId(View view, IndexedRecord row) {
        GenericRecord columns = (GenericRecord) row;
        return (view == View.RL ? (GenericRecord) columns.get("extra_info") : columns)
                .get("prompt_id")
                .toString();
    }
}
