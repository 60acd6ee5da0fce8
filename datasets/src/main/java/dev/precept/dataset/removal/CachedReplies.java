package dev.precept.dataset.removal;

import dev.precept.dataset.Layout;
import dev.precept.store.ObjectStore;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/** The stored replies of models. Which reply became which row is not recorded, so a purge deletes all of them. */
final class CachedReplies {
    private static final int BATCH = 4096;

    private CachedReplies() {}

    /**
     * Deletes all cached replies while they are listed: there may be millions.
     *
     * @return the number of replies
     */
    static long deleteAll(ObjectStore store) throws IOException {
        List<String> batch = new ArrayList<>();
        AtomicLong deleted = new AtomicLong();
        store.visitObjects(Layout.CACHE, "", reply -> {
            if (!reply.key().equals(Layout.CACHE_SECRET)) {
                batch.add(reply.key());
            }
            if (batch.size() == BATCH) {
                deleted.addAndGet(Deletions.delete(store, batch));
                batch.clear();
            }
            return true;
        });
        return deleted.get() + Deletions.delete(store, batch);
    }
}
