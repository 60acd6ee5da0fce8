package dev.precept.store.s3;

import dev.precept.store.ObjectStore;
import dev.precept.store.StoreException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.ResponseBytes;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.core.sync.ResponseTransformer;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * A bucket as a store. A key is created by a write on the condition that there is none; large files go in parts, under the
 * same condition. Passing trouble is waited out for about half a minute a request, then it is an {@link IOException};
 * what waiting cannot mend is a {@link StoreException.Misconfigured}. What is stored carries its SHA-256, which the server checks on the
 * way in and this class on the way out.
 */
public final class S3Store implements ObjectStore {
    private static final long WHOLE_BYTES = 64L << 20;
    private static final int PART_BYTES = 16 << 20;
    private static final long FETCHED_BYTES = 2L << 30;
    private static final int HTTP_NOT_MODIFIED = 304;

    private final Bucket bucket;
    private final S3Client client;
    private final RetryPolicy retryPolicy;
    private final S3Settings.Encryption encryption;
    private final Sizes sizes;
    private final DownloadCache fetched =
            new DownloadCache(Path.of(System.getProperty("java.io.tmpdir")), FETCHED_BYTES);

    private S3Store(Bucket bucket, Connection connection, RetryPolicy retryPolicy, S3Settings settings, Sizes sizes) {
        this.bucket = bucket;
        this.client = connection.client();
        this.retryPolicy = retryPolicy;
        this.encryption = settings.encryption();
        this.sizes = sizes;
    }

    /** From which size on a file goes in parts, and how large these are. */
    record Sizes(long wholeBytes, int partBytes) {
        static final Sizes STANDARD = new Sizes(WHOLE_BYTES, PART_BYTES);

        /** For a server that honours the condition on a write and not at the end of parts. */
        static final Sizes WHOLE = new Sizes(Long.MAX_VALUE, PART_BYTES);
    }

    /**
     * Opens a place to write, and proves that a key can be created there once and not twice.
     *
     * @throws StoreException.Misconfigured if the server lets a key be created twice, or refuses these credentials, this bucket or region
     * @throws IOException if it does not answer
     */
    public static S3Store open(Bucket bucket, S3Settings settings) throws IOException {
        return open(bucket, settings, Sizes.STANDARD);
    }

    static S3Store open(Bucket bucket, S3Settings settings, Sizes sizes) throws IOException {
        Connection connection = Connection.create(bucket, settings);
        RetryPolicy retryPolicy = RetryPolicy.standard(bucket, connection.server());
        ConditionalPutProbe conditionalPutProbe = new ConditionalPutProbe(
                bucket, connection.client(), retryPolicy.withFewerAttempts(), settings.encryption());
        Sizes fit = conditionalPutProbe.supportsConditionalMultipart() ? sizes : Sizes.WHOLE;
        return new S3Store(bucket, connection, retryPolicy, settings, fit);
    }

    /**
     * Opens a place to read, with credentials that need not be able to write.
     *
     * @throws StoreException.Misconfigured if the server refuses these credentials, this bucket or region
     * @throws IOException if it does not answer
     */
    public static S3Store openReadOnly(Bucket bucket, S3Settings settings) throws IOException {
        Connection connection = Connection.create(bucket, settings);
        RetryPolicy retryPolicy = RetryPolicy.standard(bucket, connection.server());
        S3Store store = new S3Store(bucket, connection, retryPolicy.withFewerAttempts(), settings, Sizes.STANDARD);
        store.retryPolicy.execute(bucket + ": cannot be read", () -> store.page(bucket.keyPrefix(), null, 1));
        return new S3Store(bucket, connection, retryPolicy, settings, Sizes.STANDARD);
    }

    @Override
    public boolean createIfAbsent(String key, Path content) throws IOException {
        ConditionalPut conditionalPut = create(key, Digest.compute(content));
        return Files.size(content) > sizes.wholeBytes()
                ? conditionalPut.putMultipart(() -> Files.newInputStream(content), sizes.partBytes())
                : conditionalPut.putWhole(RequestBody.fromFile(content));
    }

    @Override
    public boolean createIfAbsent(String key, byte[] content) throws IOException {
        return create(key, Digest.compute(content)).putWhole(ConditionalPut.body(content));
    }

    private ConditionalPut create(String key, Digest digest) {
        String object = bucket.objectKey(key);
        return new ConditionalPut(
                client, retryPolicy, encryption, place(object) + ": cannot be created", object, digest);
    }

    @Override
    public Optional<byte[]> read(String key) throws IOException {
        String object = bucket.objectKey(key);
        return retryPolicy.execute(place(object) + ": cannot be read", () -> {
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
        return retryPolicy.execute(place(object) + ": cannot be fetched", () -> {
            Optional<DownloadCache.Copy> known = fetched.find(object);
            Path draft = fetched.newFile();
            try {
                GetObjectRequest request =
                        get(object, known.map(DownloadCache.Copy::tag).orElse(null));
                GetObjectResponse got = client.getObject(request, ResponseTransformer.toFile(draft));
                verifyChecksum(got, Digest.compute(draft));
                fetched.add(object, draft, got.eTag());
                return draft;
            } catch (S3Exception e) {
                if (e.statusCode() == HTTP_NOT_MODIFIED && known.isPresent()) {
                    return known.get().file();
                } else if (isAbsent(e)) {
                    throw new NoSuchFileException(place(object));
                }
                throw e;
            } catch (RetryableException | SdkClientException e) {
                Files.deleteIfExists(draft);
                throw e;
            }
        });
    }

    private GetObjectRequest get(String object, @Nullable String unlessTagged) {
        return GetObjectRequest.builder()
                .bucket(bucket.name())
                .key(object)
                .ifNoneMatch(unlessTagged)
                .build();
    }

    private static boolean isAbsent(S3Exception e) {
        return e.statusCode() == S3ErrorClass.HTTP_NOT_FOUND
                && !S3ErrorClass.errorCode(e).equals("NoSuchBucket");
    }

    private static void verifyChecksum(GetObjectResponse got, Digest found) throws RetryableException {
        String stored = got.metadata().get(ConditionalPut.SHA256);
        if (stored != null && !stored.equals(found.hex())) {
            throw RetryableException.corrupt(
                    "what came is not what was stored (sha256 " + found.hex() + ", stored was " + stored + ")");
        }
    }

    @Override
    public void delete(String key) throws IOException {
        String object = bucket.objectKey(key);
        retryPolicy.execute(
                place(object) + ": cannot be removed",
                () -> client.deleteObject(delete -> delete.bucket(bucket.name()).key(object)));
    }

    @Override
    public List<ObjectInfo> listObjects(String prefix) throws IOException {
        List<ObjectInfo> found = new ArrayList<>();
        String below = bucket.keyPrefix();
        String after = null;
        do {
            @Nullable String from = after;
            ListObjectsV2Response page = retryPolicy.execute(
                    place(below + prefix) + "*: cannot be listed", () -> page(below + prefix, from, null));
            for (S3Object object : page.contents()) {
                String key = object.key().substring(below.length());
                found.add(new ObjectInfo(key, object.size(), object.lastModified()));
            }
            after = Boolean.TRUE.equals(page.isTruncated()) ? page.nextContinuationToken() : null;
        } while (after != null);
        found.sort(Comparator.comparing(ObjectInfo::key));
        return found;
    }

    private ListObjectsV2Response page(String prefix, @Nullable String after, @Nullable Integer most) {
        return client.listObjectsV2(list -> list.bucket(bucket.name())
                .prefix(prefix)
                .continuationToken(after)
                .maxKeys(most));
    }

    @Override
    public String location() {
        return bucket.toString();
    }

    private String place(String object) {
        return "s3://" + bucket.name() + "/" + object;
    }
}
