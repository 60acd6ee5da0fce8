package dev.precept.dataset.concurrent;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Stops a command before each store call until the test grants it. Calls of all threads of the command count. When the granted
 * calls are used up, further calls wait, or the command is killed. Thread-safe.
 */
final class CommandGate {
    private static final int KILLED = 137;

    private final Consumer<List<String>> paused;
    private final List<String> made = new ArrayList<>();
    private long granted;
    private Then then = Then.WAIT;
    private int running;
    private int waiting;
    private boolean reported;
    private boolean cutOff;

    /** What happens at the call after the granted ones. */
    enum Then {
        WAIT,
        /** This call and all later ones fail with {@link KilledError}: for the store that is as if the process were killed. */
        CUT_OFF,
        /** The process halts. */
        HALT
    }

    /** No code under test catches it. */
    static final class KilledError extends Error {
        private static final long serialVersionUID = 1L;
    }

    /** @param paused called with the calls made since the last grant, once the granted calls returned and another one waits */
    CommandGate(Consumer<List<String>> paused) {
        this.paused = paused;
    }

    synchronized void grant(long calls, Then afterwards) {
        granted = calls;
        then = afterwards;
        reported = false;
        notifyAll();
        reportIfQuiet();
    }

    /** Whether the command was killed by failing calls. */
    synchronized boolean isCutOff() {
        return cutOff;
    }

    /** The calls since the last grant. */
    synchronized List<String> takeMade() {
        List<String> calls = List.copyOf(made);
        made.clear();
        return calls;
    }

    synchronized void enter(String call) {
        boolean interrupted = false;
        waiting++;
        while (granted == 0) {
            switch (then) {
                case HALT -> Runtime.getRuntime().halt(KILLED);
                case CUT_OFF -> {
                    cutOff = true;
                    throw new KilledError();
                }
                case WAIT -> reportIfQuiet();
            }
            try {
                wait();
            } catch (InterruptedException e) {
                interrupted = true; // the call is made when it is granted; the store sees the interrupt
            }
        }
        waiting--;
        granted--;
        running++;
        made.add(call);
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    synchronized void leave() {
        running--;
        reportIfQuiet();
    }

    private void reportIfQuiet() {
        if (then == Then.WAIT && granted == 0 && running == 0 && waiting > 0 && !reported) {
            reported = true;
            paused.accept(takeMade());
        }
    }
}
