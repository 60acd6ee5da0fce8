package dev.precept.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A TCP proxy on the loopback interface between some clients and one server, which a test cuts (connections end, new ones
 * end at once), freezes (connections stay and no byte passes, as in a partition of the network) and heals. Thread-safe.
 */
public final class NetworkLink implements AutoCloseable {
    private static final int BUFFER = 16 << 10;

    private final ServerSocket listening;
    private final int target;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private State state = State.OPEN;

    private enum State {
        OPEN,
        CUT,
        FROZEN
    }

    private NetworkLink(ServerSocket listening, int target) {
        this.listening = listening;
        this.target = target;
    }

    /** @param port of the server, which need not listen yet */
    public static NetworkLink to(int port) {
        try {
            NetworkLink link = new NetworkLink(new ServerSocket(0, 256, InetAddress.getLoopbackAddress()), port);
            Thread.ofVirtual().name("network-link").start(link::accept);
            return link;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot listen on the loopback", e);
        }
    }

    /** The port that clients connect to. */
    public int port() {
        return listening.getLocalPort();
    }

    public void cut() {
        change(State.CUT);
        sockets.forEach(this::end);
    }

    public void freeze() {
        change(State.FROZEN);
    }

    public void heal() {
        change(State.OPEN);
    }

    private void change(State to) {
        lock.lock();
        try {
            state = to;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void accept() {
        while (!listening.isClosed()) {
            try {
                Socket client = listening.accept();
                Thread.ofVirtual().start(() -> connect(client));
            } catch (IOException e) {
                return; // closed
            }
        }
    }

    private void connect(Socket client) {
        sockets.add(client);
        try {
            if (!awaitThaw()) {
                end(client);
                return;
            }
            Socket server = new Socket(InetAddress.getLoopbackAddress(), target);
            sockets.add(server);
            server.setTcpNoDelay(true);
            client.setTcpNoDelay(true);
            Thread.ofVirtual().start(() -> pump(client, server));
            pump(server, client);
        } catch (IOException | InterruptedException e) {
            end(client); // the server does not listen: the client sees a lost connection
        }
    }

    private void pump(Socket from, Socket to) {
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            byte[] buffer = new byte[BUFFER];
            for (int read = in.read(buffer); read >= 0 && awaitThaw(); read = in.read(buffer)) {
                out.write(buffer, 0, read);
            }
        } catch (IOException | InterruptedException e) {
            // one peer closed its connection, or the link was cut: both ends are closed
        } finally {
            end(from);
            end(to);
        }
    }

    /** @return false if the link is cut */
    private boolean awaitThaw() throws InterruptedException {
        lock.lock();
        try {
            while (state == State.FROZEN) {
                changed.await();
            }
            return state == State.OPEN;
        } finally {
            lock.unlock();
        }
    }

    private void end(Socket socket) {
        sockets.remove(socket);
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot close a socket", e);
        }
    }

    @Override
    public void close() throws IOException {
        listening.close();
        cut();
    }
}
