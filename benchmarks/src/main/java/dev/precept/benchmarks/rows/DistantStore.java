package dev.precept.benchmarks.rows;

import dev.precept.store.ObjectStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.locks.LockSupport;

/**
 * Objects in memory behind a delay for each request, which is counted by kind and first folder. A listing is a request for
 * each thousand keys, as in S3.
 */
public final class DistantStore implements ObjectStore {
    private static final int PAGE = 1_000;

    private final ConcurrentNavigableMap<String, byte[]> objects = new ConcurrentSkipListMap<>();
    private final Map<String, Long> requests = new TreeMap<>();
    private final Path files;
    private volatile Duration delay = Duration.ZERO;

    /** @param files folder of fetched objects */
    public DistantStore(Path files) {
        this.files = files;
    }

    /** Sets the delay and clears the counts. */
    public synchronized void start(Duration perRequest) {
        delay = perRequest;
        requests.clear();
    }

    /** Requests since the start. */
    public synchronized Map<String, Long> requests() {
        return new TreeMap<>(requests);
    }

    private void request(String kind, String key) {
        synchronized (this) {
            requests.merge(kind + " " + key.substring(0, key.indexOf('/') + 1), 1L, Long::sum);
        }
        long end = System.nanoTime() + delay.toNanos();
        for (long left = delay.toNanos(); left > 0; left = end - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }

    @Override
    public boolean createIfAbsent(String key, Path content) throws IOException {
        return createIfAbsent(key, Files.readAllBytes(content));
    }

    @Override
    public boolean createIfAbsent(String key, byte[] content) {
        request("PUT", key);
        return objects.putIfAbsent(key, content) == null;
    }

    @Override
    public Optional<byte[]> read(String key) {
        request("GET", key);
        return Optional.ofNullable(objects.get(key));
    }

    @Override
    public Path fetch(String key) throws IOException {
        request("GET", key);
        byte[] content = objects.get(key);
        if (content == null) {
            throw new NoSuchFileException(key);
        }
        return Files.write(files.resolve(key.replace('/', '_')), content);
    }

    @Override
    public void delete(String key) {
        request("DELETE", key);
        objects.remove(key);
    }

    @Override
    public void visitObjects(String prefix, String after, ObjectVisitor visitor) throws IOException {
        String start = prefix.compareTo(after) > 0 ? prefix : after;
        int listed = 0;
        request("LIST", prefix);
        for (Map.Entry<String, byte[]> each :
                objects.tailMap(start, !start.equals(after)).entrySet()) {
            if (!each.getKey().startsWith(prefix)) {
                return;
            }
            if (listed > 0 && listed % PAGE == 0) {
                request("LIST", prefix);
            }
            listed++;
            if (!visitor.visit(new ObjectInfo(each.getKey(), each.getValue().length, Instant.EPOCH))) {
                return;
            }
        }
    }

    @Override
    public String location() {
        return "distant";
    }
}
