package dev.precept.judging;

import dev.precept.config.ConfigurationException;
import dev.precept.config.FileErrors;
import dev.precept.model.cache.ResponseCache;
import dev.precept.store.ObjectStore;
import dev.precept.store.StoreException;
import dev.precept.store.location.StoreLocation;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;

/** A response cache in the store of a dataset, one object for each key. Objects may be deleted at any time. */
public final class StoreResponseCache implements ResponseCache {
    private static final String FOLDER = "cache/";
    private static final int FOLDER_DIGITS = 2;

    private final ObjectStore store;

    StoreResponseCache(ObjectStore store) {
        this.store = store;
    }

    /** @throws ConfigurationException if the cache of the dataset cannot be written */
    public static StoreResponseCache open(StoreLocation dataset) {
        try {
            return new StoreResponseCache(dataset.openBelow(FOLDER));
        } catch (StoreException.Misconfigured e) {
            throw new ConfigurationException("dataset " + e.getMessage());
        } catch (IOException e) {
            if (dataset instanceof StoreLocation.Folder) {
                throw new ConfigurationException("dataset " + dataset + ": cannot be written (" + FileErrors.describe(e)
                        + "); name a writable folder, or give --no-cache");
            }
            throw new UncheckedIOException("cannot open the dataset " + dataset, e);
        }
    }

    @Override
    public Optional<byte[]> get(String key) throws IOException {
        return store.read(path(key));
    }

    @Override
    public void put(String key, byte[] bytes) throws IOException {
        boolean _ = store.createDisposable(path(key), bytes); // an answer that another worker stored is as good
    }

    @Override
    public void delete(String key) throws IOException {
        store.delete(path(key));
    }

    private static String path(String key) {
        return FOLDER + key.substring(0, FOLDER_DIGITS) + "/" + key + ".json";
    }
}
