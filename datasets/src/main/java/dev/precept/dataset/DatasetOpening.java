package dev.precept.dataset;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.precept.config.ConfigurationException;
import dev.precept.store.ObjectStore;
import dev.precept.store.location.StoreLocation;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;

/** Opens and creates datasets. */
final class DatasetOpening {
    private static final ObjectMapper JSON = new ObjectMapper();

    private DatasetOpening() {}

    static Dataset openOrCreate(StoreLocation location, int partitions, Optional<String> topicPrefix) {
        ObjectStore store = DatasetLocation.open(location);
        try {
            if (store.read(Layout.IDENTITY).isEmpty()) {
                String id = UUID.randomUUID().toString();
                ObjectNode identity = JSON.createObjectNode();
                identity.put("dataset_id", id);
                identity.put("topic_prefix", topicPrefix.orElseGet(() -> prefix(location.name(), id)));
                identity.put("partitions", partitions);
                store.createIfAbsent(Layout.IDENTITY, Dataset.pretty(identity));
            }
            return Dataset.openExisting(store);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot open the dataset " + location, e);
        }
    }

    static Dataset openExisting(StoreLocation location, Function<StoreLocation, ObjectStore> opener) {
        return find(location, opener)
                .orElseThrow(() -> new ConfigurationException(
                        "dataset " + location + ": there is no dataset here; 'precept run' makes one"));
    }

    static Optional<Dataset> find(StoreLocation location, Function<StoreLocation, ObjectStore> opener) {
        if (location instanceof StoreLocation.Folder(Path folder) && !Files.exists(folder.resolve(Layout.IDENTITY))) {
            return Optional.empty(); // opening the folder would create it
        }
        ObjectStore store = opener.apply(location);
        try {
            return store.read(Layout.IDENTITY).isEmpty() ? Optional.empty() : Optional.of(Dataset.openExisting(store));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot open the dataset " + location, e);
        }
    }

    private static String prefix(String name, String id) {
        String readable = (name.isEmpty() ? "dataset" : name).replaceAll("[^A-Za-z0-9_-]", "-");
        return readable.substring(0, Math.min(40, readable.length())) + "-" + id.substring(0, 8);
    }
}
