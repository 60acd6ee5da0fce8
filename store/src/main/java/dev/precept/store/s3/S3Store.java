package dev.precept.store.s3;

import dev.precept.store.ObjectStore;
import dev.precept.store.StoreRefused;
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
 * what waiting cannot mend is a {@link StoreRefused}. What is stored carries its SHA-256, which the server checks on the
 * way in and this class on the way out.
 */
public final class S3Store implements ObjectStore {
    private static final long WHOLE_BYTES = 64L << 20;
    private static final int PART_BYTES = 16 << 20;
    private static final long FETCHED_BYTES = 2L << 30;
    private static final int HTTP_NOT_MODIFIED = 304;

    private final Bucket bucket;
    private final S3Client client;
    private final Attempts attempts;
    private final S3Settings.Encryption encryption;
    private final Sizes sizes;
    private final FetchedFiles fetched = new FetchedFiles(Path.of(System.getProperty("java.io.tmpdir")), FETCHED_BYTES);

    private S3Store(Bucket bucket, Connection connection, Attempts attempts, S3Settings settings, Sizes sizes) {
        this.bucket = bucket;
        this.client = connection.client();
        this.attempts = attempts;
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
     * @throws StoreRefused if the server lets a key be created twice, or refuses these credentials, this bucket or region
     * @throws IOException if it does not answer
     */
    public static S3Store open(Bucket bucket, S3Settings settings) throws IOException {
        return open(bucket, settings, Sizes.STANDARD);
    }

    static S3Store open(Bucket bucket, S3Settings settings, Sizes sizes) throws IOException {
        Connection connection = Connection.of(bucket, settings);
        Attempts attempts = Attempts.patient(bucket, connection.server());
        Probe probe = new Probe(bucket, connection.client(), attempts.brief(), settings.encryption());
        Sizes fit = probe.partsHaveOneWinner() ? sizes : Sizes.WHOLE;
        return new S3Store(bucket, connection, attempts, settings, fit);
    }

    /**
     * Opens a place to read, with credentials that need not be able to write.
     *
     * @throws StoreRefused if the server refuses these credentials, this bucket or region
     * @throws IOException if it does not answer
     */
    public static S3Store reading(Bucket bucket, S3Settings settings) throws IOException {
        Connection connection = Connection.of(bucket, settings);
        Attempts attempts = Attempts.patient(bucket, connection.server());
        S3Store store = new S3Store(bucket, connection, attempts.brief(), settings, Sizes.STANDARD);
        store.attempts.until(bucket + ": cannot be read", () -> store.page(bucket.below(), null, 1));
        return new S3Store(bucket, connection, attempts, settings, Sizes.STANDARD);
    }

    @Override
    public boolean createIfAbsent(String key, Path content) throws IOException {
        Create create = create(key, Digest.of(content));
        return Files.size(content) > sizes.wholeBytes()
                ? create.inParts(() -> Files.newInputStream(content), sizes.partBytes())
                : create.whole(RequestBody.fromFile(content));
    }

    @Override
    public boolean createIfAbsent(String key, byte[] content) throws IOException {
        return create(key, Digest.of(content)).whole(Create.body(content));
    }

    private Create create(String key, Digest digest) {
        String object = bucket.object(key);
        return new Create(client, attempts, encryption, place(object) + ": cannot be created", object, digest);
    }

    @Override
    public Optional<byte[]> read(String key) throws IOException {
        String object = bucket.object(key);
        return attempts.until(place(object) + ": cannot be read", () -> {
            try {
                ResponseBytes<GetObjectResponse> got =
                        client.getObject(get(object, null), ResponseTransformer.toBytes());
                byte[] bytes = got.asByteArrayUnsafe();
                requireUndamaged(got.response(), Digest.of(bytes));
                return Optional.of(bytes);
            } catch (S3Exception e) {
                if (absent(e)) {
                    return Optional.empty();
                }
                throw e;
            }
        });
    }

    @Override
    public Path fetch(String key) throws IOException {
        String object = bucket.object(key);
        return attempts.until(place(object) + ": cannot be fetched", () -> {
            Optional<FetchedFiles.Copy> known = fetched.of(object);
            Path draft = fetched.draft();
            try {
                GetObjectRequest request =
                        get(object, known.map(FetchedFiles.Copy::tag).orElse(null));
                GetObjectResponse got = client.getObject(request, ResponseTransformer.toFile(draft));
                requireUndamaged(got, Digest.of(draft));
                fetched.keep(object, draft, got.eTag());
                return draft;
            } catch (S3Exception e) {
                if (e.statusCode() == HTTP_NOT_MODIFIED && known.isPresent()) {
                    return known.get().file();
                } else if (absent(e)) {
                    throw new NoSuchFileException(place(object));
                }
                throw e;
            } catch (Again | SdkClientException e) {
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

    private static boolean absent(S3Exception e) {
        return e.statusCode() == Trouble.HTTP_NOT_FOUND && !Trouble.code(e).equals("NoSuchBucket");
    }

    private static void requireUndamaged(GetObjectResponse got, Digest found) throws Again {
        String stored = got.metadata().get(Create.SHA256);
        if (stored != null && !stored.equals(found.hex())) {
            throw Again.damaged(
                    "what came is not what was stored (sha256 " + found.hex() + ", stored was " + stored + ")");
        }
    }

    @Override
    public void delete(String key) throws IOException {
        String object = bucket.object(key);
        attempts.until(
                place(object) + ": cannot be removed",
                () -> client.deleteObject(delete -> delete.bucket(bucket.name()).key(object)));
    }

    @Override
    public List<Stored> listed(String prefix) throws IOException {
        List<Stored> found = new ArrayList<>();
        String below = bucket.below();
        String after = null;
        do {
            @Nullable String from = after;
            ListObjectsV2Response page = attempts.until(
                    place(below + prefix) + "*: cannot be listed", () -> page(below + prefix, from, null));
            for (S3Object object : page.contents()) {
                String key = object.key().substring(below.length());
                found.add(new Stored(key, object.size(), object.lastModified()));
            }
            after = Boolean.TRUE.equals(page.isTruncated()) ? page.nextContinuationToken() : null;
        } while (after != null);
        found.sort(Comparator.comparing(Stored::key));
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
