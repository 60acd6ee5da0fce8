package dev.precept.dataset.chain;

import dev.precept.store.ObjectStore;
import java.io.IOException;
import java.nio.file.Path;

/** Calls a hook before each create and delete; the hook may fail, or do what another process does at that moment. */
public final class HookedStore extends DelegatingStore {
    private final Hook hook;

    public HookedStore(ObjectStore store, Hook hook) {
        super(store);
        this.hook = hook;
    }

    public interface Hook {
        void beforeWrite(String key) throws IOException;
    }

    @Override
    public boolean createIfAbsent(String key, Path content) throws IOException {
        hook.beforeWrite(key);
        return super.createIfAbsent(key, content);
    }

    @Override
    public boolean createIfAbsent(String key, byte[] content) throws IOException {
        hook.beforeWrite(key);
        return super.createIfAbsent(key, content);
    }

    @Override
    public void delete(String key) throws IOException {
        hook.beforeWrite(key);
        super.delete(key);
    }
}
