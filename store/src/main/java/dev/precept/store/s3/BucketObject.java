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
 * One object of anybody's bucket, for somebody who may read it and nothing else. One request tells what is there, so that no
 * other permission is needed. Thread-safe.
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
     * @param object the bucket, and the object's whole name in place of a prefix
     * @throws StoreException.Misconfigured if no region is known
     */
    public static BucketObject open(Bucket object, S3Settings settings) throws StoreException.Misconfigured {
        return new BucketObject(object, Connection.create(object, settings));
    }

    /**
     * Copies the object, unless it is still the one that was copied before. Trouble that passes is waited out for about two
     * seconds: somebody waits for what is made of it.
     *
     * @param known the tag an earlier copy was given
     * @param to the copy; what it holds is replaced, and means nothing unless a tag is returned
     * @return the tag of what was copied, of no letters where the server gives none; empty if the object still has the known
     *     one
     * @throws NoSuchFileException if there is no such object
     * @throws StoreException.Misconfigured if it cannot be had until somebody changes something
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
                return Optional.of(copied(in, to));
            } catch (S3Exception e) {
                return unchanged(e, known);
            }
        });
    }

    private Optional<String> unchanged(S3Exception e, Optional<String> known) throws IOException {
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

    private static String copied(ResponseInputStream<GetObjectResponse> in, Path to) throws IOException {
        GetObjectResponse got = in.response();
        byte[] chunk = new byte[CHUNK];
        long bytes = 0;
        try (OutputStream out = Files.newOutputStream(to)) {
            for (int read = read(in, chunk); read >= 0; read = read(in, chunk)) {
                out.write(chunk, 0, read);
                bytes += read;
            }
        }
        if (got.contentLength() != null && got.contentLength() != bytes) {
            throw new RetryableException(
                    "it broke off after " + bytes + " of " + got.contentLength() + " bytes", Integer.MAX_VALUE);
        }
        String stored = got.metadata().get(ConditionalPut.SHA256);
        if (stored != null && !stored.equals(Digest.compute(to).hex())) {
            throw RetryableException.corrupt("what came is not what was stored");
        }
        return got.eTag() == null ? NO_TAG : got.eTag();
    }

    /** The store's silence is worth another try; a full disk is not. */
    private static int read(InputStream in, byte[] chunk) throws RetryableException {
        try {
            return in.read(chunk);
        } catch (IOException e) {
            RetryableException retryableException =
                    new RetryableException("it broke off (" + e.getMessage() + ")", Integer.MAX_VALUE);
            retryableException.initCause(e);
            throw retryableException;
        }
    }
}
