package dev.precept.dataset.chain;

import dev.precept.store.ObjectStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;

/** A store in memory, for tests with thousands of keys. */
public final class MemoryStore implements ObjectStore {
    private final Map<String, Stored> objects = new ConcurrentSkipListMap<>();
    private final Path files;

    /** @param files folder of fetched objects */
    public MemoryStore(Path files) {
        this.files = files;
    }

    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Stored(byte[] content, Instant modified) {}

    @Override
    public boolean createIfAbsent(String key, Path content) throws IOException {
        return createIfAbsent(key, Files.readAllBytes(content));
    }

    @Override
    public boolean createIfAbsent(String key, byte[] content) {
        return objects.putIfAbsent(key, new Stored(content.clone(), Instant.now())) == null;
    }

    /** Replaces a key, which no product code can. */
    public void replace(String key, byte[] content) {
        objects.put(key, new Stored(content.clone(), Instant.now()));
    }

    @Override
    public Optional<byte[]> read(String key) {
        return Optional.ofNullable(objects.get(key)).map(stored -> stored.content.clone());
    }

    @Override
    public Path fetch(String key) throws IOException {
        Path file = files.resolve(key.replace('/', '_'));
        return Files.write(file, read(key).orElseThrow(() -> new NoSuchFileException(key)));
    }

    @Override
    public void delete(String key) {
        objects.remove(key);
    }

    @Override
    public void visitObjects(String prefix, String after, ObjectVisitor visitor) throws IOException {
        for (Map.Entry<String, Stored> each : objects.entrySet()) {
            String key = each.getKey();
            if (key.startsWith(prefix)
                    && key.compareTo(after) > 0
                    && !visitor.visit(new ObjectInfo(key, each.getValue().content.length, each.getValue().modified))) {
                return;
            }
        }
    }

    @Override
    public String location() {
        return "memory";
    }
}
