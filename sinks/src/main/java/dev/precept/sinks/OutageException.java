package dev.precept.sinks;

import dev.precept.config.ConfigurationException;
import dev.precept.config.FileErrors;
import dev.precept.store.StoreException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Path;

/** Something outside of the sink is down or full. Nothing is lost: the sink waits and tries again. The message is one line. */
final class OutageException extends IOException {
    private static final long serialVersionUID = 1L;

    OutageException(String what, Throwable cause) {
        super(what, cause);
    }

    /**
     * Trouble with a file in the spool folder.
     *
     * @throws ConfigurationException if waiting cannot mend it
     */
    static OutageException ofSpool(Path spool, IOException e) {
        IOException trouble = innermost(e);
        if (trouble instanceof AccessDeniedException) {
            throw new ConfigurationException(
                    "spool folder " + spool + ": permission denied; change its permissions, or name another --work");
        }
        return new OutageException(
                "spool folder " + spool + ": " + FileErrors.describe(trouble)
                        + "; make room there, or lower sink.spool_bytes",
                e);
    }

    /**
     * Trouble with the dataset's store.
     *
     * @throws ConfigurationException if waiting cannot mend it
     */
    static OutageException ofStore(String location, IOException e) {
        return switch (e) {
            case StoreException.Misconfigured wrong ->
                throw new ConfigurationException("dataset " + wrong.getMessage());
            case StoreException.Corrupt corrupt -> throw new ConfigurationException("dataset " + corrupt.getMessage());
            case StoreException.Unavailable outage -> new OutageException("dataset " + outage.getMessage(), outage);
            case AccessDeniedException denied ->
                throw new ConfigurationException("dataset " + location + ": permission denied (" + denied.getMessage()
                        + "); change its permissions");
            default -> new OutageException("dataset " + location + ": " + FileErrors.describe(e), e);
        };
    }

    /** The file's own trouble, which a writer may have wrapped. */
    private static IOException innermost(IOException e) {
        IOException innermost = e;
        for (Throwable at = e.getCause(); at != null; at = at.getCause()) {
            innermost = at instanceof IOException io ? io : innermost;
        }
        return innermost;
    }
}
