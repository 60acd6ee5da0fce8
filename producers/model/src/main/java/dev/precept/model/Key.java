package dev.precept.model;

import java.util.Optional;

/** What an endpoint is asked with. It may be exchanged while it is in use; it never prints. Thread-safe. */
public sealed interface Key permits Secret, KeyFile {
    /** The key as it is at this moment. */
    Secret now();

    /** Another key than one that was refused; empty where there is none. */
    Optional<Secret> insteadOf(Secret refused);
}
