package dev.precept.store.s3;

import dev.precept.store.ObjectStore;
import dev.precept.store.StoreException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.ResponseBytes;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.core.sync.ResponseTransformer;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Request;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * A bucket as a store. A key is created by a conditional write ({@code If-None-Match: *}); large files by a multipart
 * upload with the same condition. Transient errors are retried for about half a minute per request. Every object carries
 * its SHA-256, which the server verifies on write and this class on read.
 */
public final class S3Store implements ObjectStore {
    private static final long SINGLE_UPLOAD_BYTES = 64L << 20;
    private static final int PART_BYTES = 16 << 20;
    private static final long CACHE_BYTES = 2L << 30;
    private static final int HTTP_NOT_MODIFIED = 304;

    private final Bucket bucket;
    private final S3Client client;
    private final RetryPolicy retryPolicy;
    private final S3Settings.Encryption encryption;
    private final Sizes sizes;
    private final DownloadCache cache = new DownloadCache(Path.of(System.getProperty("java.io.tmpdir")), CACHE_BYTES);

    private S3Store(Bucket bucket, Connection connection, RetryPolicy retryPolicy, S3Settings settings, Sizes sizes) {
        this.bucket = bucket;
        this.client = connection.client();
        this.retryPolicy = retryPolicy;
        this.encryption = settings.encryption();
        this.sizes = sizes;
    }

    /** Lets the process keep as many idle connections as calls run concurrently; to be called before its first HTTP request. */
    public static void keepConnections() {
        Connection.keepConnections();
    }

    /** The size above which a file is uploaded in parts, and the size of a part. */
    record Sizes(long singleUploadBytes, int partBytes) {
        static final Sizes STANDARD = new Sizes(SINGLE_UPLOAD_BYTES, PART_BYTES);

        /** For a server that honours the condition on a PUT but not on the completion of a multipart upload. */
        static final Sizes SINGLE_UPLOAD = new Sizes(Long.MAX_VALUE, PART_BYTES);
    }

    /**
     * Opens a prefix to write, and verifies that a second create of a key fails.
     *
     * @throws StoreException.Misconfigured if the server lets a key be created twice, or rejects the
     *     credentials, bucket or region
     * @throws StoreException.Unavailable if it does not answer
     */
    public static S3Store open(Bucket bucket, S3Settings settings) throws IOException {
        return open(bucket, settings, Sizes.STANDARD);
    }

    static S3Store open(Bucket bucket, S3Settings settings, Sizes sizes) throws IOException {
        Connection connection = Connection.create(bucket, settings);
        RetryPolicy retryPolicy = RetryPolicy.standard(bucket, connection.server());
        ConditionalPutProbe conditionalPutProbe = new ConditionalPutProbe(
                bucket, connection.client(), retryPolicy.withFewerAttempts(), settings.encryption());
        Sizes supported = conditionalPutProbe.supportsConditionalMultipart() ? sizes : Sizes.SINGLE_UPLOAD;
        return new S3Store(bucket, connection, retryPolicy, settings, supported);
    }

    /**
     * Opens a prefix to write values of which any copy is as good, without the check for a second create. Checks that the
     * credentials may put, get and list below a further prefix; they need no other permission.
     *
     * @param below where the values are, ending with a slash
     * @throws StoreException.Misconfigured if the server rejects the credentials, bucket or region
     * @throws StoreException.Unavailable if it does not answer
     */
    public static S3Store openBelow(Bucket bucket, S3Settings settings, String below) throws IOException {
        Connection connection = Connection.create(bucket, settings);
        RetryPolicy retryPolicy = RetryPolicy.standard(bucket, connection.server());
        S3Store store = new S3Store(bucket, connection, retryPolicy.withFewerAttempts(), settings, Sizes.SINGLE_UPLOAD);
        boolean _ = store.createIfAbsent(below + ObjectStore.PROBE_PREFIX, new byte[] {1}); // one object, never deleted
        store.read(below + ObjectStore.PROBE_PREFIX);
        // Without permission to list, the answer for a missing key is that it is forbidden.
        store.read(below + ObjectStore.PROBE_PREFIX + UUID.randomUUID());
        return new S3Store(bucket, connection, retryPolicy, settings, Sizes.SINGLE_UPLOAD);
    }

    /**
     * Opens a prefix to read; the credentials need no permission to write.
     *
     * @throws StoreException.Misconfigured if the server rejects the credentials, bucket or region
     * @throws StoreException.Unavailable if it does not answer
     */
    public static S3Store openReadOnly(Bucket bucket, S3Settings settings) throws IOException {
        Connection connection = Connection.create(bucket, settings);
        RetryPolicy retryPolicy = RetryPolicy.standard(bucket, connection.server());
        S3Store store = new S3Store(bucket, connection, retryPolicy.withFewerAttempts(), settings, Sizes.STANDARD);
        store.retryPolicy.execute(
                bucket + ": cannot be read",
                () -> store.client.listObjectsV2(
                        store.pageOf(bucket.keyPrefix()).maxKeys(1).build()));
        return new S3Store(bucket, connection, retryPolicy, settings, Sizes.STANDARD);
    }

    @Override
    public boolean createIfAbsent(String key, Path content) throws IOException {
        ConditionalPut conditionalPut = conditionalPut(key, Digest.compute(content));
        return Files.size(content) > sizes.singleUploadBytes()
                ? conditionalPut.putMultipart(() -> Files.newInputStream(content), sizes.partBytes())
                : conditionalPut.putSingle(RequestBody.fromFile(content));
    }

    @Override
    public boolean createIfAbsent(String key, byte[] content) throws IOException {
        return conditionalPut(key, Digest.compute(content)).putSingle(ConditionalPut.body(content));
    }

    private ConditionalPut conditionalPut(String key, Digest digest) {
        String object = bucket.objectKey(key);
        return new ConditionalPut(client, retryPolicy, encryption, url(object) + ": cannot be created", object, digest);
    }

    @Override
    public Optional<byte[]> read(String key) throws IOException {
        String object = bucket.objectKey(key);
        return retryPolicy.execute(url(object) + ": cannot be read", () -> {
            try {
                ResponseBytes<GetObjectResponse> got =
                        client.getObject(get(object, null), ResponseTransformer.toBytes());
                byte[] bytes = got.asByteArrayUnsafe();
                verifyChecksum(got.response(), Digest.compute(bytes));
                return Optional.of(bytes);
            } catch (S3Exception e) {
                if (isAbsent(e)) {
                    return Optional.empty();
                }
                throw e;
            }
        });
    }

    @Override
    public Path fetch(String key) throws IOException {
        String object = bucket.objectKey(key);
        return retryPolicy.execute(url(object) + ": cannot be fetched", () -> {
            Optional<DownloadCache.Copy> known = cache.find(object);
            Path file = cache.newFile();
            try {
                GetObjectRequest request =
                        get(object, known.map(DownloadCache.Copy::tag).orElse(null));
                GetObjectResponse response = client.getObject(request, ResponseTransformer.toFile(file));
                verifyChecksum(response, Digest.compute(file));
                cache.add(object, file, response.eTag());
                return file;
            } catch (S3Exception e) {
                if (e.statusCode() == HTTP_NOT_MODIFIED && known.isPresent()) {
                    return known.get().file();
                } else if (isAbsent(e)) {
                    throw new NoSuchFileException(url(object));
                }
                throw e;
            } catch (RetryableException | SdkClientException e) {
                Files.deleteIfExists(file);
                throw e;
            }
        });
    }

    @Override
    public void discard(Path fetched) throws IOException {
        cache.discard(fetched);
    }

    @Override
    public InputStream open(String key, long from) throws IOException {
        String object = bucket.objectKey(key);
        return ObjectStream.open(client, retryPolicy, bucket.name(), object, from);
    }

    @Override
    public void close() throws IOException {
        cache.close();
    }

    private GetObjectRequest get(String object, @Nullable String knownTag) {
        return GetObjectRequest.builder()
                .bucket(bucket.name())
                .key(object)
                .ifNoneMatch(knownTag)
                .build();
    }

    static boolean isAbsent(S3Exception e) {
        return e.statusCode() == S3ErrorClass.HTTP_NOT_FOUND
                && !S3ErrorClass.errorCode(e).equals("NoSuchBucket");
    }

    private static void verifyChecksum(GetObjectResponse response, Digest found) throws RetryableException {
        String stored = response.metadata().get(ConditionalPut.SHA256);
        if (stored != null && !stored.equals(found.hex())) {
            throw RetryableException.corrupt(
                    "the content read is not what was stored (sha256 " + found.hex() + ", stored was " + stored + ")");
        }
    }

    @Override
    public void delete(String key) throws IOException {
        String object = bucket.objectKey(key);
        retryPolicy.execute(
                url(object) + ": cannot be deleted",
                () -> client.deleteObject(delete -> delete.bucket(bucket.name()).key(object)));
    }

    @Override
    public void visitObjects(String prefix, String after, ObjectVisitor visitor) throws IOException {
        String below = bucket.keyPrefix();
        @Nullable String token = null;
        do {
            ListObjectsV2Request request = pageOf(below + prefix)
                    .startAfter(after.isEmpty() ? null : below + after)
                    .continuationToken(token)
                    .build();
            ListObjectsV2Response page = retryPolicy.execute(
                    url(below + prefix) + "*: cannot be listed", () -> client.listObjectsV2(request));
            for (S3Object object : page.contents()) {
                String key = object.key().substring(below.length());
                // A server may ignore start-after.
                if (key.compareTo(after) > 0
                        && !visitor.visit(new ObjectInfo(key, object.size(), object.lastModified()))) {
                    return;
                }
            }
            token = Boolean.TRUE.equals(page.isTruncated()) ? page.nextContinuationToken() : null;
        } while (token != null);
    }

    private ListObjectsV2Request.Builder pageOf(String prefix) {
        return ListObjectsV2Request.builder().bucket(bucket.name()).prefix(prefix);
    }

    @Override
    public String location() {
        return bucket.toString();
    }

    private String url(String object) {
        return "s3://" + bucket.name() + "/" + object;
    }
}
