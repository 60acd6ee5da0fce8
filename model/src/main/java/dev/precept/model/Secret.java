package dev.precept.model;

import java.util.Optional;

/** A key whose value is available only through {@link #reveal()}, never through {@link #toString()}. */
public final class Secret implements ApiKey {
    private final String value;

    /** @param value visible ASCII; surrounding white space, such as the last newline of a file, is stripped */
    public Secret(String value) {
        String key = value.strip();
        if (key.isEmpty() || !key.chars().allMatch(c -> c > ' ' && c < 127)) {
            throw new IllegalArgumentException("a key must be visible ASCII characters without white space");
        }
        this.value = key;
    }

    public String reveal() {
        return value;
    }

    @Override
    public Secret current() {
        return this;
    }

    @Override
    public Optional<Secret> replacementFor(Secret refused) {
        return Optional.empty();
    }

    @Override
    public String toString() {
        return "***";
    }
}
