package dev.precept.store.s3;

import dev.precept.store.StoreException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Exception;

/**
 * Reads one object of a bucket. Every operation is one GET, so that {@code s3:GetObject} is the only permission needed.
 * Thread-safe.
 */
public final class BucketObject {
    private static final int CHUNK = 1 << 16;
    private static final int HTTP_NOT_MODIFIED = 304;
    private static final String NO_TAG = "";

    private final Bucket object;
    private final Connection connection;
    private final RetryPolicy retryPolicy;

    private BucketObject(Bucket object, Connection connection) {
        this.object = object;
        this.connection = connection;
        this.retryPolicy = RetryPolicy.standard(object, connection.server()).withFewerAttempts();
    }

    /**
     * @param object the bucket, with the object's key as the prefix
     * @throws StoreException.Misconfigured if no region is known
     */
    public static BucketObject open(Bucket object, S3Settings settings) throws StoreException.Misconfigured {
        return new BucketObject(object, Connection.create(object, settings));
    }

    /**
     * Copies the object, unless its tag is still the known one. Retries transient errors for about two seconds, since a user
     * is waiting.
     *
     * @param known the tag of an earlier copy
     * @param to the copy; overwritten, and complete only if a tag is returned
     * @return the tag of the copied object, an empty text if the server gives none; empty if the object has the known tag
     * @throws NoSuchFileException if there is no such object
     * @throws StoreException.Misconfigured if settings or permissions must change first
     * @throws IOException if the store does not answer, or the copy cannot be written
     */
    public Optional<String> copyIfChanged(Optional<String> known, Path to) throws IOException {
        GetObjectRequest request = GetObjectRequest.builder()
                .bucket(object.name())
                .key(object.prefix())
                .ifNoneMatch(known.filter(tag -> !tag.equals(NO_TAG)).orElse(null))
                .build();
        return retryPolicy.execute(object + ": cannot be fetched", () -> {
            try (ResponseInputStream<GetObjectResponse> in = connection.client().getObject(request)) {
                return Optional.of(copy(in, to));
            } catch (S3Exception e) {
                return requireUnchanged(e, known);
            }
        });
    }

    private Optional<String> requireUnchanged(S3Exception e, Optional<String> known) throws IOException {
        String code = S3ErrorClass.errorCode(e);
        if (e.statusCode() == HTTP_NOT_MODIFIED && known.isPresent()) {
            return Optional.empty();
        } else if (e.statusCode() == S3ErrorClass.HTTP_NOT_FOUND && !code.equals("NoSuchBucket")) {
            throw new NoSuchFileException(object.toString());
        } else if (code.equals("AccessDenied")) {
            throw new StoreException.Misconfigured(
                    object + ": cannot be fetched: no permission (" + e.statusCode()
                            + " AccessDenied); the credentials need s3:GetObject there, and s3:ListBucket to learn that"
                            + " an object is missing",
                    e);
        }
        throw e;
    }

    private static String copy(ResponseInputStream<GetObjectResponse> in, Path to) throws IOException {
        GetObjectResponse response = in.response();
        byte[] chunk = new byte[CHUNK];
        long bytes = 0;
        try (OutputStream out = Files.newOutputStream(to)) {
            for (int read = read(in, chunk); read >= 0; read = read(in, chunk)) {
                out.write(chunk, 0, read);
                bytes += read;
            }
        }
        if (response.contentLength() != null && response.contentLength() != bytes) {
            throw new RetryableException(
                    "the response ended after " + bytes + " of " + response.contentLength() + " bytes",
                    Integer.MAX_VALUE);
        }
        String stored = response.metadata().get(ConditionalPut.SHA256);
        if (stored != null && !stored.equals(Digest.compute(to).hex())) {
            throw RetryableException.corrupt("the content read is not what was stored");
        }
        return response.eTag() == null ? NO_TAG : response.eTag();
    }

    /** A failed read is retried; a failed write, such as to a full disk, is not. */
    private static int read(InputStream in, byte[] chunk) throws RetryableException {
        try {
            return in.read(chunk);
        } catch (IOException e) {
            RetryableException retryableException =
                    new RetryableException("the response ended early (" + e.getMessage() + ")", Integer.MAX_VALUE);
            retryableException.initCause(e);
            throw retryableException;
        }
    }
}
