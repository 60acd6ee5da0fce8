package dev.precept.dataset.removal;

import dev.precept.dataset.Layout;
import dev.precept.store.ObjectStore;
import java.io.IOException;
import java.util.List;
import java.util.Locale;

/** The stored replies of models. Which reply became which row is not recorded, so a purge deletes all of them. */
final class CachedReplies {
    private static final int FOLDERS = 256;

    private CachedReplies() {}

    /**
     * Deletes all cached replies, folder by folder: there may be millions, of which one folder is in memory at a time.
     *
     * @return the number of replies
     */
    static long deleteAll(ObjectStore store) throws IOException {
        long deleted = 0;
        for (int folder = 0; folder < FOLDERS; folder++) {
            String prefix = Layout.CACHE + String.format(Locale.ROOT, "%02x", folder);
            deleted += Deletions.delete(store, store.list(prefix));
        }
        List<String> others = store.list(Layout.CACHE).stream()
                .filter(key -> !key.equals(Layout.CACHE_SECRET))
                .toList();
        return deleted + Deletions.delete(store, others);
    }
}
