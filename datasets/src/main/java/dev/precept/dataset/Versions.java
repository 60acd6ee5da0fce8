package dev.precept.dataset;

import dev.precept.config.ConfigurationException;
import dev.precept.store.ObjectStore;
import dev.precept.store.StoreException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;

/** The versions of a dataset; a version exists if it has a manifest. Each call reads the store. Thread-safe. */
public final class Versions {
    private final ObjectStore store;

    Versions(ObjectStore store) {
        this.store = store;
    }

    /** Whether a version exists. */
    public boolean has(String name) {
        return manifest(name).isPresent();
    }

    /** The manifest of a version, if there is one. */
    public Optional<Manifest> manifest(String name) {
        if (!Refs.isValidName(name)) {
            return Optional.empty(); // and would not be a key of this version's folder
        }
        String key = Layout.manifest(name);
        try {
            Optional<byte[]> manifest = store.read(key);
            return manifest.isEmpty() ? Optional.empty() : Optional.of(Manifest.read(manifest.get()));
        } catch (InvalidDocumentException e) {
            throw new UncheckedIOException(
                    "cannot read release " + name + " of " + store.location(),
                    new StoreException.Corrupt(
                            store.location() + "/" + key + ": " + e.getMessage() + "; put it back from a backup", e));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read release " + name + " of " + store.location(), e);
        }
    }

    /**
     * Resolves the name of a version, or a ref such as {@code latest}.
     *
     * @throws ConfigurationException if there is no such version
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

    /** The names of all versions. */
    public List<String> all() {
        try {
            return store.list(Layout.RELEASES).stream()
                    .map(Layout::parseRelease)
                    .flatMap(Optional::stream)
                    .filter(Layout.ReleaseFile::isManifest)
                    .map(Layout.ReleaseFile::version)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot list the releases of " + store.location(), e);
        }
    }
}
