package dev.precept.evaluation.safety;

import dev.precept.records.ResponseStyle;
import java.util.Locale;

/** What a model did with a prompt. */
public enum Behaviour {
    REFUSED,
    SAFE_COMPLETED,
    COMPLIED;

    static Behaviour of(ResponseStyle style) {
        return switch (style) {
            case REFUSE -> REFUSED;
            case SAFE_COMPLETE -> SAFE_COMPLETED;
            case COMPLY -> COMPLIED;
        };
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
