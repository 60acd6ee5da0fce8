package dev.precept.store;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** The results of calls for a sequence of items, in order, while the calls for the next items are made. For one thread. */
public final class ReadAhead<T, R> implements AutoCloseable {
    private final Iterator<T> items;
    private final int ahead;
    private final ParallelCalls.Call<T, R> call;
    private final Queue<Future<R>> started = new ArrayDeque<>();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    /** @param ahead number of calls that are made before their results are used */
    public ReadAhead(Iterable<T> items, int ahead, ParallelCalls.Call<T, R> call) {
        this.items = items.iterator();
        this.ahead = ahead;
        this.call = call;
    }

    public boolean hasNext() {
        return !started.isEmpty() || items.hasNext();
    }

    /**
     * The result for the next item.
     *
     * @throws IOException if its call failed
     */
    public R next() throws IOException {
        while (started.size() <= ahead && items.hasNext()) {
            T item = items.next();
            started.add(threads.submit(() -> call.call(item)));
        }
        try {
            return started.remove().get();
        } catch (ExecutionException e) {
            throw ParallelCalls.rethrown(Objects.requireNonNull(e.getCause()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("stopped while waiting for the store");
        }
    }

    /** Stops the calls in progress and waits for them. */
    @Override
    public void close() {
        threads.shutdownNow();
        threads.close();
    }
}
