package dev.precept.dataset.release;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.precept.config.ConfigurationException;
import dev.precept.content.Sha256;
import dev.precept.dataset.CommittedDataset;
import dev.precept.dataset.Dataset;
import dev.precept.dataset.NeutralRows;
import dev.precept.dataset.RowSelector;
import dev.precept.dataset.Withdrawal;
import dev.precept.dataset.chain.HookedStore;
import dev.precept.dataset.plan.ReleaseClaim;
import dev.precept.dataset.plan.ReleasePlans;
import dev.precept.dataset.removal.AbandonedRelease;
import dev.precept.dataset.view.View;
import dev.precept.records.Sample;
import dev.precept.store.StoreException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A version never changes and is never announced without its files, whatever else is done under its name. */
class ReleaseClaimTest {
    private static final ReleaseSettings V1 = new ReleaseSettings("v1", List.of(View.SFT, View.RAW), 2);
    private static final ReleaseSettings OTHER = new ReleaseSettings("v1", List.of(View.RAW), 4);

    @TempDir
    private Path folder;

    @SuppressWarnings("NullAway.Init")
    private CommittedDataset dataset;

    private final AtomicInteger spools = new AtomicInteger();

    @BeforeEach
    void commit() throws IOException {
        dataset = new CommittedDataset(folder.resolve("dataset"), folder.resolve("spool"));
        dataset.samples(0, samples(0, 10));
        dataset.samples(1, samples(10, 20));
        dataset.complete();
    }

    private static List<Sample> samples(int from, int to) {
        return IntStream.range(from, to)
                .mapToObj(n -> NeutralRows.sample(n, 0, 9))
                .toList();
    }

    /** What happens before the first write of a key with a prefix. */
    private interface Interruption {
        void run() throws IOException;
    }

    private Dataset interrupted(String key, Interruption interruption) throws IOException {
        AtomicBoolean done = new AtomicBoolean();
        return Dataset.openExisting(new HookedStore(dataset.store(), written -> {
            if (written.startsWith(key) && done.compareAndSet(false, true)) {
                interruption.run();
            }
        }));
    }

    private static void kill() throws IOException {
        throw new IOException("killed");
    }

    private Release.Result release(Dataset by, ReleaseSettings settings) throws IOException {
        return Release.make(by, settings, folder.resolve("drafts-" + spools.incrementAndGet()));
    }

    private void assertReleased(ReleaseSettings settings) throws IOException {
        assertThat(release(dataset.dataset(), settings)).isInstanceOf(Release.Result.Released.class);
    }

    private Map<String, String> version(Path of) throws IOException {
        Map<String, String> hashes = new TreeMap<>();
        try (var files = Files.walk(of.resolve("releases/v1"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                hashes.put(of.relativize(file).toString(), Sha256.hex(file));
            }
        }
        return hashes;
    }

    private Map<String, String> clean() throws IOException {
        Dataset clean = CommittedDataset.copyOf(dataset.folder(), folder.resolve("clean"));
        assertThat(release(clean, V1)).isInstanceOf(Release.Result.Released.class);
        return version(folder.resolve("clean"));
    }

    @Test
    void twoReleasesOfOneNameMakeOneVersion() throws IOException {
        Map<String, String> expected = clean();
        for (String key : List.of("plans/v1/1/plan", "releases/v1/sft/", "releases/v1/README", "plans/v1/1/outcome")) {
            setUpAgain(key);
            Dataset late = interrupted(key, () -> assertReleased(V1));
            if (key.endsWith("plan")) {
                assertThatThrownBy(() -> release(late, V1)).hasMessageContaining("release v1 exists");
            } else {
                assertThat(release(late, V1)).isInstanceOf(Release.Result.Released.class);
            }
            assertThat(version(dataset.folder())).isEqualTo(expected);
        }
    }

    private void setUpAgain(String name) throws IOException {
        Path copy = folder.resolve(name.replace('/', '-'));
        Files.createDirectories(copy.resolve("dataset"));
        Files.copy(folder.resolve("clean/dataset.json"), copy.resolve("dataset/dataset.json"));
        dataset = new CommittedDataset(copy.resolve("dataset"), copy.resolve("spool"));
        dataset.samples(0, samples(0, 10));
        dataset.samples(1, samples(10, 20));
        dataset.complete();
    }

    @Test
    void aLateReleaseWithOtherSettingsChangesNothing() throws IOException {
        Dataset late = interrupted("plans/v1/1/plan", () -> assertReleased(V1));
        assertThatThrownBy(() -> release(late, OTHER)).isInstanceOf(ConfigurationException.class);
        assertThat(dataset.manifest("v1").path("views").has("sft")).isTrue();
    }

    @Test
    void aKilledReleaseIsCompletedWithTheSameFiles() throws IOException {
        Map<String, String> expected = clean();
        for (String key :
                List.of("releases/v1/sft/", "releases/v1/raw/", "plans/v1/1/outcome", "releases/v1/manifest")) {
            setUpAgain(key);
            Dataset killed = interrupted(key, ReleaseClaimTest::kill);
            assertThatThrownBy(() -> release(killed, V1)).hasMessage("killed");
            dataset.store()
                    .list("releases/")
                    .forEach(left -> assertThat(left).isNotEqualTo("releases/v1/manifest.json"));
            dataset.samples(0, samples(30, 40)); // the plan holds the offsets
            assertReleased(V1);
            assertThat(version(dataset.folder())).isEqualTo(expected);
            assertThat(dataset.dataset()
                            .refs()
                            .latestMove("latest")
                            .orElseThrow()
                            .version())
                    .isEqualTo("v1");
        }
    }

    @Test
    void aReleaseThatWasBegunWithOtherSettingsIsRefusedUntilItIsAbandoned() throws IOException {
        Dataset killed = interrupted("releases/v1/raw/", ReleaseClaimTest::kill);
        assertThatThrownBy(() -> release(killed, V1)).hasMessage("killed");
        assertThatThrownBy(() -> release(dataset.dataset(), OTHER))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("views sft raw (now raw)")
                .hasMessageContaining("shards 2 (now 4)")
                .hasMessageContainingAll("precept release --dataset " + folder, "--abandon v1");
        assertThatThrownBy(() -> Release.requireNameFree(dataset.dataset(), OTHER))
                .isInstanceOf(ConfigurationException.class);
        ReleaseClaim claim = Release.abandon(dataset.dataset(), "v1", "wrong settings");
        assertThat(AbandonedRelease.deleteFiles(dataset.dataset(), claim)).isPositive();
        assertReleased(OTHER);
        assertThat(dataset.manifest("v1").path("views").has("sft")).isFalse();
        assertThatThrownBy(() -> Release.abandon(dataset.dataset(), "v1", "late"))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("exists");
    }

    @Test
    void aReleaseWhoseClaimIsAbandonedMeanwhileIsNotAnnounced() throws IOException {
        Dataset slow = interrupted("releases/v1/README", () -> Release.abandon(dataset.dataset(), "v1", "given up"));
        assertThat(release(slow, V1)).isInstanceOf(Release.Result.Abandoned.class);
        assertThat(dataset.dataset().versions().all()).isEmpty();
    }

    @Test
    void filesThatAreDeletedMeanwhileAreNotAnnounced() throws IOException {
        Dataset robbed = interrupted("releases/v1/README", () -> {
            String shard = dataset.store().list("releases/v1/sft/").getFirst();
            Files.delete(dataset.folder().resolve(shard));
        });
        assertThatThrownBy(() -> release(robbed, V1))
                .isInstanceOf(StoreException.Corrupt.class)
                .hasMessageContaining("is missing");
        assertReleased(V1);
    }

    @Test
    void rowsThatAreWithdrawnMeanwhileAreNotAnnounced() throws IOException {
        Dataset slow = interrupted(
                "releases/v1/README",
                () -> Withdrawal.record(
                        dataset.dataset(),
                        "asked",
                        new RowSelector.BySource(
                                NeutralRows.sample(1).getSource().getName())));
        assertThat(release(slow, V1)).isInstanceOf(Release.Result.Abandoned.class);
        assertThat(dataset.dataset().versions().all()).isEmpty();
    }

    @Test
    void aDeletionUnderWayKeepsTheNameFromBeingReleased() throws IOException {
        Dataset killed = interrupted("releases/v1/raw/", ReleaseClaimTest::kill);
        assertThatThrownBy(() -> release(killed, V1)).hasMessage("killed");
        ReleaseClaim claim = Release.abandon(dataset.dataset(), "v1", "wrong settings");
        ReleasePlans plans = ReleasePlans.of(dataset.dataset());
        ReleasePlans.Removal removal = plans.beginRemoval("v1", claim.number());
        assertThatThrownBy(() -> release(dataset.dataset(), V1))
                .isInstanceOf(StoreException.Unavailable.class)
                .hasMessageContaining("being deleted");
        // The name was claimed again, so that the files are not deleted any more.
        assertThat(AbandonedRelease.deleteFiles(dataset.dataset(), claim)).isZero();
        plans.endRemoval(removal);
        assertReleased(V1);
    }

    @Test
    void theNextVersionIsTheUnfinishedOneOfTheSameSettings() throws IOException {
        Dataset killed = interrupted("releases/v1/raw/", ReleaseClaimTest::kill);
        assertThatThrownBy(() -> release(killed, V1)).hasMessage("killed");
        assertThat(NextVersion.determine(dataset.dataset(), V1).name()).isEqualTo("v1");
        assertThat(NextVersion.determine(dataset.dataset(), OTHER).name()).isEqualTo("v2");
    }

    @Test
    void theSharesOfSeveralProcessesMakeTheSameVersion() throws IOException {
        Map<String, String> expected = clean();
        setUpAgain("shares");
        for (int share = 0; share < 2; share++) {
            ReleaseWork work =
                    new ReleaseWork(folder.resolve("share-" + share), Long.MAX_VALUE, share, 2, estimate -> {});
            Release.Result result = Release.make(dataset.dataset(), V1, work);
            assertThat(result)
                    .isInstanceOf(share == 1 ? Release.Result.Released.class : Release.Result.RangeStored.class);
        }
        assertThat(version(dataset.folder())).isEqualTo(expected);
        assertThatThrownBy(() -> Release.make(
                        dataset.dataset(),
                        new ReleaseSettings("v2", List.of(View.SFT), 2),
                        new ReleaseWork(folder.resolve("share"), Long.MAX_VALUE, 0, 3, estimate -> {})))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("at most 2");
    }
}
