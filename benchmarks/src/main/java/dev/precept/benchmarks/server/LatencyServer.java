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
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.PriorityQueue;

/**
 * A model server with a defined latency: answers any {@code POST} with a completion, or below {@code /judge} with a vote,
 * after the latency, counted from the last byte of the request, or from the start of work if it has fewer slots than calls;
 * {@code GET} returns its models or its counters. Uses one thread and a few hundred bytes per waiting call, so
 * that measurements show the client's costs.
 */
final class LatencyServer implements AutoCloseable {
    private static final int BACKLOG = 8_192;
    private static final int READ_BYTES = 256 << 10;

    /** A thousand tokens a second. */
    private static final long NANOS_PER_TOKEN = 1_000_000;

    private static final long FAULT_NANOS = 5_000_000;
    private static final long BLIP_NANOS = 100_000_000;

    private final Latency latency;
    private final ServerLoad load;
    private final Occupancy occupancy;
    private final Selector selector;
    private final ServerSocketChannel listener;
    private final ByteBuffer in = ByteBuffer.allocateDirect(READ_BYTES);
    private final Deque<Connection> queue = new ArrayDeque<>();
    private final ByteBuffer vote = CannedResponses.vote();
    private final PriorityQueue<PendingResponse> due = new PriorityQueue<>();
    private int running;
    private long firstCallAt;
    private long downUntil;
    private volatile boolean blip;
    private volatile boolean closed;

    private static final class Connection {
        final SocketChannel channel;
        final SelectionKey key;
        final RequestReader reader = new RequestReader();
        boolean waiting;
        boolean inSlot;
        long latencyNanos;
        long callNumber;
        ByteBuffer out = ByteBuffer.allocate(0);

        Connection(SocketChannel channel, Selector selector) throws IOException {
            this.channel = channel;
            this.key = channel.register(selector, SelectionKey.OP_READ, this);
        }
    }

    /**
     * @param callNumber that of the call, because the connection may have another one by then
     * @param failed whether the response is a server error
     */
    private record PendingResponse(long at, Connection connection, long callNumber, boolean failed)
            implements Comparable<PendingResponse> {
        @Override
        public int compareTo(PendingResponse other) {
            return Long.compare(at - other.at, 0);
        }
    }

    /** Listens on a free port of the loopback interface. */
    LatencyServer(Latency latency, Occupancy occupancy) throws IOException {
        this(latency, ServerLoad.NONE, occupancy);
    }

    LatencyServer(Latency latency, ServerLoad load, Occupancy occupancy) throws IOException {
        this.latency = latency;
        this.load = load;
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
            if (blip) {
                blip = false;
                dropAll();
            }
            sendDue();
            work();
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
            if (connection.waiting && connection.callNumber == next.callNumber()) {
                end(connection);
                if (next.failed()) {
                    occupancy.failed(System.nanoTime());
                    send(connection, CannedResponses.error());
                } else {
                    occupancy.served(System.nanoTime());
                    send(connection, answer(connection));
                }
            }
        }
    }

    private ByteBuffer answer(Connection connection) {
        return connection.reader.isJudging()
                ? vote.duplicate()
                : CannedResponses.completion(connection.latencyNanos / NANOS_PER_TOKEN);
    }

    /** Starts calls of the queue while there are free slots. */
    private void work() {
        while (!queue.isEmpty()) {
            Connection next = queue.peek();
            if (next.waiting && running >= load.slotsAt(System.nanoTime() - firstCallAt)) {
                return;
            }
            queue.remove();
            if (next.waiting) {
                next.inSlot = true;
                running++;
                due.add(new PendingResponse(System.nanoTime() + next.latencyNanos, next, next.callNumber, false));
            }
        }
    }

    private void end(Connection connection) {
        connection.waiting = false;
        if (connection.inSlot) {
            connection.inSlot = false;
            running--;
        }
    }

    /** Drops all connections of calls, and for a tenth of a second all new connections. */
    void blip() {
        blip = true;
        selector.wakeup();
    }

    private void dropAll() {
        occupancy.blip(System.nanoTime());
        downUntil = System.nanoTime() + BLIP_NANOS;
        for (SelectionKey key : List.copyOf(selector.keys())) {
            if (key.attachment() instanceof Connection connection && connection.callNumber > 0) {
                drop(key);
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
            if (System.nanoTime() - downUntil < 0) {
                channel.close();
                continue;
            }
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
                send(
                        connection,
                        CannedResponses.ok(connection.reader.isModels() ? CannedResponses.MODELS : occupancy.json()));
            } else if (connection.waiting) {
                throw new IOException("a second call on a connection before the first is answered");
            } else {
                start(connection);
            }
        }
    }

    private void start(Connection connection) {
        long now = System.nanoTime();
        firstCallAt = firstCallAt == 0 ? now : firstCallAt;
        long call = occupancy.start(now, connection.reader.bodyBytes());
        connection.waiting = true;
        connection.callNumber = call;
        connection.latencyNanos = latency.of(call).toNanos();
        if (load.isPoisoned(connection.reader.bodyChecksum())) {
            due.add(new PendingResponse(now + FAULT_NANOS, connection, call, true));
        } else {
            queue.add(connection);
            work();
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
            end(connection);
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
