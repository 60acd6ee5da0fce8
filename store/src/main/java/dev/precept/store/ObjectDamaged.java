package dev.precept.store;

import java.io.IOException;

/**
 * A key whose content is not what was stored under it, however often it is asked for. The message is one line. Waiting does
 * not help: somebody has to put the right content back.
 */
public final class ObjectDamaged extends IOException {
    public ObjectDamaged(String message, Throwable cause) {
        super(message, cause);
    }
}
