package dev.precept.evaluation.ask;

import dev.precept.config.ConfigurationException;
import dev.precept.model.cache.ResponseCache;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What an evaluation has paid for, in one file that is only appended to: a line for each entry, key, tab, JSON without line
 * ends. An entry is written before it is used, so that a process that is killed at any point loses only the calls in flight.
 * The last line of a key counts; a line that was cut by a kill is dropped. One process holds it at a time. Thread-safe.
 */
public final class CallLog implements ResponseCache, Closeable {
    private static final byte TAB = '\t';
    private static final byte END = '\n';

    /** Not read and written through its channel, which closes when a thread that uses it is interrupted. */
    private final RandomAccessFile file;

    private final Map<String, Place> places = new HashMap<>();
    private long end;

    private record Place(long offset, int length) {}

    private CallLog(RandomAccessFile file) {
        this.file = file;
    }

    /** @throws ConfigurationException if another process holds the file */
    public static CallLog open(Path path) throws IOException {
        RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw");
        try {
            CallLog log = new CallLog(file);
            log.lock(path);
            log.read();
            return log;
        } catch (IOException | RuntimeException e) {
            file.close();
            throw e;
        }
    }

    private void lock(Path path) throws IOException {
        try {
            if (file.getChannel().tryLock() != null) {
                return;
            }
        } catch (OverlappingFileLockException e) {
            // held by this process
        }
        throw new ConfigurationException(
                path + ": in use by another process; wait until it ends, or give another --out");
    }

    private void read() throws IOException {
        InputStream in = new BufferedInputStream(new FileInputStream(file.getFD()), 1 << 16); // closed with the file
        ByteArrayOutputStream key = new ByteArrayOutputStream();
        long start = 0;
        long value = -1;
        long at = 0;
        for (int b = in.read(); b >= 0; b = in.read()) {
            at++;
            if (b == END) {
                if (value >= 0) {
                    put(key.toString(StandardCharsets.UTF_8), new Place(value, (int) (at - 1 - value)));
                }
                start = at;
                value = -1;
                key.reset();
            } else if (b == TAB && value < 0) {
                value = at;
            } else if (value < 0) {
                key.write(b);
            }
        }
        file.setLength(start);
        end = start;
    }

    private void put(String key, Place place) {
        if (place.length == 0) {
            places.remove(key);
        } else {
            places.put(key, place);
        }
    }

    @Override
    public synchronized Optional<byte[]> get(String key) throws IOException {
        Place place = places.get(key);
        if (place == null) {
            return Optional.empty();
        }
        byte[] bytes = new byte[place.length];
        file.seek(place.offset);
        file.readFully(bytes);
        return Optional.of(bytes);
    }

    /** The keys that begin with a text, in no order. */
    public synchronized List<String> keys(String beginning) {
        return places.keySet().stream().filter(key -> key.startsWith(beginning)).toList();
    }

    /** @param bytes JSON without line ends; not empty */
    @Override
    public synchronized void put(String key, byte[] bytes) throws IOException {
        if (bytes.length == 0) {
            throw new IllegalArgumentException("an entry must not be empty");
        }
        append(key, bytes);
    }

    @Override
    public synchronized void delete(String key) throws IOException {
        append(key, new byte[0]);
    }

    private void append(String key, byte[] bytes) throws IOException {
        byte[] name = key.getBytes(StandardCharsets.UTF_8);
        if (contains(name, TAB) || contains(name, END) || contains(bytes, END)) {
            throw new IllegalArgumentException("an entry must be one line");
        }
        byte[] line = ByteBuffer.allocate(name.length + bytes.length + 2)
                .put(name)
                .put(TAB)
                .put(bytes)
                .put(END)
                .array();
        try {
            file.seek(end);
            file.write(line);
        } catch (IOException e) {
            file.setLength(end); // a full disk may have taken a part of the line
            throw e;
        }
        put(key, new Place(end + name.length + 1, bytes.length));
        end += line.length;
    }

    private static boolean contains(byte[] bytes, byte sought) {
        for (byte b : bytes) {
            if (b == sought) {
                return true;
            }
        }
        return false;
    }

    @Override
    public synchronized void close() throws IOException {
        file.close();
    }
}
