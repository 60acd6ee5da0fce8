package dev.precept.model.mock;

import dev.precept.content.Sha256;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** Deterministic random choices: equal parts give equal results. */
final class SeededChoice {
    private static final int HASH64_HEX = 16;

    private SeededChoice() {}

    /** Uniform in [0, 1). */
    static double uniform(Object... parts) {
        return (hash64(parts) >>> 11) * 0x1.0p-53;
    }

    static <T> T oneOf(List<T> choices, Object... parts) {
        return choices.get((int) (uniform(parts) * choices.size()));
    }

    /** The first 64 bits of the SHA-256 of the parts. */
    static long hash64(Object... parts) {
        String text = Arrays.stream(parts).map(String::valueOf).collect(Collectors.joining("\0"));
        return Long.parseUnsignedLong(Sha256.hex(text).substring(0, HASH64_HEX), 16);
    }
}
