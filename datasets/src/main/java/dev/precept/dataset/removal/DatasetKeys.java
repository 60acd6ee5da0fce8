package dev.precept.dataset.removal;

import dev.precept.dataset.Layout;
import dev.precept.dataset.Layout.ReleaseFile;
import dev.precept.store.ObjectStore;
import dev.precept.store.ObjectStore.ObjectInfo;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Listings of a dataset. */
public final class DatasetKeys {
    private DatasetKeys() {}

    /** All keys but the cached replies, of which there is one for every answer of a model. */
    public static List<ObjectInfo> list(ObjectStore store) throws IOException {
        List<ObjectInfo> keys = new ArrayList<>();
        for (ObjectInfo each : store.listObjects("")) {
            if (!each.key().startsWith(Layout.CACHE)) {
                keys.add(each);
            }
        }
        return keys;
    }

    /** The files below the folders of versions, by version. */
    static Map<String, List<ObjectInfo>> byVersion(List<ObjectInfo> keys) {
        Map<String, List<ObjectInfo>> versions = new TreeMap<>();
        for (ObjectInfo each : keys) {
            Optional<ReleaseFile> file = Layout.parseRelease(each.key());
            file.ifPresent(at -> versions.computeIfAbsent(at.version(), name -> new ArrayList<>())
                    .add(each));
        }
        return versions;
    }
}
