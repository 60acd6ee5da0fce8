package dev.precept.cli.run;

import dev.precept.cli.terminal.CommandName;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A request to stop a run, and the answer to it: what the run still waits for. Thread-safe. */
final class StopRequest {
    private static final String AGAIN = "; Ctrl-C again stops at once";

    private boolean requested;
    private Supplier<String> waitsFor = () -> "no model is called yet";
    private @Nullable Consumer<String> printer;
    /** The thread to interrupt; null while it must not be. */
    private @Nullable Thread waiting;

    /** A wait that a request interrupts. */
    interface Wait {
        void run() throws InterruptedException, ModelReadiness.ModelUnavailableException;
    }

    /** What a request waits for from now on. */
    synchronized void during(String what) {
        waitsFor = () -> what;
        printer = null;
    }

    /** @param to prints the answer, where a progress line is in the way */
    synchronized void during(Supplier<String> what, Consumer<String> to) {
        waitsFor = what;
        printer = to;
    }

    /** @throws InterruptedException if a request came before the wait, or during it */
    void whileInterruptible(Wait wait) throws InterruptedException, ModelReadiness.ModelUnavailableException {
        synchronized (this) {
            if (requested) {
                throw new InterruptedException("stopped");
            }
            waiting = Thread.currentThread();
        }
        try {
            wait.run();
        } finally {
            synchronized (this) {
                waiting = null;
            }
        }
    }

    /** Prints the answer once, before the wait that it interrupts prints how it ended. */
    synchronized void request(Consumer<String> out) {
        if (requested) {
            return;
        }
        requested = true;
        (printer == null ? out : printer).accept(CommandName.in("stopping: " + waitsFor.get() + AGAIN));
        if (waiting != null) {
            waiting.interrupt();
        }
    }

    synchronized boolean isRequested() {
        return requested;
    }
}
