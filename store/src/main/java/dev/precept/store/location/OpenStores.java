package dev.precept.store.location;

import dev.precept.store.ObjectStore;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The stores that this process opened by their location. A store is used until the process ends: a command closes all of
 * them before it ends, a signal closes them too. Thread-safe.
 */
public final class OpenStores {
    private static final Logger log = LoggerFactory.getLogger(OpenStores.class);
    private static final Set<ObjectStore> OPEN = ConcurrentHashMap.newKeySet();

    static {
        try {
            Runtime.getRuntime().addShutdownHook(new Thread(OpenStores::closeAll, "close-stores"));
        } catch (IllegalStateException e) {
            log.atDebug().setCause(e).log("the process is ending; its main thread closes the stores");
        }
    }

    private OpenStores() {}

    static ObjectStore add(ObjectStore store) {
        OPEN.add(store);
        return store;
    }

    /** Closes every store. A store that cannot delete its local copies is logged: a later process deletes them. */
    public static void closeAll() {
        for (ObjectStore store : List.copyOf(OPEN)) {
            OPEN.remove(store);
            try {
                store.close();
            } catch (IOException e) {
                log.atWarn().addKeyValue("store", store.location()).setCause(e).log("cannot delete local copies");
            }
        }
    }
}
