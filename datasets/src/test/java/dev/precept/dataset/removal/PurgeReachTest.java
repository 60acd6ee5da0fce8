package dev.precept.dataset.removal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.precept.dataset.CommittedDataset;
import dev.precept.dataset.Dataset;
import dev.precept.dataset.DuckDb;
import dev.precept.dataset.Layout;
import dev.precept.dataset.NeutralRows;
import dev.precept.dataset.RowSelector;
import dev.precept.dataset.chain.DelegatingStore;
import dev.precept.dataset.chain.HookedStore;
import dev.precept.dataset.release.Release;
import dev.precept.dataset.release.ReleaseSettings;
import dev.precept.dataset.verify.Verification;
import dev.precept.dataset.view.View;
import dev.precept.records.Sample;
import dev.precept.store.ObjectStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A purged row is in no file, whatever else is under way or was left behind. */
final class PurgeReachTest {
    private static final ReleaseSettings V1 = new ReleaseSettings("v1", List.of(View.SFT), 2);
    private static final ReleaseSettings V2 = new ReleaseSettings("v2", List.of(View.SFT), 2);
    private static final String ID = NeutralRows.sample(3, 0, 9).getSampleId();
    private static final RowSelector ONE = new RowSelector.BySample(Set.of(ID), Set.of());

    @TempDir
    private Path folder;

    private CommittedDataset dataset;

    @BeforeEach
    void committed() throws IOException {
        dataset = new CommittedDataset(folder.resolve("dataset"), folder.resolve("spool"));
        dataset.samples(0, samples(0, 10));
        dataset.samples(1, samples(10, 20));
        dataset.complete();
    }

    @Test
    void gcKeepsWhatAPurgeIsAboutToName() throws IOException {
        release(V1);
        killed(() -> purge(Dataset.openExisting(dying("rewrites/done/"))));
        age(Duration.ofDays(2));
        OrphanFiles orphans = OrphanFiles.find(dataset.dataset(), Duration.ofDays(1));
        assertThat(orphans.removable()).isEmpty();
        assertThat(orphans.unfinished()).singleElement().asString().endsWith("-r1.parquet");
        assertThat(problems())
                .anySatisfy(problem -> assertThat(problem)
                        .contains("rewrites/plans/00000000000000000001.json: is not done: the purge of samples " + ID));

        ObjectStore interrupted = before(
                "rewrites/done/",
                () -> OrphanFiles.find(Dataset.openExisting(dataset.folder()), Duration.ofHours(1))
                        .delete(file -> {}));
        purge(Dataset.openExisting(interrupted));
        assertNowhere();
        release(V2);
        assertVerified();
    }

    @Test
    void aVersionThatAPurgeMissedIsReplacedWhenThePurgeIsGivenAgain() throws IOException {
        release(V1);
        Path copy = folder.resolve("copy");
        CommittedDataset.copyOf(dataset.folder(), copy);
        Release.make(Dataset.openExisting(copy), V2, folder.resolve("d"));
        purge(dataset.dataset());
        plant(copy, "releases/v2/");
        assertThat(problems())
                .anySatisfy(problem -> assertThat(problem)
                        .startsWith("releases/v2/manifest.json: may have rows that were purged")
                        .endsWith("give the purge again, which completes it"));

        Purge.Outcome again = purge(dataset.dataset());
        assertThat(again.rows()).isZero();
        assertThat(again.versions()).isEqualTo(Map.of("v2", Optional.of("v2.p2")));
        assertNowhere();
        assertVerified();
        assertThat(purge(dataset.dataset()).versions()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"releases/v2/removed/", "releases/v2/README.md"})
    void aReleaseUnderWayIsAbandonedAndWhatItWroteIsDeleted(String file) throws IOException {
        ObjectStore slow = before(file, () -> {
            Purge.Outcome outcome = purge(Dataset.openExisting(dataset.folder()));
            assertThat(outcome.leftovers().abandonedReleases()).containsExactly("v2");
            assertNowhere();
        });
        Dataset slowly = Dataset.openExisting(slow);
        Release.Result result =
                AbandonedRelease.cleanUpAfter(slowly, "v2", () -> Release.make(slowly, V2, folder.resolve("d2")));
        assertThat(result).isInstanceOf(Release.Result.Abandoned.class);
        assertThat(dataset.store().list("releases/v2/")).isEmpty();
        release(V2);
        assertNowhere();
        assertVerified();
    }

    @Test
    void whatAnAbandonedReleaseStoredInTheFolderOfALaterOneIsDeletedByThePurgeGivenAgain() throws IOException {
        ObjectStore slow = before("releases/v2/README.md", () -> {
            purge(Dataset.openExisting(dataset.folder()));
            killed(() -> Release.make(Dataset.openExisting(dying("plans/v2/2/shards/")), V2, folder.resolve("d3")));
        });
        Dataset slowly = Dataset.openExisting(slow);
        Release.Result result =
                AbandonedRelease.cleanUpAfter(slowly, "v2", () -> Release.make(slowly, V2, folder.resolve("d2")));
        assertThat(result).isInstanceOf(Release.Result.Abandoned.class);
        assertThat(dataset.store().list("releases/v2/")).isNotEmpty();
        assertThat(purge(dataset.dataset()).leftovers().abandonedReleases()).containsExactly("v2");
        assertThat(dataset.store().list("releases/v2/")).isEmpty();
        assertVerified();
        release(V2);
        assertNowhere();
        assertVerified();
    }

    @Test
    void whatSinksAndReleasesLeftIsDeletedInEveryChain() throws IOException {
        release(V1);
        String data = dataset.store().list("data/samples-topic-s-0/").getFirst();
        String lost = "data/samples-topic-s-0/0-7-0123456789abcdef.parquet";
        String other = "data/samples-topic-s-1/3-7-0123456789abcdef.parquet";
        String shard = "releases/v7/raw/train/train-00000-of-00008.parquet";
        String inside = "releases/v1/raw/train/train-00000-of-00008.parquet";
        for (String key : List.of(lost, other, shard, inside)) {
            dataset.store().createIfAbsent(key, dataset.folder().resolve(data));
        }
        dataset.store().createIfAbsent("cache/ab/" + "ab".repeat(32) + ".json", new byte[] {1});
        Purge.Outcome outcome = purge(dataset.dataset());
        assertThat(outcome.leftovers().dataFiles()).isEqualTo(3);
        assertThat(outcome.leftovers().releaseFiles()).isGreaterThan(2);
        assertThat(outcome.leftovers().cachedReplies()).isEqualTo(1);
        assertNowhere();
        assertVerified();

        // A sink that was paused for long stores its file once more.
        Path copy = folder.resolve("sink.parquet");
        Files.copy(
                dataset.folder()
                        .resolve(dataset.store().list("data/samples-topic-s-0/").getFirst()),
                copy);
        dataset.store().createIfAbsent(lost, copy);
        dataset.store().createIfAbsent(shard, copy);
        assertThat(problems())
                .anySatisfy(problem ->
                        assertThat(problem).startsWith(lost + ": may have rows that were purged, and is still stored"))
                .anySatisfy(problem -> assertThat(problem)
                        .startsWith(shard + ": may have rows that were purged, and is still stored"));
        assertThat(purge(dataset.dataset()).leftovers().dataFiles()).isEqualTo(1);
        assertVerified();
    }

    @Test
    void theTextOfAPurgedSampleIsFoundWhenItIsCommittedAgain() throws IOException {
        purge(dataset.dataset());
        Sample twin = Sample.newBuilder(NeutralRows.sample(3, 0, 9))
                .setSampleId("twin")
                .build();
        dataset.samples(1, List.of(twin));
        Purge.Outcome again = purge(dataset.dataset());
        assertThat(again.rows()).isEqualTo(1);
        assertThat(rows("data/*/*.parquet", "sample_id = 'twin'")).isZero();
    }

    @Test
    void twoLongNamesHaveTwoReplacements() throws IOException {
        String stem = "nightly-of-the-production-line-in-europe-west-dept-and-others"; // 61
        release(new ReleaseSettings(stem + "-s", List.of(View.SFT), 2));
        release(new ReleaseSettings(stem + "-r", List.of(View.RAW), 2));
        Map<String, Optional<String>> versions = purge(dataset.dataset()).versions();
        String first = versions.getOrDefault(stem + "-r", Optional.empty()).orElseThrow();
        String second = versions.getOrDefault(stem + "-s", Optional.empty()).orElseThrow();
        assertThat(first).isNotEqualTo(second).hasSizeLessThanOrEqualTo(64).endsWith(".p1");
        assertThat(dataset.manifest(first).path("views").has("raw")).isTrue();
        assertThat(dataset.manifest(second).path("views").has("sft")).isTrue();
        assertNowhere();
    }

    @Test
    void anotherVersionOfTheNameOfAReplacementIsNoReplacement() throws IOException {
        release(V1);
        release(new ReleaseSettings("v1.p1", List.of(View.RAW), 1));
        Map<String, Optional<String>> versions = purge(dataset.dataset()).versions();
        assertThat(versions).isEqualTo(Map.of("v1", Optional.of("v1.p1-2"), "v1.p1", Optional.of("v1.p1.p1")));
        assertNowhere();
        assertVerified();
    }

    @Test
    void gcAndVerifyDoNotListTheCache() throws IOException {
        release(V1);
        dataset.store().createIfAbsent("cache/ab/" + "ab".repeat(32) + ".json", new byte[] {1});
        dataset.store().createIfAbsent("zz-unknown.txt", new byte[] {1});
        AtomicInteger visited = new AtomicInteger();
        Dataset counting = Dataset.openExisting(new DelegatingStore(dataset.store()) {
            @Override
            public void visitObjects(String prefix, String after, ObjectVisitor visitor) throws IOException {
                super.visitObjects(prefix, after, object -> {
                    visited.addAndGet(object.key().startsWith("cache/") ? 1 : 0);
                    return visitor.visit(object);
                });
            }
        });
        assertThat(Verification.verify(counting, Optional.empty(), InstantSource.system())
                        .young())
                .containsExactly("zz-unknown.txt");
        OrphanFiles.find(counting, Duration.ofDays(1));
        assertThat(visited).as("the first one ends each listing").hasValueLessThanOrEqualTo(8);
    }

    private interface Step {
        void run() throws IOException;
    }

    private static void killed(Step step) throws IOException {
        try {
            step.run();
        } catch (IOException e) {
            assertThat(e).hasMessage("the process is gone");
            return;
        }
        throw new AssertionError("the process was not killed");
    }

    private ObjectStore dying(String key) {
        return before(key, () -> {
            throw new IOException("the process is gone");
        });
    }

    /** Runs a step once, before the first write of a key. */
    private ObjectStore before(String start, Step step) {
        AtomicBoolean done = new AtomicBoolean();
        return new HookedStore(dataset.store(), key -> {
            if (key.startsWith(start) && done.compareAndSet(false, true)) {
                step.run();
            }
        });
    }

    private Purge.Outcome purge(Dataset from) throws IOException {
        return Purge.execute(from, ONE, "asked", folder.resolve("p"));
    }

    private void release(ReleaseSettings settings) throws IOException {
        assertThat(Release.make(dataset.dataset(), settings, folder.resolve("d")))
                .isInstanceOf(Release.Result.Released.class);
    }

    private void plant(Path from, String prefix) throws IOException {
        for (String key : Dataset.openExisting(from).store().list(prefix)) {
            dataset.store().createIfAbsent(key, from.resolve(key));
        }
    }

    /** No Parquet file of the store has the row; ids of samples that a version leaves out are no rows. */
    private void assertNowhere() throws IOException {
        try (Stream<Path> files = Files.walk(dataset.folder())) {
            List<String> parquet = files.map(Path::toString)
                    .filter(file -> file.endsWith(".parquet") && !file.contains("/removed/"))
                    .map(file -> "'" + file + "'")
                    .toList();
            assertThat(DuckDb.query("SELECT filename FROM read_parquet([" + String.join(",", parquet)
                            + "], union_by_name = true, filename = true) WHERE sample_id = '" + ID + "'"))
                    .isEmpty();
        }
    }

    private long rows(String files, String where) {
        return Long.parseLong(DuckDb.one("SELECT count(*) FROM read_parquet('"
                        + dataset.folder().resolve(files) + "', union_by_name = true) WHERE " + where)
                .getFirst());
    }

    private void age(Duration age) throws IOException {
        for (String key : dataset.store().list("")) {
            Files.setLastModifiedTime(
                    dataset.folder().resolve(key), FileTime.from(Instant.now().minus(age)));
        }
    }

    private List<String> problems() throws IOException {
        return Verification.verify(dataset.dataset(), Optional.empty(), InstantSource.system()).problems().stream()
                .filter(problem -> !problem.key().startsWith(Layout.SPECIFICATIONS))
                .map(Verification.Problem::toString)
                .toList();
    }

    private void assertVerified() throws IOException {
        assertThat(problems()).isEmpty();
    }

    private static List<Sample> samples(int from, int to) {
        return new ArrayList<>(IntStream.range(from, to)
                .mapToObj(n -> NeutralRows.sample(n, 0, 9))
                .toList());
    }
}
