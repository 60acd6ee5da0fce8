package dev.precept.model;

import java.util.Optional;

/** The API key of an endpoint. It may be rotated while in use, and is never printed. Thread-safe. */
public sealed interface ApiKey permits Secret, ApiKeyFile {
    /** The current key. */
    Secret current();

    /** A key that differs from one the endpoint refused; empty if there is none. */
    Optional<Secret> replacementFor(Secret refused);
}
