package dev.precept.benchmarks.server;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.PriorityQueue;

/**
 * A model server with a defined latency: answers any {@code POST} with a fixed completion after the latency, counted from the
 * last byte of the request; {@code GET} returns its counters. Uses one thread and a few hundred bytes per waiting call, so
 * that measurements show the client's costs.
 */
final class LatencyServer implements AutoCloseable {
    private static final int BACKLOG = 8_192;
    private static final int READ_BYTES = 256 << 10;

    private final Latency latency;
    private final Occupancy occupancy;
    private final Selector selector;
    private final ServerSocketChannel listener;
    private final ByteBuffer in = ByteBuffer.allocateDirect(READ_BYTES);
    private final ByteBuffer completion = CannedResponses.completion();
    private final PriorityQueue<PendingResponse> due = new PriorityQueue<>();
    private volatile boolean closed;

    private static final class Connection {
        final SocketChannel channel;
        final SelectionKey key;
        final RequestReader reader = new RequestReader();
        boolean waiting;
        ByteBuffer out = ByteBuffer.allocate(0);

        Connection(SocketChannel channel, Selector selector) throws IOException {
            this.channel = channel;
            this.key = channel.register(selector, SelectionKey.OP_READ, this);
        }
    }

    private record PendingResponse(long at, Connection connection) implements Comparable<PendingResponse> {
        @Override
        public int compareTo(PendingResponse other) {
            return Long.compare(at - other.at, 0);
        }
    }

    /** Listens on a free port of the loopback interface. */
    LatencyServer(Latency latency, Occupancy occupancy) throws IOException {
        this.latency = latency;
        this.occupancy = occupancy;
        this.selector = Selector.open();
        this.listener = ServerSocketChannel.open();
        listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), BACKLOG);
        listener.configureBlocking(false);
        listener.register(selector, SelectionKey.OP_ACCEPT);
    }

    int port() {
        return listener.socket().getLocalPort();
    }

    /** Serves until {@link #close}, which drops all connections. */
    void run() throws IOException {
        while (!closed) {
            PendingResponse next = due.peek();
            long untilNext = next == null ? 1_000_000_000 : next.at() - System.nanoTime();
            if (untilNext > 0) {
                // Whole milliseconds, rounded up: a busy wait would take CPU time from the client.
                selector.select(this::ready, (untilNext + 999_999) / 1_000_000);
            } else {
                selector.selectNow(this::ready);
            }
            sendDue();
        }
        for (SelectionKey key : selector.keys()) {
            key.channel().close();
        }
        selector.close();
    }

    private void sendDue() {
        for (PendingResponse next = due.peek(); next != null && next.at() <= System.nanoTime(); next = due.peek()) {
            due.remove();
            Connection connection = next.connection();
            if (connection.waiting) {
                connection.waiting = false;
                occupancy.served(System.nanoTime());
                send(connection, completion.duplicate());
            }
        }
    }

    private void ready(SelectionKey key) {
        try {
            if (key.isAcceptable()) {
                accept();
            } else if (key.attachment() instanceof Connection connection) {
                if (key.isWritable()) {
                    write(connection);
                }
                if (key.isValid() && key.isReadable()) {
                    read(connection);
                }
            }
        } catch (IOException e) {
            drop(key);
        }
    }

    private void accept() throws IOException {
        for (SocketChannel channel = listener.accept(); channel != null; channel = listener.accept()) {
            channel.configureBlocking(false);
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            new Connection(channel, selector);
        }
    }

    private void read(Connection connection) throws IOException {
        in.clear();
        if (connection.channel.read(in) < 0) {
            drop(connection.key);
            return;
        }
        in.flip();
        while (connection.reader.read(in)) {
            if (!connection.reader.isCall()) {
                send(connection, CannedResponses.ok(occupancy.json()));
            } else if (connection.waiting) {
                throw new IOException("a second call on a connection before the first is answered");
            } else {
                long now = System.nanoTime();
                long call = occupancy.start(now, connection.reader.bodyBytes());
                connection.waiting = true;
                due.add(new PendingResponse(now + latency.of(call).toNanos(), connection));
            }
        }
    }

    private void send(Connection connection, ByteBuffer answer) {
        connection.out = answer;
        try {
            write(connection);
        } catch (IOException e) {
            drop(connection.key);
        }
    }

    private static void write(Connection connection) throws IOException {
        connection.channel.write(connection.out);
        connection.key.interestOps(
                connection.out.hasRemaining() ? SelectionKey.OP_READ | SelectionKey.OP_WRITE : SelectionKey.OP_READ);
    }

    private void drop(SelectionKey key) {
        if (key.attachment() instanceof Connection connection && connection.waiting) {
            connection.waiting = false;
            occupancy.abandoned(System.nanoTime());
        }
        try {
            key.channel().close();
        } catch (IOException e) {
            key.cancel(); // the client has already disconnected
        }
    }

    @Override
    public void close() {
        closed = true;
        selector.wakeup();
    }
}
