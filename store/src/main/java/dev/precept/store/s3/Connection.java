package dev.precept.store.s3;

import dev.precept.store.StoreException;
import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.regions.providers.DefaultAwsRegionProviderChain;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3Configuration;

/** An S3 client without retries and checksums of its own, and the name of its server for messages. */
record Connection(S3Client client, String server) {
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
    private static final Duration SOCKET_TIMEOUT = Duration.ofSeconds(30);

    /** An S3-compatible server requires a region and ignores it. */
    private static final Region ANY_REGION = Region.US_EAST_1;

    /**
     * Idle connections to one server that the JVM keeps; its default of 5 makes the concurrent calls of a worker open a
     * connection for almost every request. The JVM reads it at its first HTTP request.
     */
    private static final String KEPT_CONNECTIONS = "http.maxConnections";

    static void keepConnections() {
        if (System.getProperty(KEPT_CONNECTIONS) == null) {
            System.setProperty(KEPT_CONNECTIONS, "256");
        }
    }

    static Connection create(Bucket bucket, S3Settings settings) throws StoreException.Misconfigured {
        keepConnections();
        Region region = region(bucket, settings);
        var builder = S3Client.builder()
                .httpClient(UrlConnectionHttpClient.builder()
                        .connectionTimeout(CONNECT_TIMEOUT)
                        .socketTimeout(SOCKET_TIMEOUT)
                        .build())
                .credentialsProvider(new DefaultCredentials())
                .overrideConfiguration(override -> override.retryStrategy(AwsRetryStrategy.doNotRetry()))
                .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
                .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
                .serviceConfiguration(
                        S3Configuration.builder().chunkedEncodingEnabled(false).build())
                .forcePathStyle(settings.pathStyle())
                .region(region);
        if (settings.endpoint() != null) {
            builder.endpointOverride(settings.endpoint());
        }
        String server = settings.endpoint() == null ? "S3 in " + region : String.valueOf(settings.endpoint());
        return new Connection(builder.build(), server);
    }

    private static Region region(Bucket bucket, S3Settings settings) throws StoreException.Misconfigured {
        @Nullable String named = settings.region();
        if (named != null) {
            return Region.of(named.toLowerCase(Locale.ROOT));
        }
        try {
            return new DefaultAwsRegionProviderChain().getRegion();
        } catch (SdkClientException e) {
            if (settings.endpoint() != null) {
                return ANY_REGION;
            }
            throw new StoreException.Misconfigured(
                    bucket + ": no region is known; set s3.region or AWS_REGION to that of the bucket", e);
        }
    }
}
