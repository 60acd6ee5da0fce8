package dev.precept.reward;

import dev.precept.config.ConfigurationException;
import dev.precept.config.FileErrors;
import dev.precept.store.ObjectStore;
import dev.precept.store.StoreException;
import dev.precept.store.location.StoreLocation;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;

/**
 * The votes on answers, one object for each key, created once: of several replicas the first one decides. Deleting them
 * changes rewards.
 */
final class VoteStore {
    private static final String FOLDER = "cache/rewards/";
    private static final int FOLDER_DIGITS = 2;

    private final ObjectStore store;

    VoteStore(ObjectStore store) {
        this.store = store;
    }

    /** @throws ConfigurationException if votes cannot be written there */
    static VoteStore open(StoreLocation location) {
        try {
            return new VoteStore(location.openBelow(FOLDER));
        } catch (StoreException.Misconfigured e) {
            throw new ConfigurationException("dataset " + e.getMessage());
        } catch (IOException e) {
            if (location instanceof StoreLocation.Folder) {
                throw new ConfigurationException(location + ": cannot be written (" + FileErrors.describe(e)
                        + "); votes are stored there, so name a writable folder");
            }
            throw new UncheckedIOException("cannot open " + location, e);
        }
    }

    /** @throws IOException if the store cannot be read, or what it holds is no vote */
    Optional<StoredVote> find(String key) throws IOException {
        Optional<byte[]> bytes = store.read(path(key));
        try {
            return bytes.isEmpty() ? Optional.empty() : Optional.of(StoredVote.read(bytes.get()));
        } catch (IOException e) {
            throw new IOException("the stored vote " + path(key) + " cannot be read (" + e.getMessage() + ")", e);
        }
    }

    /** Stores a vote unless there is one, and returns the one that is stored. */
    StoredVote keepFirst(String key, StoredVote vote) throws IOException {
        if (store.createIfAbsent(path(key), vote.write())) {
            return vote;
        }
        return find(key).orElseThrow(() -> new IOException("the stored vote " + path(key) + " was deleted"));
    }

    private static String path(String key) {
        return FOLDER + key.substring(0, FOLDER_DIGITS) + "/" + key + ".json";
    }
}
