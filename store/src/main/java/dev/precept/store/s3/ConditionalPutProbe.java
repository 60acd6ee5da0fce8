package dev.precept.store.s3;

import dev.precept.store.ObjectStore;
import dev.precept.store.StoreException;
import dev.precept.store.s3.S3Settings.Encryption;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** Verifies that the server rejects a second create of a key; else two writers could both win. */
final class ConditionalPutProbe {
    private static final Logger log = LoggerFactory.getLogger(ConditionalPutProbe.class);

    private final Bucket bucket;
    private final S3Client client;
    private final RetryPolicy retryPolicy;
    private final Encryption encryption;
    private final String operation;
    private final String object;

    ConditionalPutProbe(Bucket bucket, S3Client client, RetryPolicy retryPolicy, Encryption encryption) {
        this.bucket = bucket;
        this.client = client;
        this.retryPolicy = retryPolicy;
        this.encryption = encryption;
        this.operation = bucket + ": cannot be opened";
        this.object = bucket.objectKey(ObjectStore.PROBE_PREFIX + UUID.randomUUID());
    }

    /**
     * Creates a key three times, the third time by a multipart upload, and deletes it. Credentials that may not delete
     * leave it behind.
     *
     * @return whether the condition holds for multipart uploads too
     * @throws StoreException.Misconfigured if a second create succeeds
     */
    boolean supportsConditionalMultipart() throws IOException {
        boolean first = create(1);
        boolean second = create(2);
        boolean third = first && !second && createMultipart(3);
        delete();
        if (!first || second) {
            throw new StoreException.Misconfigured(bucket
                    + ": the server lets a key be created twice (it ignores If-None-Match on PUT), so two writers could "
                    + "overwrite each other; use a store that honours it");
        }
        if (third) {
            log.atWarn()
                    .addKeyValue("store", bucket)
                    .log("server ignores If-None-Match on the completion of multipart uploads; using single uploads");
        }
        return !third;
    }

    /** Only commands that remove data need the permission. */
    private void delete() throws IOException {
        retryPolicy.execute(operation, () -> {
            try {
                client.deleteObject(delete -> delete.bucket(bucket.name()).key(object));
            } catch (S3Exception e) {
                if (e.statusCode() != S3ErrorClass.HTTP_FORBIDDEN) {
                    throw e;
                }
                log.atWarn()
                        .addKeyValue("store", bucket)
                        .addKeyValue("object", object)
                        .log("no permission to delete the object of a check; 'precept gc' removes it");
            }
            return true;
        });
    }

    private boolean create(int content) throws IOException {
        byte[] bytes = {(byte) content};
        return new ConditionalPut(client, retryPolicy, encryption, operation, object, Digest.compute(bytes))
                .putSingle(ConditionalPut.body(bytes));
    }

    private boolean createMultipart(int content) throws IOException {
        byte[] bytes = {(byte) content};
        return new ConditionalPut(client, retryPolicy, encryption, operation, object, Digest.compute(bytes))
                .putMultipart(() -> new ByteArrayInputStream(bytes), bytes.length);
    }
}
