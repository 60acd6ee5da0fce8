package dev.precept.store;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;

/** Calls that wait for a store, on virtual threads, with a limited number in flight. */
public final class ParallelCalls {
    /** In flight for small objects: a store that answers in 15 ms then answers about 4,000 calls a second. */
    public static final int SMALL_OBJECTS = 64;

    private ParallelCalls() {}

    /** A call for one item. */
    public interface Call<T, R> {
        R call(T item) throws IOException;
    }

    /** A call for one item, without a result. */
    public interface Action<T> {
        void call(T item) throws IOException;
    }

    /**
     * Makes one call for each item and waits for all of them. After a failure no further call starts.
     *
     * @param inFlight the largest number of concurrent calls
     * @return the results, in order of the items
     * @throws IOException the failure of the first item that failed
     */
    public static <T, R> List<R> map(Collection<T> items, int inFlight, Call<T, R> call) throws IOException {
        Semaphore permits = new Semaphore(inFlight);
        AtomicBoolean failed = new AtomicBoolean();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            try {
                List<Future<R>> calls = new ArrayList<>(items.size());
                for (T item : items) {
                    permits.acquire();
                    if (failed.get()) {
                        break;
                    }
                    calls.add(threads.submit(() -> {
                        boolean done = false;
                        try {
                            R result = call.call(item);
                            done = true;
                            return result;
                        } finally {
                            failed.compareAndSet(false, !done);
                            permits.release();
                        }
                    }));
                }
                List<R> results = new ArrayList<>(items.size());
                for (Future<R> each : calls) {
                    results.add(each.get());
                }
                return results;
            } catch (InterruptedException e) {
                threads.shutdownNow();
                Thread.currentThread().interrupt();
                throw new InterruptedIOException("stopped while waiting for the store");
            } catch (ExecutionException e) {
                throw rethrown(Objects.requireNonNull(e.getCause()));
            }
        }
    }

    /** As {@link #map}, without results. */
    public static <T> void forEach(Collection<T> items, int inFlight, Action<T> action) throws IOException {
        List<Boolean> _ = map(items, inFlight, item -> {
            action.call(item);
            return true;
        });
    }

    static IOException rethrown(Throwable failure) {
        return switch (failure) {
            case RuntimeException e -> throw e;
            case Error e -> throw e;
            case IOException e -> e;
            default -> throw new IllegalStateException("a call failed", failure);
        };
    }
}
