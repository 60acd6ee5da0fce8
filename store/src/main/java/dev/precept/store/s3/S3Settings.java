package dev.precept.store.s3;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * How to reach a bucket. Credentials come from the SDK's default chain (environment, profile, web identity, container,
 * instance).
 *
 * @param endpoint of the server; null for S3 in the region
 * @param region of the bucket; null for that of the default chain
 * @param pathStyle whether the bucket is in the path of a URL and not in its host
 */
public record S3Settings(@Nullable URI endpoint, @Nullable String region, boolean pathStyle, Encryption encryption) {
    private static final List<String> SCHEMES = List.of("http", "https");

    private static final String ENDPOINT_VARIABLE = "AWS_ENDPOINT_URL_S3";
    private static final String ENDPOINT_PROPERTY = "aws.endpointUrlS3";

    /** Encryption by the server. */
    public sealed interface Encryption {
        /** The default of the bucket. */
        record BucketDefault() implements Encryption {}

        /** Keys of S3. */
        record SseS3() implements Encryption {}

        /** Keys of the key management service; that of the bucket if no id is given. */
        record SseKms(Optional<String> keyId) implements Encryption {}
    }

    /** The settings of the environment alone. */
    public static S3Settings fromEnvironment() {
        return read((_, _) -> Optional.empty());
    }

    /**
     * Reads the settings of a recipe. The variable AWS_ENDPOINT_URL_S3 overrides {@code endpoint}.
     *
     * @param texts returns the value of a key, if there is one; the second argument describes the key
     * @throws IllegalArgumentException naming the key, its value and what is allowed
     */
    public static S3Settings read(BiFunction<String, String, Optional<String>> texts) {
        return read(texts, System.getenv());
    }

    static S3Settings read(BiFunction<String, String, Optional<String>> texts, Map<String, String> environment) {
        String named = texts.apply(
                        "endpoint", "an S3-compatible server, as http://host:port; AWS_ENDPOINT_URL_S3 overrides it")
                .orElse(null);
        String override = System.getProperty(ENDPOINT_PROPERTY, environment.getOrDefault(ENDPOINT_VARIABLE, ""));
        URI endpoint = override.isBlank()
                ? named == null ? null : endpoint("endpoint", named)
                : endpoint(ENDPOINT_VARIABLE, override);
        Optional<String> region =
                texts.apply("region", "of the bucket; default: AWS_REGION, or the region of the profile");
        Optional<String> pathStyle = texts.apply(
                "path_style",
                "true puts the bucket into the path and not into the host; default: true with an endpoint");
        Optional<String> sse = texts.apply("sse", "encryption by the server: none, AES256 or aws:kms");
        Optional<String> keyId = texts.apply("kms_key", "the key for aws:kms; default: the key of the bucket");
        return new S3Settings(
                endpoint,
                region.orElse(null),
                flag(pathStyle.orElse(null), endpoint != null),
                encryption(sse.orElse(null), keyId));
    }

    private static URI endpoint(String key, String text) {
        try {
            URI uri = new URI(text);
            if (uri.getHost() != null && SCHEMES.contains(uri.getScheme())) {
                return uri;
            }
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException(key + " '" + text + "' is not a URL (" + e.getReason() + ")", e);
        }
        throw new IllegalArgumentException(key + " '" + text + "' is not allowed; give it as http://host:port");
    }

    private static boolean flag(@Nullable String text, boolean defaultValue) {
        return switch (text) {
            case null -> defaultValue;
            case "true" -> true;
            case "false" -> false;
            default ->
                throw new IllegalArgumentException("path_style '" + text + "' is not allowed; give true or false");
        };
    }

    private static Encryption encryption(@Nullable String sse, Optional<String> keyId) {
        if (keyId.isPresent() && !"aws:kms".equals(sse)) {
            throw new IllegalArgumentException("kms_key is only used with sse aws:kms; give both");
        }
        return switch (sse) {
            case null -> new Encryption.BucketDefault();
            case "none" -> new Encryption.BucketDefault();
            case "AES256" -> new Encryption.SseS3();
            case "aws:kms" -> new Encryption.SseKms(keyId);
            default ->
                throw new IllegalArgumentException("sse '" + sse + "' is not allowed; give none, AES256 or aws:kms");
        };
    }
}
