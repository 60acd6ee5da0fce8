package dev.precept.store.s3;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * How a bucket is reached. Credentials are no part of it: they come from the standard chain (environment, profile, web
 * identity, container, instance).
 *
 * @param endpoint where the server listens; without it, S3 in the region
 * @param region of the bucket; without it, that of the standard chain
 * @param pathStyle whether the bucket is named in the path and not in the host
 */
public record S3Settings(@Nullable URI endpoint, @Nullable String region, boolean pathStyle, Encryption encryption) {
    private static final List<String> SCHEMES = List.of("http", "https");

    private static final String ENDPOINT_VARIABLE = "AWS_ENDPOINT_URL_S3";
    private static final String ENDPOINT_PROPERTY = "aws.endpointUrlS3";

    /** What the server does to what it keeps. */
    public sealed interface Encryption {
        /** Whatever the bucket does by itself. */
        record BucketDefault() implements Encryption {}

        /** With keys of the server. */
        record SseS3() implements Encryption {}

        /** With keys of the key service; the bucket's own where none is named. */
        record SseKms(Optional<String> keyId) implements Encryption {}
    }

    /** What the environment says, and nothing else. */
    public static S3Settings fromEnvironment() {
        return read((_, _) -> Optional.empty());
    }

    /**
     * Reads settings as a recipe has them. The variable AWS_ENDPOINT_URL_S3 comes before {@code endpoint}.
     *
     * @param texts the value of a key, if there is one; it is told what the key means
     * @throws IllegalArgumentException naming the key, its value and what is allowed
     */
    public static S3Settings read(BiFunction<String, String, Optional<String>> texts) {
        return read(texts, System.getenv());
    }

    static S3Settings read(BiFunction<String, String, Optional<String>> texts, Map<String, String> environment) {
        String named = texts.apply(
                        "endpoint", "a server that speaks S3, as http://host:port; AWS_ENDPOINT_URL_S3 comes before it")
                .orElse(null);
        String outside = System.getProperty(ENDPOINT_PROPERTY, environment.getOrDefault(ENDPOINT_VARIABLE, ""));
        URI endpoint = outside.isBlank()
                ? named == null ? null : endpoint("endpoint", named)
                : endpoint(ENDPOINT_VARIABLE, outside);
        Optional<String> region = texts.apply("region", "of the bucket; without it AWS_REGION, or that of the profile");
        Optional<String> pathStyle = texts.apply(
                "path_style", "true names the bucket in the path and not in the host, as it is with an endpoint");
        Optional<String> sse = texts.apply("sse", "encryption by the server: none asked for, AES256 or aws:kms");
        Optional<String> keyId = texts.apply("kms_key", "the key for aws:kms; without it the bucket's own");
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

    private static boolean flag(@Nullable String text, boolean preset) {
        return switch (text) {
            case null -> preset;
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
