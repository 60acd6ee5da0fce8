package dev.precept.dataset.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.precept.dataset.CommittedDataset;
import dev.precept.dataset.Dataset;
import dev.precept.dataset.NeutralRows;
import dev.precept.dataset.read.Pull;
import dev.precept.dataset.release.Release;
import dev.precept.dataset.release.ReleaseSettings;
import dev.precept.dataset.view.View;
import dev.precept.store.ObjectStore;
import dev.precept.store.location.StoreLocation;
import dev.precept.store.s3.S3Settings;
import dev.precept.testkit.S3Proxy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A flipped byte in the storage of a bucket is detected. */
final class CorruptObjectDetectionTest {
    private static final String SHARD = "releases/v1/sft/train/train-00001-of-00004.parquet";

    @TempDir
    private Path folder;

    @Test
    void verifyReportsItAndPullRefusesIt() throws Exception {
        try (S3Proxy server = S3Proxy.start(Files.createDirectories(folder.resolve("s3")), "precept")) {
            System.setProperty("aws.accessKeyId", S3Proxy.ACCESS_KEY);
            System.setProperty("aws.secretAccessKey", S3Proxy.SECRET_KEY);
            System.setProperty("aws.region", "us-east-1");
            Dataset dataset = released(StoreLocation.of(
                    "s3://precept/d",
                    new S3Settings(server.endpoint(), null, true, new S3Settings.Encryption.BucketDefault())));
            Path stored = server.file("precept", "d/" + SHARD);
            byte[] bytes = Files.readAllBytes(stored);
            bytes[bytes.length / 2] ^= 1;
            Files.write(stored, bytes);

            Verification.Result result = Verification.verify(dataset, Optional.of("latest"), InstantSource.system());
            assertThat(result.problems())
                    .filteredOn(problem -> !problem.key().startsWith("specs/")) // no test stores one
                    .singleElement()
                    .satisfies(problem -> {
                        assertThat(problem.key()).isEqualTo(SHARD);
                        assertThat(problem.toString()).contains("is damaged", "not what was stored");
                    });
            assertThat(result.files()).as("all others were read").isGreaterThanOrEqualTo(4);

            Path to = folder.resolve("pulled");
            assertThatThrownBy(() -> Pull.prepare(dataset, "v1", "sft", to).copy(1, copiedFile -> {}))
                    .isInstanceOf(Pull.CorruptFileException.class)
                    .hasMessageContaining(SHARD + ": has the SHA-256 ");
            assertThat(to.resolve("sft/train/train-00000-of-00004.parquet")).exists();
            assertThat(to.resolve("sft/train/train-00001-of-00004.parquet")).doesNotExist();
            assertThat(to.resolve("manifest.json")).doesNotExist();
        } finally {
            List.of("aws.accessKeyId", "aws.secretAccessKey", "aws.region").forEach(System::clearProperty);
        }
    }

    private Dataset released(StoreLocation place) throws IOException {
        CommittedDataset committed = new CommittedDataset(folder.resolve("dataset"), folder.resolve("spool"));
        committed.samples(
                0, IntStream.range(0, 40).mapToObj(NeutralRows::sample).toList());
        committed.complete();
        ReleaseSettings settings = new ReleaseSettings("v1", List.of(View.SFT), 4);
        assertThat(Release.make(committed.dataset(), settings, folder.resolve("drafts")))
                .isInstanceOf(Release.Result.Released.class);
        ObjectStore bucket = place.open();
        for (String key : committed.store().list("")) {
            assertThat(bucket.createIfAbsent(key, committed.store().fetch(key))).isTrue();
        }
        return Dataset.openExisting(place);
    }
}
