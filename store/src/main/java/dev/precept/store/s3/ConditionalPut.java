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
 * One create of one object. The object carries an id of this create as metadata: if the reply to a successful create is
 * lost, the next attempt fails with "exists", and the id shows that this create won.
 */
final class ConditionalPut {
    private static final Logger log = LoggerFactory.getLogger(ConditionalPut.class);

    static final String CREATE_ID = "precept-create";
    static final String SHA256 = "precept-sha256";

    private static final String ANY = "*";
    private static final String TYPE = "application/octet-stream";
    private static final int MAX_UPLOADS = 8;

    private final S3Client client;
    private final RetryPolicy retryPolicy;
    private final Encryption encryption;
    private final String object;
    private final String operation;
    private final Digest digest;
    private final Map<String, String> metadata;

    /** @param operation the object and what failed, for messages */
    ConditionalPut(
            S3Client client,
            RetryPolicy retryPolicy,
            Encryption encryption,
            String operation,
            String object,
            Digest digest) {
        this.client = client;
        this.retryPolicy = retryPolicy;
        this.encryption = encryption;
        this.object = object;
        this.operation = operation;
        this.digest = digest;
        this.metadata = Map.of(CREATE_ID, UUID.randomUUID().toString(), SHA256, digest.hex());
    }

    /** Content that can be read more than once. */
    interface Content {
        InputStream open() throws IOException;
    }

    /** Creates the object with one PUT; false if another create won. */
    boolean putSingle(RequestBody content) throws IOException {
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

    /** As {@link #putSingle}, as a multipart upload; the object becomes visible on its completion. */
    boolean putMultipart(Content content, int partBytes) throws IOException {
        for (int upload = 0; upload < MAX_UPLOADS; upload++) {
            Optional<Boolean> created = tryMultipart(content, partBytes);
            if (created.isPresent()) {
                return created.get();
            }
        }
        throw new StoreException.Unavailable(
                operation + ": " + MAX_UPLOADS + " multipart uploads conflicted on completion; try again");
    }

    /** Empty if the upload was lost and must be repeated. */
    private Optional<Boolean> tryMultipart(Content content, int partBytes) throws IOException {
        String upload = retryPolicy.execute(
                operation, () -> client.createMultipartUpload(createRequest()).uploadId());
        boolean done = false;
        try {
            Optional<Boolean> created = complete(upload, uploadParts(upload, content, partBytes));
            done = created.orElse(false);
            return created;
        } finally {
            if (!done) {
                abandon(upload);
            }
        }
    }

    private CreateMultipartUploadRequest createRequest() {
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

    private List<CompletedPart> uploadParts(String upload, Content content, int partBytes) throws IOException {
        List<CompletedPart> parts = new ArrayList<>();
        try (InputStream in = content.open()) {
            for (byte[] part = in.readNBytes(partBytes); part.length > 0; part = in.readNBytes(partBytes)) {
                parts.add(uploadPart(upload, parts.size() + 1, part));
            }
        }
        return parts;
    }

    private CompletedPart uploadPart(String upload, int number, byte[] bytes) throws IOException {
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
                    // A conflict invalidates the upload. A missing upload was completed by an attempt whose reply was
                    // lost, or was deleted.
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
            String createId = found.get(CREATE_ID);
            return createId == null ? hasSameBytes() : createId.equals(metadata.get(CREATE_ID));
        } catch (S3Exception e) {
            if (e.statusCode() == S3ErrorClass.HTTP_NOT_FOUND) {
                throw new RetryableException("the object existed and was deleted", MAX_UPLOADS);
            }
            throw e;
        }
    }

    private HeadObjectResponse head() {
        return client.headObject(
                head -> head.bucket(retryPolicy.bucket().name()).key(object));
    }

    /** For a server that stores no metadata: an object with the same bytes counts as ours. */
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
            // A lifecycle rule of the bucket deletes incomplete uploads; they are not visible as objects.
            log.atDebug().setCause(e).addKeyValue("object", object).log("cannot abort a multipart upload");
        }
    }

    /** A body that every attempt reads from the start. */
    static RequestBody body(byte[] bytes) {
        return RequestBody.fromContentProvider(ContentStreamProvider.fromByteArrayUnsafe(bytes), bytes.length, TYPE);
    }
}
