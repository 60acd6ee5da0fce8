package dev.precept.store;

import java.io.IOException;

/**
 * A store that will not do until somebody changes something: its name, its settings, its rights, or the store itself. Trying
 * again does not help. The message is one line: where, what, and what to do. Every other {@link IOException} of a store is
 * an outage, and the same call may succeed later.
 */
public final class StoreRefused extends IOException {
    public StoreRefused(String message) {
        super(message);
    }

    public StoreRefused(String message, Throwable cause) {
        super(message, cause);
    }
}
