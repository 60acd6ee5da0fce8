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

/** A client that leaves trying again and checksums to us, and how messages name its server. */
record Connection(S3Client client, String server) {
    private static final Duration CONNECT = Duration.ofSeconds(5);
    private static final Duration SILENCE = Duration.ofSeconds(30);

    /** A server that is not S3 asks for some region and means none. */
    private static final Region ANY_REGION = Region.US_EAST_1;

    static Connection create(Bucket bucket, S3Settings settings) throws StoreException.Misconfigured {
        Region region = region(bucket, settings);
        var builder = S3Client.builder()
                .httpClient(UrlConnectionHttpClient.builder()
                        .connectionTimeout(CONNECT)
                        .socketTimeout(SILENCE)
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
