package dev.precept.sinks;

import dev.precept.store.LocalStore;
import dev.precept.store.ObjectStore;
import dev.precept.store.StoreException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** A folder behind a server. While it is silent, a call connects to a socket that accepts, and waits for an answer. */
final class SilentStore implements ObjectStore, AutoCloseable {
    private final ObjectStore store;
    private final ServerSocket server;
    private final Queue<Socket> clients = new ConcurrentLinkedQueue<>();
    private volatile boolean silent;

    SilentStore(Path folder) throws IOException {
        this.store = LocalStore.open(folder);
        this.server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    }

    void fallSilent() {
        silent = true;
    }

    /** The number of calls that wait, or have waited. */
    int waited() {
        return clients.size();
    }

    /** Closes the connections: the calls that wait fail, later ones are answered. */
    void answer() throws IOException {
        silent = false;
        for (Socket client : clients) {
            client.close();
        }
    }

    private void ask() throws IOException {
        if (silent) {
            try (Socket client = new Socket(server.getInetAddress(), server.getLocalPort())) {
                clients.add(client);
                int end = client.getInputStream().read();
                throw new StoreException.Unavailable("the server answered " + end);
            } catch (IOException e) {
                throw new StoreException.Unavailable("the server closed the connection", e);
            }
        }
    }

    @Override
    public boolean createIfAbsent(String key, Path content) throws IOException {
        ask();
        return store.createIfAbsent(key, content);
    }

    @Override
    public boolean createIfAbsent(String key, byte[] content) throws IOException {
        ask();
        return store.createIfAbsent(key, content);
    }

    @Override
    public Optional<byte[]> read(String key) throws IOException {
        ask();
        return store.read(key);
    }

    @Override
    public Path fetch(String key) throws IOException {
        ask();
        return store.fetch(key);
    }

    @Override
    public void delete(String key) throws IOException {
        ask();
        store.delete(key);
    }

    @Override
    public void visitObjects(String prefix, String after, ObjectVisitor visitor) throws IOException {
        ask();
        store.visitObjects(prefix, after, visitor);
    }

    @Override
    public String location() {
        return store.location();
    }

    @Override
    public void close() {
        try {
            answer();
            server.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
