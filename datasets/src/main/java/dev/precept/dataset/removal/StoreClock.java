package dev.precept.dataset.removal;

import dev.precept.store.ObjectStore;
import java.io.IOException;
import java.time.Instant;
import java.util.UUID;

/** The clock of a store, which dates its keys; the clock of this machine may differ. */
final class StoreClock {
    private StoreClock() {}

    static Instant read(ObjectStore store) throws IOException {
        String probe = ObjectStore.PROBE_PREFIX + UUID.randomUUID();
        store.createIfAbsent(probe, new byte[] {1});
        try {
            return store.listObjects(probe).getFirst().modified();
        } finally {
            store.delete(probe);
        }
    }
}
