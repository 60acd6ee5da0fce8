package dev.precept.dataset.chain;

import dev.precept.store.ObjectStore;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Counts requests by kind and first folder. A listing counts once for each thousand keys, as in S3. */
public final class CountingStore extends DelegatingStore {
    private static final int PAGE = 1_000;

    private final Map<String, Integer> requests = new TreeMap<>();

    public CountingStore(ObjectStore store) {
        super(store);
    }

    public synchronized Map<String, Integer> requests() {
        return new TreeMap<>(requests);
    }

    public synchronized int requests(String request) {
        return requests.getOrDefault(request, 0);
    }

    public synchronized void reset() {
        requests.clear();
    }

    private synchronized void count(String kind, String key) {
        requests.merge(kind + " " + key.substring(0, key.indexOf('/') + 1), 1, Integer::sum);
    }

    @Override
    public boolean createIfAbsent(String key, Path content) throws IOException {
        count("PUT", key);
        return super.createIfAbsent(key, content);
    }

    @Override
    public boolean createIfAbsent(String key, byte[] content) throws IOException {
        count("PUT", key);
        return super.createIfAbsent(key, content);
    }

    @Override
    public Optional<byte[]> read(String key) throws IOException {
        count("GET", key);
        return super.read(key);
    }

    @Override
    public Path fetch(String key) throws IOException {
        count("FETCH", key);
        return super.fetch(key);
    }

    @Override
    public void visitObjects(String prefix, String after, ObjectVisitor visitor) throws IOException {
        int[] visited = {0};
        count("LIST", prefix);
        super.visitObjects(prefix, after, object -> {
            visited[0]++;
            if (visited[0] % PAGE == 1 && visited[0] > 1) {
                count("LIST", prefix);
            }
            return visitor.visit(object);
        });
    }
}
