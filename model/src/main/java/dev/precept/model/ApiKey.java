package dev.precept.model;

import java.util.Optional;

/** What an endpoint is asked with. It may be exchanged while it is in use; it never prints. Thread-safe. */
public sealed interface ApiKey permits Secret, ApiKeyFile {
    /** The key as it is at this moment. */
    Secret current();

    /** Another key than one that was refused; empty where there is none. */
    Optional<Secret> replacementFor(Secret refused);
}
