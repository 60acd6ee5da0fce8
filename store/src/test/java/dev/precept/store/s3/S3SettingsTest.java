package dev.precept.store.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.precept.store.s3.S3Settings.Encryption;
import java.net.URI;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class S3SettingsTest {
    private static final Map<String, String> NO_ENVIRONMENT = Map.of();

    @Test
    void theDefaultIsS3() {
        assertThat(read(Map.of(), NO_ENVIRONMENT))
                .isEqualTo(new S3Settings(null, null, false, new Encryption.BucketDefault()));
    }

    @Test
    void aCustomEndpointUsesPathStyleAccess() {
        S3Settings own = read(Map.of("endpoint", "http://minio:9000", "region", "eu-west-3"), NO_ENVIRONMENT);
        assertThat(own.endpoint()).isEqualTo(URI.create("http://minio:9000"));
        assertThat(own.region()).isEqualTo("eu-west-3");
        assertThat(own.pathStyle()).isTrue();
        assertThat(read(Map.of("endpoint", "http://minio:9000", "path_style", "false"), NO_ENVIRONMENT)
                        .pathStyle())
                .isFalse();
    }

    @Test
    void theEnvironmentOverridesTheRecipe() {
        Map<String, String> environment = Map.of("AWS_ENDPOINT_URL_S3", "https://other:1");
        assertThat(read(Map.of("endpoint", "http://minio:9000"), environment).endpoint())
                .isEqualTo(URI.create("https://other:1"));
    }

    @Test
    void encryptionDefaultsToThatOfTheBucket() {
        assertThat(encryption(Map.of("sse", "none"))).isEqualTo(new Encryption.BucketDefault());
        assertThat(encryption(Map.of("sse", "AES256"))).isEqualTo(new Encryption.SseS3());
        assertThat(encryption(Map.of("sse", "aws:kms"))).isEqualTo(new Encryption.SseKms(Optional.empty()));
        assertThat(encryption(Map.of("sse", "aws:kms", "kms_key", "k")))
                .isEqualTo(new Encryption.SseKms(Optional.of("k")));
    }

    @ParameterizedTest
    @CsvSource({
        "endpoint, minio:9000, http://host:port",
        "endpoint, http://a b, is not a URL",
        "path_style, yes, true or false",
        "sse, aes, 'none, AES256 or aws:kms'",
        "kms_key, k, only used with sse aws:kms",
    })
    void anInvalidValueIsRejectedWithItsKeyAndWhatIsAllowed(String key, String value, String allowed) {
        assertThatThrownBy(() -> read(Map.of(key, value), NO_ENVIRONMENT))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(key)
                .hasMessageContaining(allowed);
    }

    @ParameterizedTest
    @CsvSource({
        "s3://bucket, s3://bucket, log/1",
        "s3://bucket/, s3://bucket, log/1",
        "s3://my.bucket/a/b, s3://my.bucket/a/b, a/b/log/1",
        "s3://bucket/a/, s3://bucket/a, a/log/1",
    })
    void aLocationIsABucketAndAPrefix(String text, String written, String object) {
        Bucket bucket = Bucket.parse(text);
        assertThat(bucket).hasToString(written);
        assertThat(bucket.objectKey("log/1")).isEqualTo(object);
        assertThat(Bucket.parse(bucket.toString())).isEqualTo(bucket);
    }

    @ParameterizedTest
    @CsvSource({"s3://", "s3:/bucket/a", "s3:bucket", "s3://b", "s3://bucket/a//b", "s3://bucket/../a", "s3://buc ket/a"
    })
    void anInvalidLocationIsRejected(String text) {
        assertThat(Bucket.isBucketUrl(text)).isTrue();
        assertThatThrownBy(() -> Bucket.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'" + text + "'");
    }

    private static Encryption encryption(Map<String, String> texts) {
        return read(texts, NO_ENVIRONMENT).encryption();
    }

    private static S3Settings read(Map<String, String> texts, Map<String, String> environment) {
        return S3Settings.read((key, _) -> Optional.ofNullable(texts.get(key)), environment);
    }
}
