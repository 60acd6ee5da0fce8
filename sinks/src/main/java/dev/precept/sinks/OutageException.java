package dev.precept.sinks;

import dev.precept.config.ConfigurationException;
import dev.precept.config.FileErrors;
import dev.precept.store.StoreException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Path;

/** A dependency of the sink is down or full. The sink waits and retries. The message is one line. */
final class OutageException extends IOException {
    private static final long serialVersionUID = 1L;

    OutageException(String what, Throwable cause) {
        super(what, cause);
    }

    /**
     * Maps an error of the spool folder.
     *
     * @throws ConfigurationException if waiting cannot resolve it
     */
    static OutageException ofSpool(Path spool, IOException e) {
        IOException cause = innermost(e);
        if (cause instanceof AccessDeniedException) {
            throw new ConfigurationException(
                    "spool folder " + spool + ": permission denied; change its permissions, or name another --work");
        }
        return new OutageException(
                "spool folder " + spool + ": " + FileErrors.describe(cause)
                        + "; free disk space, or lower sink.spool_bytes",
                e);
    }

    /**
     * Maps an error of the dataset's store.
     *
     * @throws ConfigurationException if waiting cannot resolve it
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

    /** The innermost I/O error; a Parquet writer may have wrapped it. */
    private static IOException innermost(IOException e) {
        IOException innermost = e;
        for (Throwable cause = e.getCause(); cause != null; cause = cause.getCause()) {
            innermost = cause instanceof IOException io ? io : innermost;
        }
        return innermost;
    }
}
