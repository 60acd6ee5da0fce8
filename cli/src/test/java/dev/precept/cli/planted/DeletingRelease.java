package dev.precept.cli.planted;

import dev.precept.store.ObjectStore;
import java.io.IOException;
import java.util.List;

/** Deletes outside the package that may. */
public final class DeletingRelease {
    private DeletingRelease() {}

    interface Deletion {
        void delete(String key) throws IOException;
    }

    static void byCall(ObjectStore store) throws IOException {
        store.delete("releases/v1/manifest.json");
    }

    static List<Deletion> byReference(ObjectStore store) {
        return List.of(store::delete);
    }
}
