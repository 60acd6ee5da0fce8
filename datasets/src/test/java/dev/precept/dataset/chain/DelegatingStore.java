package dev.precept.dataset.chain;

import dev.precept.store.ObjectStore;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Optional;

/** Delegates to another store; tests override single methods. */
public class DelegatingStore implements ObjectStore {
    private final ObjectStore store;

    protected DelegatingStore(ObjectStore store) {
        this.store = store;
    }

    @Override
    public boolean createIfAbsent(String key, Path content) throws IOException {
        return store.createIfAbsent(key, content);
    }

    @Override
    public boolean createIfAbsent(String key, byte[] content) throws IOException {
        return store.createIfAbsent(key, content);
    }

    @Override
    public Optional<byte[]> read(String key) throws IOException {
        return store.read(key);
    }

    @Override
    public Path fetch(String key) throws IOException {
        return store.fetch(key);
    }

    @Override
    public void discard(Path fetched) throws IOException {
        store.discard(fetched);
    }

    @Override
    public InputStream open(String key, long from) throws IOException {
        return store.open(key, from);
    }

    @Override
    public void delete(String key) throws IOException {
        store.delete(key);
    }

    @Override
    public void visitObjects(String prefix, String after, ObjectVisitor visitor) throws IOException {
        store.visitObjects(prefix, after, visitor);
    }

    @Override
    public String location() {
        return store.location();
    }
}
