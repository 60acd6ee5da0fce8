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
import java.util.concurrent.atomic.AtomicBoolean;

/** Listings of a dataset. */
public final class DatasetKeys {
    /** After every key of a cached reply, which are of letters and digits. */
    private static final String AFTER_CACHE = Layout.CACHE + "~";

    private DatasetKeys() {}

    /** All keys but the cached replies: there is one for every answer of a model, so they are not even listed. */
    public static List<ObjectInfo> list(ObjectStore store) throws IOException {
        List<ObjectInfo> keys = new ArrayList<>();
        AtomicBoolean cached = new AtomicBoolean();
        store.visitObjects("", "", each -> {
            cached.set(each.key().startsWith(Layout.CACHE));
            if (!cached.get()) {
                keys.add(each);
            }
            return !cached.get();
        });
        if (cached.get()) {
            keys.addAll(store.listObjects("", AFTER_CACHE));
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
