package dev.precept.store.s3;

import dev.precept.store.StoreException;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.NoSuchFileException;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Exception;

/**
 * The bytes of one object from a position on. A response that breaks off is continued by another request at the position
 * reached, on the condition that the object still has the tag of the first response. For one thread.
 */
final class ObjectStream extends InputStream {
    private static final int HTTP_RANGE_NOT_SATISFIABLE = 416;

    private final S3Client client;
    private final RetryPolicy retryPolicy;
    private final String bucket;
    private final String object;
    private long at;
    private long length = Long.MAX_VALUE;
    private @Nullable String tag;
    private @Nullable ResponseInputStream<GetObjectResponse> response;

    private ObjectStream(S3Client client, RetryPolicy retryPolicy, String bucket, String object, long from) {
        this.client = client;
        this.retryPolicy = retryPolicy;
        this.bucket = bucket;
        this.object = object;
        this.at = from;
    }

    /**
     * @throws NoSuchFileException if there is no such object
     * @throws EOFException if it is shorter
     */
    static ObjectStream open(S3Client client, RetryPolicy retryPolicy, String bucket, String object, long from)
            throws IOException {
        ObjectStream stream = new ObjectStream(client, retryPolicy, bucket, object, from);
        retryPolicy.execute(stream.operation(), stream::connected);
        return stream;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] to, int offset, int most) throws IOException {
        return most == 0 ? 0 : retryPolicy.execute(operation(), () -> readOnce(to, offset, most));
    }

    private int readOnce(byte[] to, int offset, int most) throws IOException {
        if (at >= length) {
            return -1;
        }
        try {
            int read = connected().read(to, offset, most);
            if (read < 0 && length < Long.MAX_VALUE) {
                throw new IOException("after " + at + " of " + length + " bytes");
            }
            at += Math.max(0, read);
            return read;
        } catch (StoreException | RetryableException | NoSuchFileException | EOFException e) {
            throw e;
        } catch (SdkException e) {
            disconnect();
            throw e;
        } catch (IOException e) {
            disconnect();
            RetryableException again =
                    new RetryableException("the response ended early (" + e.getMessage() + ")", Integer.MAX_VALUE);
            again.initCause(e);
            throw again;
        }
    }

    private ResponseInputStream<GetObjectResponse> connected() throws IOException {
        ResponseInputStream<GetObjectResponse> open = response;
        if (open == null) {
            open = connect();
            response = open;
        }
        return open;
    }

    private ResponseInputStream<GetObjectResponse> connect() throws IOException {
        GetObjectRequest request = GetObjectRequest.builder()
                .bucket(bucket)
                .key(object)
                .range(at == 0 ? null : "bytes=" + at + "-")
                .ifMatch(tag)
                .build();
        ResponseInputStream<GetObjectResponse> opened;
        try {
            opened = client.getObject(request);
        } catch (S3Exception e) {
            throw refused(e);
        }
        try {
            accept(opened);
            return opened;
        } catch (IOException e) {
            opened.abort();
            throw e;
        }
    }

    private void accept(ResponseInputStream<GetObjectResponse> opened) throws IOException {
        GetObjectResponse head = opened.response();
        boolean partial = head.contentRange() != null;
        if (partial && !head.contentRange().startsWith("bytes " + at + "-")) {
            throw new RetryableException("the response has another range: " + head.contentRange(), Integer.MAX_VALUE);
        }
        Long bytes = head.contentLength();
        long whole = bytes == null ? Long.MAX_VALUE : bytes + (partial ? at : 0);
        boolean replaced = tag == null ? at > whole : whole != length || !tag.equals(head.eTag());
        if (replaced && tag == null) {
            throw new EOFException(url() + ": has " + whole + " bytes, not " + at);
        } else if (replaced) {
            throw replaced(null);
        }
        tag = head.eTag();
        length = whole;
        if (!partial && at > 0) {
            skip(opened); // a server that ignores the range
        }
    }

    private void skip(ResponseInputStream<GetObjectResponse> opened) throws RetryableException {
        try {
            opened.skipNBytes(at);
        } catch (IOException e) {
            RetryableException again =
                    new RetryableException("the response ended early (" + e.getMessage() + ")", Integer.MAX_VALUE);
            again.initCause(e);
            throw again;
        }
    }

    private IOException refused(S3Exception e) throws IOException {
        if (S3Store.isAbsent(e) && tag == null) {
            return new NoSuchFileException(url());
        } else if (S3Store.isAbsent(e) || e.statusCode() == S3ErrorClass.HTTP_PRECONDITION_FAILED) {
            return replaced(e);
        } else if (e.statusCode() == HTTP_RANGE_NOT_SATISFIABLE) {
            return new EOFException(url() + ": has fewer than " + at + " bytes");
        }
        throw e;
    }

    private StoreException replaced(@Nullable Exception cause) {
        String message = url() + ": was replaced or deleted while it was read; put the right content back";
        return cause == null ? new StoreException.Corrupt(message) : new StoreException.Corrupt(message, cause);
    }

    private String operation() {
        return url() + ": cannot be read from byte " + at;
    }

    private String url() {
        return "s3://" + bucket + "/" + object;
    }

    private void disconnect() {
        ResponseInputStream<GetObjectResponse> open = response;
        response = null;
        if (open != null) {
            open.abort(); // close would read the rest
        }
    }

    @Override
    public void close() {
        disconnect();
    }
}
