package dev.precept.store.s3;

import dev.precept.store.StoreException;
import dev.precept.store.s3.S3Settings.Encryption;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.ContentStreamProvider;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.ChecksumAlgorithm;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.CreateMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.ServerSideEncryption;

/**
 * One create of one object. A mark that no other create has travels with the bytes: when the reply to a create that
 * succeeded is lost, the next try is told that the object exists, and the mark says whose it is.
 */
final class ConditionalPut {
    private static final Logger log = LoggerFactory.getLogger(ConditionalPut.class);

    static final String MARK = "precept-create";
    static final String SHA256 = "precept-sha256";

    private static final String ANY = "*";
    private static final String TYPE = "application/octet-stream";
    private static final int ROUNDS = 8;

    private final S3Client client;
    private final RetryPolicy retryPolicy;
    private final Encryption encryption;
    private final String object;
    private final String operation;
    private final Digest digest;
    private final Map<String, String> metadata;

    /** @param doing what is said of the place when it fails */
    ConditionalPut(
            S3Client client,
            RetryPolicy retryPolicy,
            Encryption encryption,
            String doing,
            String object,
            Digest digest) {
        this.client = client;
        this.retryPolicy = retryPolicy;
        this.encryption = encryption;
        this.object = object;
        this.operation = doing;
        this.digest = digest;
        this.metadata = Map.of(MARK, UUID.randomUUID().toString(), SHA256, digest.hex());
    }

    /** Bytes that can be read from their beginning more than once. */
    interface Content {
        InputStream open() throws IOException;
    }

    /** Whether the object is there and ours; what it takes is sent in one piece. */
    boolean putWhole(RequestBody content) throws IOException {
        PutObjectRequest request = put().ifNoneMatch(ANY).build();
        return retryPolicy.execute(operation, () -> {
            try {
                client.putObject(request, content);
                return true;
            } catch (S3Exception e) {
                if (e.statusCode() == S3ErrorClass.HTTP_PRECONDITION_FAILED) {
                    return isOurs();
                }
                throw e;
            }
        });
    }

    private PutObjectRequest.Builder put() {
        PutObjectRequest.Builder request = PutObjectRequest.builder()
                .bucket(retryPolicy.bucket().name())
                .key(object)
                .metadata(metadata)
                .checksumSHA256(digest.base64());
        return switch (encryption) {
            case Encryption.BucketDefault() -> request;
            case Encryption.SseS3() -> request.serverSideEncryption(ServerSideEncryption.AES256);
            case Encryption.SseKms(Optional<String> keyId) -> {
                keyId.ifPresent(request::ssekmsKeyId);
                yield request.serverSideEncryption(ServerSideEncryption.AWS_KMS);
            }
        };
    }

    /** As {@link #putWhole}, in parts; nobody sees the object before its last part is there. */
    boolean putMultipart(Content content, int partBytes) throws IOException {
        for (int round = 0; round < ROUNDS; round++) {
            Optional<Boolean> created = tryMultipart(content, partBytes);
            if (created.isPresent()) {
                return created.get();
            }
        }
        throw new StoreException.Unavailable(
                operation + ": " + ROUNDS + " uploads met a conflict at their end; try again");
    }

    /** Empty where the upload came to nothing and another must be begun. */
    private Optional<Boolean> tryMultipart(Content content, int partBytes) throws IOException {
        String upload = retryPolicy.execute(
                operation, () -> client.createMultipartUpload(begin()).uploadId());
        boolean done = false;
        try {
            Optional<Boolean> created = complete(upload, parts(upload, content, partBytes));
            done = created.orElse(false);
            return created;
        } finally {
            if (!done) {
                abandon(upload);
            }
        }
    }

    private CreateMultipartUploadRequest begin() {
        CreateMultipartUploadRequest.Builder request = CreateMultipartUploadRequest.builder()
                .bucket(retryPolicy.bucket().name())
                .key(object)
                .metadata(metadata)
                .checksumAlgorithm(ChecksumAlgorithm.SHA256);
        return switch (encryption) {
            case Encryption.BucketDefault() -> request.build();
            case Encryption.SseS3() ->
                request.serverSideEncryption(ServerSideEncryption.AES256).build();
            case Encryption.SseKms(Optional<String> keyId) -> {
                keyId.ifPresent(request::ssekmsKeyId);
                yield request.serverSideEncryption(ServerSideEncryption.AWS_KMS).build();
            }
        };
    }

    private List<CompletedPart> parts(String upload, Content content, int partBytes) throws IOException {
        List<CompletedPart> parts = new ArrayList<>();
        try (InputStream in = content.open()) {
            for (byte[] part = in.readNBytes(partBytes); part.length > 0; part = in.readNBytes(partBytes)) {
                parts.add(part(upload, parts.size() + 1, part));
            }
        }
        return parts;
    }

    private CompletedPart part(String upload, int number, byte[] bytes) throws IOException {
        String checksum = Digest.compute(bytes).base64();
        RequestBody body = body(bytes);
        String tag = retryPolicy.execute(
                operation,
                () -> client.uploadPart(
                                part -> part.bucket(retryPolicy.bucket().name())
                                        .key(object)
                                        .uploadId(upload)
                                        .partNumber(number)
                                        .checksumSHA256(checksum),
                                body)
                        .eTag());
        return CompletedPart.builder()
                .partNumber(number)
                .eTag(tag)
                .checksumSHA256(checksum)
                .build();
    }

    private Optional<Boolean> complete(String upload, List<CompletedPart> parts) throws IOException {
        return retryPolicy.execute(operation, () -> {
            try {
                client.completeMultipartUpload(
                        complete -> complete.bucket(retryPolicy.bucket().name())
                                .key(object)
                                .uploadId(upload)
                                .ifNoneMatch(ANY)
                                .multipartUpload(all -> all.parts(parts)));
                return Optional.of(true);
            } catch (S3Exception e) {
                return switch (e.statusCode()) {
                    case S3ErrorClass.HTTP_PRECONDITION_FAILED -> Optional.of(isOurs());
                    // A conflict spoils the upload. One that is gone was completed by a try whose reply was lost, or
                    // removed.
                    case S3ErrorClass.HTTP_CONFLICT -> Optional.empty();
                    case S3ErrorClass.HTTP_NOT_FOUND -> exists() ? Optional.of(isOurs()) : Optional.empty();
                    default -> throw e;
                };
            }
        });
    }

    private boolean exists() {
        try {
            head();
            return true;
        } catch (S3Exception e) {
            if (e.statusCode() == S3ErrorClass.HTTP_NOT_FOUND) {
                return false;
            }
            throw e;
        }
    }

    private boolean isOurs() throws IOException {
        try {
            Map<String, String> found = head().metadata();
            String mark = found.get(MARK);
            return mark == null ? hasSameBytes() : mark.equals(metadata.get(MARK));
        } catch (S3Exception e) {
            if (e.statusCode() == S3ErrorClass.HTTP_NOT_FOUND) {
                throw new RetryableException("it was there and is gone", ROUNDS);
            }
            throw e;
        }
    }

    private HeadObjectResponse head() {
        return client.headObject(
                head -> head.bucket(retryPolicy.bucket().name()).key(object));
    }

    /** For a server that keeps no metadata: who stored the same bytes stored ours. */
    private boolean hasSameBytes() throws IOException {
        try (InputStream in =
                client.getObject(get -> get.bucket(retryPolicy.bucket().name()).key(object))) {
            return Digest.compute(in).equals(digest);
        }
    }

    private void abandon(String upload) {
        try {
            client.abortMultipartUpload(abort ->
                    abort.bucket(retryPolicy.bucket().name()).key(object).uploadId(upload));
        } catch (SdkException e) {
            // A rule of the bucket removes what is left of uploads; nothing of it can be seen as an object.
            log.atDebug().setCause(e).addKeyValue("object", object).log("an upload in parts could not be abandoned");
        }
    }

    /** A body that is read anew for every try. */
    static RequestBody body(byte[] bytes) {
        return RequestBody.fromContentProvider(ContentStreamProvider.fromByteArrayUnsafe(bytes), bytes.length, TYPE);
    }
}
