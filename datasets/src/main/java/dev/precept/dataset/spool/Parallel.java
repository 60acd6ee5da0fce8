package dev.precept.dataset.spool;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** Runs numbered tasks on several threads; results are used in order, by the calling thread. */
public final class Parallel {
    private static final int MOST_THREADS = 4;

    private Parallel() {}

    /** A task that may be run by any thread. */
    public interface Task<T> {
        T run(int number) throws IOException;
    }

    public interface Result<T> {
        void accept(T result) throws IOException;
    }

    /** As many threads as processors, at most 4: more would need more memory than the files give work. */
    public static int threads() {
        return Math.min(MOST_THREADS, Runtime.getRuntime().availableProcessors());
    }

    /**
     * Runs tasks 0 to {@code tasks - 1}. Returns when no task runs, also after a failure.
     *
     * @throws IOException the failure of the first task, in order, that failed
     */
    public static <T> void inOrder(int threads, int tasks, Task<T> task, Result<T> result) throws IOException {
        inOrder(threads, 2 * threads, tasks, task, result);
    }

    /**
     * As {@link #inOrder(int, int, Task, Result)}.
     *
     * @param ahead tasks that run or whose results were not used yet, at most
     */
    public static <T> void inOrder(int threads, int ahead, int tasks, Task<T> task, Result<T> result)
            throws IOException {
        ExecutorService executor = Executors.newFixedThreadPool(
                threads, Thread.ofPlatform().daemon().name("spool-", 0).factory());
        Deque<Future<T>> running = new ArrayDeque<>();
        try {
            int next = 0;
            while (next < tasks || !running.isEmpty()) {
                while (next < tasks && running.size() < ahead) {
                    int number = next++;
                    running.add(executor.submit(() -> task.run(number)));
                }
                result.accept(running.remove().get());
            }
        } catch (ExecutionException e) {
            throw failure(Objects.requireNonNull(e.getCause()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted");
        } finally {
            executor.shutdownNow();
            awaitEnd(executor);
        }
    }

    private static void awaitEnd(ExecutorService executor) {
        boolean interrupted = false;
        while (true) {
            try {
                if (executor.awaitTermination(1, TimeUnit.DAYS)) {
                    break;
                }
            } catch (InterruptedException e) {
                interrupted = true; // the tasks must end before their files are deleted
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private static IOException failure(Throwable cause) {
        return switch (cause) {
            case UncheckedIOException io -> Objects.requireNonNull(io.getCause());
            case IOException io -> io;
            case RuntimeException bug -> throw bug;
            case Error error -> throw error;
            default -> new IOException(cause);
        };
    }
}
