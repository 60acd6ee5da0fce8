package dev.precept.dataset.release;

import static org.assertj.core.api.Assertions.assertThat;

import dev.precept.content.Sha256;
import dev.precept.dataset.CommittedDataset;
import dev.precept.dataset.CommittedRows;
import dev.precept.dataset.DuckDb;
import dev.precept.dataset.Layout;
import dev.precept.dataset.NeutralRows;
import dev.precept.dataset.RowSelector;
import dev.precept.dataset.Withdrawal;
import dev.precept.dataset.spool.Spool;
import dev.precept.dataset.spool.SpoolFullException;
import dev.precept.dataset.view.RowKind;
import dev.precept.dataset.view.View;
import dev.precept.records.Rejection;
import dev.precept.records.Sample;
import dev.precept.records.Seq;
import dev.precept.records.Source;
import dev.precept.testkit.Seed;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class VersionRowsTest {
    private static final int SHARDS = 2;
    private static final long ENOUGH = 1L << 30;

    @TempDir
    private Path folder;

    private long peak;

    private final Random random = new Random(Seed.choose(getClass()));

    @Test
    void theBytesOfAShardDependOnRowsAndSettingsOnly() throws IOException {
        CommittedDataset dataset = filled("dataset");
        ReleaseSettings lower = settings(Optional.of(5.0));
        Map<String, String> released = released(dataset, lower);
        assertThat(make(dataset, lower, 1, ENOUGH, 1)).isEqualTo(released);
        assertThat(make(dataset, lower, 4, ENOUGH, 5)).isEqualTo(released);
    }

    @Test
    void aSmallSpoolGivesTheSameBytesInMorePassesAndIsNeverExceeded() throws IOException {
        CommittedDataset dataset = filled("dataset");
        ReleaseSettings settings = new ReleaseSettings("v1", List.of(View.RAW, View.PREFERENCE), SHARDS, 0.3, 2);
        Map<String, String> released = released(dataset, settings);
        Map<String, String> atOnce = make(dataset, settings, 2, ENOUGH, 1);
        assertThat(atOnce).isEqualTo(released);
        long peakAtOnce = peak;
        long enough = 0;
        for (long limit = 64 << 10; limit < 2 << 20; limit *= 4) {
            try {
                assertThat(make(dataset, settings, 2, limit, 1)).isEqualTo(released);
                enough = enough == 0 ? limit : enough;
            } catch (SpoolFullException e) {
                assertThat(enough)
                        .as("limit %d is enough, and %d is not", enough, limit)
                        .isZero();
                assertThat(e).hasMessageContaining("limit of " + limit);
            }
        }
        assertThat(enough).isPositive().isLessThan(peakAtOnce);
    }

    @Test
    void removedSamplesAreListedWithTheReason() throws IOException {
        CommittedDataset dataset = new CommittedDataset(folder.resolve("dataset"), folder.resolve("spool"));
        Sample late = NeutralRows.sample(1, "The same?", NeutralRows.seq(30));
        Sample first = NeutralRows.sample(2, "The same?", NeutralRows.seq(10));
        Sample low = NeutralRows.sample(4, 0, 3);
        Sample foreign = NeutralRows.sample(5);
        foreign.setSource(
                Source.newBuilder(foreign.getSource()).setName("foreign").build());
        dataset.samples(0, List.of(late, low, foreign));
        dataset.samples(1, List.of(first, foreign));
        dataset.complete();
        Withdrawal withdrawal = Withdrawal.record(dataset.dataset(), "not ours", new RowSelector.BySource("foreign"));
        try (Spool spool = Spool.open(folder.resolve("drafts"), ENOUGH);
                VersionRows rows = index(dataset, settings(Optional.of(4.0)), spool, 2)) {
            RemovedFile file = rows.writeRemoved();
            assertThat(file.summary().rows()).isEqualTo(3);
            assertThat(rows.counts().kept()).isEqualTo(1);
            assertThat(rows.counts().exactDuplicates()).isEqualTo(1);
            assertThat(rows.counts().belowThreshold()).isEqualTo(1);
            assertThat(rows.counts().withdrawn())
                    .containsExactly(Map.entry(withdrawal, new SelectionCounts.WithdrawnCounts(2, 0)));
            assertThat(DuckDb.query("SELECT sample_id, reason, duplicate_of, withdrawal FROM '" + file.path() + "'"))
                    .isSortedAccordingTo((one, other) -> one.getFirst().compareTo(other.getFirst()))
                    .containsExactlyInAnyOrder(
                            List.of(late.getSampleId(), "exact_duplicate", first.getSampleId(), "null"),
                            List.of(low.getSampleId(), "below_threshold", "null", "null"),
                            List.of(foreign.getSampleId(), "withdrawn", "null", "1"));
        }
    }

    @Test
    void countsOfShardsAddUpAndSurviveJson() throws IOException {
        CommittedDataset dataset = filled("dataset");
        RowCounts sum = new RowCounts();
        ReleaseSettings onlyPrompts = new ReleaseSettings("v1", List.of(View.RL), SHARDS, 0.3, 3);
        try (Spool spool = Spool.open(folder.resolve("drafts"), ENOUGH);
                VersionRows rows = index(dataset, onlyPrompts, spool, 2)) {
            rows.make(rows.shards(), shard -> {
                assertThat(shard.files().keySet())
                        .containsExactlyElementsOf(
                                shard.id().rowKind() == RowKind.PROMPT ? List.of(View.RL) : List.of());
                sum.add(RowCounts.of(shard.counts().json()));
            });
            assertThat(sum.histograms().getOrDefault("model", Map.of())).containsEntry("small-model", rows.kept());
            assertThat(sum.tokens().prompt()).isEqualTo(100 * rows.kept());
            assertThat(sum.tokens().completion()).isEqualTo(40 * rows.kept());
        }
    }

    private static ReleaseSettings settings(Optional<Double> threshold) {
        return new ReleaseSettings("v1", List.of(View.values()), SHARDS, SHARDS, 0.3, 2, threshold, List.of());
    }

    private static VersionRows index(CommittedDataset dataset, ReleaseSettings settings, Spool spool, int threads)
            throws IOException {
        return VersionRows.index(
                CommittedRows.load(dataset.dataset()),
                Withdrawal.read(dataset.dataset()),
                settings,
                PromptSplits.byShare(settings.validation()),
                spool,
                new CurationTools(dataset.dataset().store(), true, _ -> {}),
                threads);
    }

    /** Hashes of the shards, made in some calls. */
    private Map<String, String> make(
            CommittedDataset dataset, ReleaseSettings settings, int threads, long limit, int calls) throws IOException {
        Map<String, String> hashes = new TreeMap<>();
        try (Spool spool = Spool.open(folder.resolve("drafts"), limit)) {
            try (VersionRows rows = index(dataset, settings, spool, threads)) {
                List<ShardId> shards = new ArrayList<>(rows.shards());
                Collections.shuffle(shards, random);
                for (int call = 0; call < calls; call++) {
                    int from = shards.size() * call / calls;
                    int to = shards.size() * (call + 1) / calls;
                    rows.make(
                            shards.subList(from, to),
                            shard -> shard.files().forEach((view, file) -> {
                                ShardId id = shard.id();
                                hashes.put(
                                        Layout.shard(view, id.split(), id.index(), SHARDS),
                                        file.summary().sha256());
                            }));
                }
            }
            assertThat(spool.used()).isZero();
            peak = spool.peak();
            assertThat(peak).isPositive().isLessThanOrEqualTo(limit);
        }
        assertThat(folder.resolve("drafts")).isEmptyDirectory();
        return hashes;
    }

    private Map<String, String> released(CommittedDataset dataset, ReleaseSettings settings) throws IOException {
        assertThat(Release.make(dataset.dataset(), settings, folder.resolve("drafts")))
                .isInstanceOf(Release.Result.Released.class);
        Map<String, String> hashes = new TreeMap<>();
        for (String key : dataset.store().list("releases/v1/")) {
            if ((key.endsWith(".parquet") || key.endsWith(".jsonl")) && !key.contains("removed")) {
                hashes.put(
                        key.substring("releases/v1/".length()),
                        Sha256.hex(dataset.store().read(key).orElseThrow()));
            }
        }
        return hashes;
    }

    /** Samples of several slots, runs and scores, exact duplicates, attempts that a threshold lets in, withdrawn rows. */
    private CommittedDataset filled(String name) throws IOException {
        CommittedDataset dataset =
                new CommittedDataset(folder.resolve(name), folder.resolve("spool-" + name), "{\"judge.votes\":\"1\"}");
        List<Sample> samples = new ArrayList<>();
        List<Rejection> attempts = new ArrayList<>();
        for (int n = 0; n < 120; n++) {
            for (int slot = 0; slot < 3; slot++) {
                int score = random.nextInt(11);
                if (n % 9 == 0 && slot == 0) {
                    samples.add(NeutralRows.sample(n, "Again " + n % 27, new Seq(random.nextLong(50), n % 3, n)));
                } else if (score > 5) {
                    samples.add(NeutralRows.sample(n, slot, score));
                } else {
                    for (int attempt = 1; attempt < 3; attempt++) {
                        attempts.add(Rejection.newBuilder(NeutralRows.attempt(n, slot, attempt, random.nextInt(8)))
                                .setTools(null)
                                .build());
                    }
                }
            }
            attempts.add(NeutralRows.rejection(1000 + n));
        }
        samples.stream()
                .filter(sample -> random.nextInt(20) == 0)
                .forEach(sample -> sample.setSource(
                        Source.newBuilder(sample.getSource()).setName("foreign").build()));
        Collections.shuffle(samples, random);
        Collections.shuffle(attempts, random);
        for (int from = 0; from < samples.size(); from += 40) {
            dataset.samples(random.nextInt(2), samples.subList(from, Math.min(samples.size(), from + 40)));
        }
        for (int from = 0; from < attempts.size(); from += 60) {
            dataset.rejections(random.nextInt(2), attempts.subList(from, Math.min(attempts.size(), from + 60)));
        }
        dataset.complete();
        Withdrawal.record(dataset.dataset(), "not ours", new RowSelector.BySource("foreign"));
        return dataset;
    }
}
