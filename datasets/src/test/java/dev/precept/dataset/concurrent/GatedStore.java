package dev.precept.dataset.concurrent;

import dev.precept.dataset.chain.DelegatingStore;
import dev.precept.store.ObjectStore;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A store whose calls wait at a gate. */
final class GatedStore extends DelegatingStore {
    private final CommandGate gate;

    GatedStore(ObjectStore store, CommandGate gate) {
        super(store);
        this.gate = gate;
    }

    private interface Call<T> {
        T make() throws IOException;
    }

    private <T> T gated(String what, String key, Call<T> call) throws IOException {
        gate.enter(what + " " + key);
        try {
            return call.make();
        } finally {
            gate.leave();
        }
    }

    @Override
    public boolean createIfAbsent(String key, Path content) throws IOException {
        return gated("create", key, () -> super.createIfAbsent(key, content));
    }

    @Override
    public boolean createIfAbsent(String key, byte[] content) throws IOException {
        return gated("create", key, () -> super.createIfAbsent(key, content));
    }

    @Override
    public Optional<byte[]> read(String key) throws IOException {
        return gated("read", key, () -> super.read(key));
    }

    @Override
    public Path fetch(String key) throws IOException {
        return gated("fetch", key, () -> super.fetch(key));
    }

    /** Reading the stream is no further call: what was opened stays readable. */
    @Override
    public InputStream open(String key, long from) throws IOException {
        return gated("open", key, () -> super.open(key, from));
    }

    @Override
    public void delete(String key) throws IOException {
        gated("delete", key, () -> {
            super.delete(key);
            return key;
        });
    }

    /** A listing is one call; what the visitor calls comes after it. */
    @Override
    public void visitObjects(String prefix, String after, ObjectVisitor visitor) throws IOException {
        List<ObjectInfo> found = new ArrayList<>();
        gated("list", prefix, () -> {
            super.visitObjects(prefix, after, found::add);
            return prefix;
        });
        for (ObjectInfo object : found) {
            if (!visitor.visit(object)) {
                return;
            }
        }
    }
}
