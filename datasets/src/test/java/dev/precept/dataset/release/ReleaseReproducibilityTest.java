package dev.precept.dataset.release;

import static org.assertj.core.api.Assertions.assertThat;

import dev.precept.content.Sha256;
import dev.precept.dataset.CommittedDataset;
import dev.precept.dataset.Dataset;
import dev.precept.dataset.NeutralRows;
import dev.precept.dataset.RowSelector;
import dev.precept.dataset.Withdrawal;
import dev.precept.dataset.view.View;
import dev.precept.records.Rejection;
import dev.precept.store.ObjectStore;
import dev.precept.store.location.StoreLocation;
import dev.precept.store.s3.S3Settings;
import dev.precept.testkit.S3Proxy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("slow")
final class ReleaseReproducibilityTest {
    private static final ReleaseSettings SETTINGS =
            new ReleaseSettings("v1", List.of(View.values()), 4, 2, 0.25, 2, Optional.of(7.0), List.of());
    private static final List<String> CREDENTIALS = List.of("aws.accessKeyId", "aws.secretAccessKey", "aws.region");

    private static final String SIZE = "((?:README.md|croissant.json)\",\\s*\"bytes\" : )\\d+";

    @TempDir
    private Path folder;

    @Test
    void aCopyOfTheFolderGivesEqualBytes() throws IOException {
        CommittedDataset dataset = committed();
        Dataset copy = CommittedDataset.copyOf(dataset.folder(), folder.resolve("copy"));
        Map<String, String> files = released(dataset.dataset());
        assertThat(files).hasSize(View.values().length * 2 * 4 + 4);
        assertThat(released(copy)).isEqualTo(files);
    }

    @Test
    void aCopyInABucketGivesEqualBytes() throws IOException {
        CommittedDataset dataset = committed();
        try (S3Proxy server = S3Proxy.start(Files.createDirectories(folder.resolve("s3")), "precept")) {
            System.setProperty("aws.accessKeyId", S3Proxy.ACCESS_KEY);
            System.setProperty("aws.secretAccessKey", S3Proxy.SECRET_KEY);
            System.setProperty("aws.region", "us-east-1");
            StoreLocation place = StoreLocation.of(
                    "s3://precept/team/copy",
                    new S3Settings(server.endpoint(), null, true, new S3Settings.Encryption.BucketDefault()));
            ObjectStore bucket = place.open();
            for (String key : dataset.store().list("")) {
                assertThat(bucket.createIfAbsent(key, dataset.store().fetch(key)))
                        .isTrue();
            }
            Map<String, String> there = released(Dataset.openExisting(place));
            assertThat(there).isEqualTo(released(dataset.dataset()));
        } finally {
            CREDENTIALS.forEach(System::clearProperty);
        }
    }

    @Test
    void anotherNameChangesOnlyTheName() throws IOException {
        CommittedDataset dataset = committed();
        Map<String, String> first = released(dataset.dataset());
        Release.make(dataset.dataset(), named("elsewhere"), folder.resolve("drafts"));
        Map<String, String> second = hashes(dataset.dataset(), "releases/elsewhere/");
        List<String> named = List.of("manifest.json", "README.md", "croissant.json");
        first.keySet().removeAll(named);
        second.keySet().removeAll(named);
        assertThat(second).isEqualTo(first);
        assertThat(text(dataset, "elsewhere", "croissant.json").replace("elsewhere", "v1"))
                .isEqualTo(text(dataset, "v1", "croissant.json"));
        assertThat(text(dataset, "elsewhere", "README.md").replace("elsewhere", "v1"))
                .isEqualTo(text(dataset, "v1", "README.md"));
        String card = Sha256.hex(text(dataset, "elsewhere", "README.md"));
        assertThat(text(dataset, "elsewhere", "manifest.json")
                        .replace("\"elsewhere\"", "\"v1\"")
                        .replace(card, Sha256.hex(text(dataset, "v1", "README.md")))
                        .replace(
                                Sha256.hex(text(dataset, "elsewhere", "croissant.json")),
                                Sha256.hex(text(dataset, "v1", "croissant.json")))
                        .replaceAll(SIZE, "$1"))
                .isEqualTo(text(dataset, "v1", "manifest.json").replaceAll(SIZE, "$1"));
    }

    private static ReleaseSettings named(String name) {
        return new ReleaseSettings(name, List.of(View.values()), 4, 2, 0.25, 2, Optional.of(7.0), List.of());
    }

    private static String text(CommittedDataset dataset, String version, String file) throws IOException {
        return Files.readString(
                dataset.folder().resolve("releases").resolve(version).resolve(file));
    }

    private Map<String, String> released(Dataset dataset) throws IOException {
        assertThat(Release.make(dataset, SETTINGS, folder.resolve("drafts")))
                .isInstanceOf(Release.Result.Released.class);
        return hashes(dataset, "releases/v1/");
    }

    private static Map<String, String> hashes(Dataset dataset, String below) throws IOException {
        Map<String, String> hashes = new TreeMap<>();
        for (String key : dataset.store().list(below)) {
            hashes.put(
                    key.substring(below.length()),
                    Sha256.hex(dataset.store().read(key).orElseThrow()));
        }
        return hashes;
    }

    /** Samples above and below the threshold, attempts that it lets in, and a withdrawal. */
    private CommittedDataset committed() throws IOException {
        CommittedDataset dataset =
                new CommittedDataset(folder.resolve("dataset"), folder.resolve("spool"), "{\"judge.votes\":\"1\"}");
        for (int from = 0; from < 60; from += 20) {
            dataset.samples(
                    from / 20 % 2,
                    IntStream.range(from, from + 20)
                            .mapToObj(n -> NeutralRows.sample(n, n % 3, 6 + n % 5))
                            .toList());
        }
        dataset.rejections(
                1,
                IntStream.range(0, 30)
                        .mapToObj(n -> Rejection.newBuilder(NeutralRows.attempt(n, 3, 1, n % 9))
                                .setTools(null)
                                .build())
                        .toList());
        dataset.complete();
        Withdrawal.record(dataset.dataset(), "wrong", new RowSelector.BySource("no-such-source"));
        return dataset;
    }
}
