package dev.precept.dataset.removal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.precept.config.ConfigurationException;
import dev.precept.content.Sha256;
import dev.precept.dataset.CacheSecret;
import dev.precept.dataset.CommittedDataset;
import dev.precept.dataset.Dataset;
import dev.precept.dataset.DuckDb;
import dev.precept.dataset.Layout;
import dev.precept.dataset.NeutralRows;
import dev.precept.dataset.RowSelector;
import dev.precept.dataset.chain.HookedStore;
import dev.precept.dataset.read.Pull;
import dev.precept.dataset.release.Release;
import dev.precept.dataset.release.ReleaseSettings;
import dev.precept.dataset.verify.Verification;
import dev.precept.dataset.view.View;
import dev.precept.records.Rejection;
import dev.precept.records.Sample;
import dev.precept.store.ObjectStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("slow")
final class PurgeCompletenessTest {
    private static final List<View> VIEWS = List.of(View.SFT, View.PREFERENCE, View.RL, View.RAW);
    private static final String BUNDLE = "{\"name\":\"rules\"}";
    private static final String SPEC = Sha256.hex(BUNDLE);
    private static final String WHY = "a person asked for it";
    private static final RowSelector SAMPLE =
            new RowSelector.BySample(Set.of(NeutralRows.sample(3, 0, 9).getSampleId()), Set.of());

    @TempDir
    private Path folder;

    private CommittedDataset dataset;

    @BeforeEach
    void twoVersions() throws IOException {
        dataset = new CommittedDataset(folder.resolve("dataset"), folder.resolve("spool"));
        dataset.dataset().storeSpecification(SPEC, BUNDLE);
        CacheSecret.getOrCreate(dataset.dataset(), "secret");
        dataset.store().createIfAbsent("cache/ab/" + "ab".repeat(32) + ".json", new byte[] {'x'});
        dataset.samples(0, samples(6, 9));
        dataset.complete();
        release("v0");
        dataset.samples(0, samples(0, 3));
        dataset.samples(1, samples(3, 6));
        Rejection attempt = Rejection.newBuilder(NeutralRows.attempt(1, 1, 1, 2))
                .setSpecVersion(SPEC)
                .build();
        dataset.rejections(0, List.of(attempt));
        release("v1");
        dataset.dataset().refs().move("prod", Optional.empty(), "v1");
    }

    @Test
    void purgedRowsAreInNoFileAndTheRestVerifies() throws IOException {
        Purge.Outcome outcome = purge(dataset.dataset(), SAMPLE);
        assertThat(outcome.rows()).isEqualTo(1);
        assertThat(outcome.files()).isEqualTo(1);
        assertThat(outcome.leftovers().cachedReplies()).isEqualTo(1);
        assertThat(outcome.versions()).isEqualTo(Map.of("v1", Optional.of("v1.p1")));
        assertThat(rows(
                        "data/*/*.parquet",
                        "sample_id = '" + NeutralRows.sample(3, 0, 9).getSampleId() + "'"))
                .isZero();
        assertThat(dataset.manifest("v1.p1").path("rows").asInt()).isEqualTo(8);
        assertThat(dataset.store().list("releases/v1/")).containsExactly("releases/v1/manifest.json");
        assertThat(dataset.store().list("cache/")).containsExactly(Layout.CACHE_SECRET);
        assertVerified();
    }

    @Test
    void aPurgedVersionNamesReasonAndReplacement() throws IOException {
        purge(dataset.dataset(), SAMPLE);
        assertThatThrownBy(() -> Pull.prepare(dataset.dataset(), "v1", "sft", folder.resolve("pulled")))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage("version v1 was purged because: " + WHY + "; use v1.p1");
        assertThat(dataset.dataset().versions().resolve("latest")).isEqualTo("v1.p1");
        assertThat(dataset.dataset().versions().resolve("prod")).isEqualTo("v1.p1");
        assertThat(Pull.prepare(dataset.dataset(), "v0", "sft", folder.resolve("pulled"))
                        .rows())
                .isEqualTo(3);
        assertThatThrownBy(() -> release("v1"))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("release v1 exists");
    }

    @Test
    void rejectedAttemptsArePurgedWithTheirSource() throws IOException {
        assertThat(purge(dataset.dataset(), new RowSelector.BySource("prompts.jsonl"))
                        .versions())
                .isEqualTo(Map.of("v0", Optional.empty(), "v1", Optional.empty()));
        assertThat(dataset.store().list("data/")).isEmpty();
        assertVerified();
    }

    @Test
    void aSecondPurgeRewritesTheFilesOfTheFirst() throws IOException {
        purge(dataset.dataset(), SAMPLE);
        Purge.Outcome second = purge(
                dataset.dataset(),
                new RowSelector.BySample(Set.of(NeutralRows.sample(4, 0, 9).getSampleId()), Set.of()));
        assertThat(second.rows()).isEqualTo(1);
        assertThat(second.versions()).isEqualTo(Map.of("v1.p1", Optional.of("v1.p1.p2")));
        assertThat(rows("data/*/*.parquet", "judge_min = 9")).isEqualTo(7);
        assertVerified();
    }

    @Test
    void aRepeatedPurgeCompletesAfterACrashAtAnyWrite() throws IOException {
        CommittedDataset small = new CommittedDataset(folder.resolve("small"), folder.resolve("spool"));
        small.samples(0, samples(0, 3));
        small.samples(1, samples(3, 5));
        small.complete();
        Release.make(small.dataset(), new ReleaseSettings("v1", List.of(View.SFT), 1), folder.resolve("drafts"));
        small.store().createIfAbsent("cache/ab/" + "ab".repeat(32) + ".json", new byte[] {'x'});
        Dataset clean = CommittedDataset.copyOf(small.folder(), folder.resolve("clean"));
        purge(clean, SAMPLE);
        Map<String, String> expected = hashes(folder.resolve("clean"));
        int write = 0;
        boolean crashed = true;
        while (crashed) {
            Path copy = folder.resolve("copy-" + write);
            Dataset again = CommittedDataset.copyOf(small.folder(), copy);
            crashed = crashes(again.store(), write++);
            purge(again, SAMPLE);
            assertThat(hashes(copy)).as("after a crash at write %d", write - 1).isEqualTo(expected);
        }
        assertThat(write).isGreaterThan(15);
    }

    @Test
    void anotherPurgeIsRefusedUntilTheFirstCompletes() throws IOException {
        assertThat(crashes(dataset.store(), 3)).isTrue();
        assertThatThrownBy(() -> purge(dataset.dataset(), new RowSelector.BySource("prompts.jsonl")))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("did not complete; run that one again first");
    }

    @Test
    void aSelectorWithoutMatchIsRefusedUnlessItWasPurgedBefore() throws IOException {
        assertThatThrownBy(() -> purge(dataset.dataset(), new RowSelector.BySource("no-such-source")))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("nothing was purged");
        assertThat(dataset.store().list("rewrites/")).isEmpty();
        purge(dataset.dataset(), SAMPLE);
        Map<String, String> after = hashes(dataset.folder());
        Purge.Outcome again = purge(dataset.dataset(), SAMPLE);
        assertThat(again.rows()).isZero();
        assertThat(again.before().orElseThrow().rows()).isEqualTo(1);
        assertThat(hashes(dataset.folder())).isEqualTo(after);
    }

    /** Purges in a store that fails from the nth write or delete on; returns whether that was reached. */
    private boolean crashes(ObjectStore store, int at) {
        AtomicInteger writes = new AtomicInteger();
        ObjectStore crashing = new HookedStore(store, key -> {
            if (writes.getAndIncrement() >= at) {
                throw new IOException("the process is gone");
            }
        });
        try {
            purge(Dataset.openExisting(crashing), SAMPLE);
            return false;
        } catch (IOException e) {
            assertThat(e).hasMessage("the process is gone");
            return true;
        }
    }

    private Purge.Outcome purge(Dataset from, RowSelector rowSelector) throws IOException {
        return Purge.execute(from, rowSelector, WHY, folder.resolve("drafts"));
    }

    private long rows(String files, String where) {
        return Long.parseLong(DuckDb.one("SELECT count(*) FROM read_parquet('"
                        + dataset.folder().resolve(files) + "', union_by_name = true) WHERE " + where)
                .getFirst());
    }

    private void assertVerified() throws IOException {
        Verification.Result result = Verification.verify(dataset.dataset(), Optional.empty(), InstantSource.system());
        assertThat(result.problems()).isEmpty();
        assertThat(result.young()).isEmpty();
        assertThat(result.orphans()).isEmpty();
    }

    private void release(String name) throws IOException {
        assertThat(Release.make(
                        dataset.dataset(), new ReleaseSettings(name, VIEWS, 2, 0.25, 3), folder.resolve("drafts")))
                .isInstanceOf(Release.Result.Released.class);
    }

    private static List<Sample> samples(int from, int to) {
        return IntStream.range(from, to)
                .mapToObj(n -> Sample.newBuilder(NeutralRows.sample(n, 0, 9))
                        .setSpecVersion(SPEC)
                        .build())
                .toList();
    }

    private static Map<String, String> hashes(Path root) throws IOException {
        Map<String, String> hashes = new TreeMap<>();
        try (var files = Files.walk(root)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                hashes.put(root.relativize(file).toString(), Sha256.hex(Files.readAllBytes(file)));
            }
        }
        return hashes;
    }
}
