package dev.precept.runtime;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/** Runs the loop of an app in a platform thread and keeps the failure that ended it. Thread-safe. */
public final class LoopThread implements AutoCloseable {
    private final Runnable loop;
    private final Runnable stop;
    private final Thread thread;
    private final AtomicReference<Throwable> failure = new AtomicReference<>();

    /**
     * @param name of the thread
     * @param loop returns soon after {@code stop} was called
     * @param stop requests the loop to return, without waiting for it; thread-safe
     */
    public LoopThread(String name, Runnable loop, Runnable stop) {
        this.loop = loop;
        this.stop = stop;
        this.thread = Thread.ofPlatform().name(name).unstarted(this::run);
    }

    public void start() {
        thread.start();
    }

    /** The exception or error that ended the loop; empty while it runs and after it returned. */
    public Optional<Throwable> failure() {
        return Optional.ofNullable(failure.get());
    }

    /** Stops the loop and waits for it. An interrupt does not end the wait; the flag is set again afterwards. */
    @Override
    public void close() {
        stop.run();
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        try {
            loop.run();
        } catch (RuntimeException | Error e) {
            failure.set(e);
        }
    }
}
