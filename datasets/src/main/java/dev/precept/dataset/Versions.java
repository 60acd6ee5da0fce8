package dev.precept.dataset;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.precept.config.ConfigurationException;
import dev.precept.store.ObjectStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;

/** The versions of a dataset: whatever has a manifest. Each call asks the store. Thread-safe. */
public final class Versions {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final ObjectStore store;

    Versions(ObjectStore store) {
        this.store = store;
    }

    /** Whether a version of this name was released. */
    public boolean has(String name) {
        return manifest(name).isPresent();
    }

    /** The manifest of a version, if there is one. */
    public Optional<JsonNode> manifest(String name) {
        try {
            Optional<byte[]> manifest = store.read("releases/" + name + "/manifest.json");
            return manifest.isEmpty() ? Optional.empty() : Optional.of(JSON.readTree(manifest.get()));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read release " + name + " of " + store.location(), e);
        }
    }

    /**
     * The version of a name, which may be its own or a ref's, such as {@code latest}.
     *
     * @throws ConfigurationException if there is none
     */
    public String resolve(String name) {
        try {
            String version = has(name)
                    ? name
                    : new Refs(store)
                            .latestMove(name)
                            .map(Refs.Move::version)
                            .filter(this::has)
                            .orElse("");
            if (version.isEmpty()) {
                List<String> all = all();
                throw new ConfigurationException("dataset " + store.location() + " has no version or ref '" + name
                        + "'; its versions are " + (all.isEmpty() ? "none" : String.join(", ", all)));
            }
            return version;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read ref " + name + " of " + store.location(), e);
        }
    }

    /** The names of all. */
    public List<String> all() {
        try {
            return store.list("releases/").stream()
                    .filter(key -> key.endsWith("/manifest.json"))
                    .map(key -> key.split("/")[1])
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot list the releases of " + store.location(), e);
        }
    }
}
