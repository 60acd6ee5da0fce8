package dev.precept.store.s3;

import dev.precept.store.StoreRefused;
import dev.precept.store.s3.S3Settings.Encryption;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.s3.S3Client;

/** The proof that a key can be created once and not twice. Without it two writers would both believe that they won. */
final class Probe {
    private static final Logger log = LoggerFactory.getLogger(Probe.class);

    private final Bucket bucket;
    private final S3Client client;
    private final Attempts attempts;
    private final Encryption encryption;
    private final String doing;
    private final String object;

    Probe(Bucket bucket, S3Client client, Attempts attempts, Encryption encryption) {
        this.bucket = bucket;
        this.client = client;
        this.attempts = attempts;
        this.encryption = encryption;
        this.doing = bucket + ": cannot be opened";
        this.object = bucket.object(".probe-" + UUID.randomUUID());
    }

    /**
     * Creates a key three times, the third time in parts, and removes it.
     *
     * @return whether it can be created once in parts too
     * @throws StoreRefused if a second create succeeds
     */
    boolean partsHaveOneWinner() throws IOException {
        boolean first = create(1);
        boolean second = create(2);
        boolean third = first && !second && createInParts(3);
        attempts.until(
                doing,
                () -> client.deleteObject(delete -> delete.bucket(bucket.name()).key(object)));
        if (!first || second) {
            throw new StoreRefused(bucket
                    + ": the server lets a key be created twice (it ignores If-None-Match on PUT), so two writers could "
                    + "overwrite each other; give a store that honours it");
        }
        if (third) {
            log.atWarn()
                    .addKeyValue("store", bucket)
                    .log("the server ignores If-None-Match at the end of an upload in parts; files are sent whole");
        }
        return !third;
    }

    private boolean create(int content) throws IOException {
        byte[] bytes = {(byte) content};
        return new Create(client, attempts, encryption, doing, object, Digest.of(bytes)).whole(Create.body(bytes));
    }

    private boolean createInParts(int content) throws IOException {
        byte[] bytes = {(byte) content};
        return new Create(client, attempts, encryption, doing, object, Digest.of(bytes))
                .inParts(() -> new ByteArrayInputStream(bytes), bytes.length);
    }
}
