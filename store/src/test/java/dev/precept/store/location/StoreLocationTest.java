package dev.precept.store.location;

import static org.assertj.core.api.Assertions.assertThat;

import dev.precept.store.s3.S3Settings;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class StoreLocationTest {
    @ParameterizedTest
    @CsvSource({
        "./dataset, dataset, true",
        "/data/helpful/, helpful, true",
        "/, '', true",
        "s3-data, s3-data, true",
        "s3://bucket, bucket, false",
        "s3://bucket/team/helpful, helpful, false"
    })
    void aLocationHasANameAndIsParsedFromItsText(String text, String name, boolean folder) {
        StoreLocation location = StoreLocation.of(text, S3Settings.fromEnvironment());
        assertThat(location.name()).isEqualTo(name);
        assertThat(location instanceof StoreLocation.Folder).isEqualTo(folder);
        assertThat(StoreLocation.of(location.toString(), S3Settings.fromEnvironment()))
                .isEqualTo(location);
        if (location instanceof StoreLocation.Folder(Path path)) {
            assertThat(path).isAbsolute().isNormalized();
        }
    }
}
