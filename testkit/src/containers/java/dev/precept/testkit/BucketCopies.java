package dev.precept.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.BucketAlreadyOwnedByYouException;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * An S3 server without access to its files: each call of {@link #folder} copies the objects to a new folder.
 */
final class BucketCopies implements Substrate.Store, AutoCloseable {
    private static final String REGION = "us-east-1";

    private final URI endpoint;
    private final String accessKey;
    private final String secretKey;
    private final Path folder;
    private final S3Client client;

    /** @param folder of the copies */
    BucketCopies(URI endpoint, String accessKey, String secretKey, Path folder) {
        this.endpoint = endpoint;
        this.accessKey = accessKey;
        this.secretKey = secretKey;
        this.folder = folder;
        this.client = S3Client.builder()
                .endpointOverride(endpoint)
                .region(Region.of(REGION))
                .forcePathStyle(true)
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create(accessKey, secretKey)))
                .httpClient(UrlConnectionHttpClient.create())
                .build();
    }

    /** Creates a bucket if it does not exist. */
    void createBucket(String bucket) {
        try {
            client.createBucket(request -> request.bucket(bucket));
        } catch (BucketAlreadyOwnedByYouException e) {
            return; // already exists
        }
    }

    @Override
    public URI endpoint() {
        return endpoint;
    }

    @Override
    public Map<String, String> environment() {
        return Map.of(
                "AWS_ENDPOINT_URL_S3",
                endpoint.toString(),
                "AWS_ACCESS_KEY_ID",
                accessKey,
                "AWS_SECRET_ACCESS_KEY",
                secretKey,
                "AWS_REGION",
                REGION);
    }

    @Override
    public Path folder(String bucket, String prefix) {
        try {
            Path copy = Files.createTempDirectory(Files.createDirectories(folder), "copy-");
            for (S3Object object : client.listObjectsV2Paginator(
                            request -> request.bucket(bucket).prefix(prefix + "/"))
                    .contents()) {
                Path file = copy.resolve(object.key());
                Files.createDirectories(file.getParent());
                client.getObject(request -> request.bucket(bucket).key(object.key()), file);
            }
            return copy.resolve(prefix);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write a copy of bucket " + bucket, e);
        } catch (SdkException e) {
            throw new IllegalStateException("cannot copy bucket " + bucket + " of " + endpoint, e);
        }
    }

    @Override
    public void close() {
        client.close();
    }
}
