package dev.precept.dataset.chain;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.precept.content.Sha256;
import dev.precept.store.StoreException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/**
 * A copy of consecutive commits of a chain in one object, so that a reader needs one request for a thousand commits. It is
 * derived: the commits in {@code log/} are authoritative, and a reader without it gives the same result.
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Checkpoint(String key, byte[] content) {
    /** Commits of one checkpoint. */
    static final int COMMITS = 1_000;

    private static final ObjectMapper JSON = new ObjectMapper();
    /** A thousand commits have about 600 KB; a damaged object must not fill the memory. */
    private static final int MOST_BYTES = 64 << 20;

    private record Document(List<Commit> commits) {}

    static Checkpoint of(ChainId chain, List<Commit> commits) throws IOException {
        byte[] json = JSON.writeValueAsBytes(new Document(commits));
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        try (GZIPOutputStream compressed = new GZIPOutputStream(content)) {
            compressed.write(json);
        }
        String key =
                chain.checkpointKey(commits.getFirst().from(), commits.getLast().to(), Sha256.hex(json));
        return new Checkpoint(key, content.toByteArray());
    }

    /**
     * The commits of a checkpoint.
     *
     * @param name from its key
     * @throws StoreException.Corrupt if it is damaged, or holds other commits than its name says
     */
    static List<Commit> read(String where, ChainId.CheckpointName name, byte[] content) throws IOException {
        List<Commit> commits;
        try (GZIPInputStream compressed = new GZIPInputStream(new ByteArrayInputStream(content))) {
            byte[] json = compressed.readNBytes(MOST_BYTES);
            if (!Sha256.hex(json).startsWith(name.sha16())) {
                throw new StoreException.Corrupt(where + " does not have the content that its name says");
            }
            commits = Commit.JSON.readValue(json, Document.class).commits();
        } catch (StoreException.Corrupt e) {
            throw e;
        } catch (JsonProcessingException e) {
            throw new StoreException.Corrupt(where + " is not a checkpoint: " + e.getOriginalMessage(), e);
        } catch (IOException e) {
            throw new StoreException.Corrupt(where + " is not a checkpoint: " + e.getMessage(), e);
        }
        requireRange(where, name, commits);
        return commits;
    }

    private static void requireRange(String where, ChainId.CheckpointName name, List<Commit> commits)
            throws StoreException.Corrupt {
        long next = name.from();
        for (Commit commit : commits) {
            if (commit.from() != next || !name.chain().has(commit)) {
                throw new StoreException.Corrupt(where + " has a commit of another position");
            }
            next = commit.to();
        }
        if (next != name.to()) {
            throw new StoreException.Corrupt(where + " ends at offset " + next);
        }
    }
}
