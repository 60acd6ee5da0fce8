package dev.precept.dataset.removal;

import dev.precept.store.ObjectStore;
import dev.precept.store.ParallelCalls;
import java.io.IOException;
import java.util.Collection;

/** Deletes keys, several at a time. */
final class Deletions {
    private Deletions() {}

    /** @return the number of keys */
    static int delete(ObjectStore store, Collection<String> keys) throws IOException {
        ParallelCalls.forEach(keys, ParallelCalls.SMALL_OBJECTS, store::delete);
        return keys.size();
    }
}
