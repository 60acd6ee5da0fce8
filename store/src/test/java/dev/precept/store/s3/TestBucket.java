package dev.precept.store.s3;

import dev.precept.testkit.S3Proxy;
import java.net.URI;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** One bucket for all tests, with a new prefix for each. */
final class TestBucket {
    static final String BUCKET = "precept-test";

    private TestBucket() {}

    /** Sets the credentials of the test server, which the default chain finds first. */
    static void giveCredentials() {
        System.setProperty("aws.accessKeyId", S3Proxy.ACCESS_KEY);
        System.setProperty("aws.secretAccessKey", S3Proxy.SECRET_KEY);
    }

    static void takeCredentials() {
        System.clearProperty("aws.accessKeyId");
        System.clearProperty("aws.secretAccessKey");
    }

    static Bucket freshPrefix() {
        return Bucket.parse("s3://" + BUCKET + "/tests/" + UUID.randomUUID());
    }

    static S3Settings at(URI endpoint) {
        Map<String, String> texts = Map.of("endpoint", endpoint.toString(), "region", "us-east-1");
        return S3Settings.read((key, _) -> Optional.ofNullable(texts.get(key)), Map.of());
    }
}
