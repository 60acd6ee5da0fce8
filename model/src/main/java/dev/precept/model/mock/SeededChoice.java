package dev.precept.model.mock;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** Chance that is a function of what it is asked about: the same parts always draw the same. */
final class SeededChoice {
    private SeededChoice() {}

    /** Uniform in [0, 1). */
    static double uniform(Object... parts) {
        return (hash64(parts) >>> 11) * 0x1.0p-53;
    }

    static <T> T oneOf(List<T> choices, Object... parts) {
        return choices.get((int) (uniform(parts) * choices.size()));
    }

    /** 64 bits of the SHA-256 of the parts. */
    static long hash64(Object... parts) {
        String text = Arrays.stream(parts).map(String::valueOf).collect(Collectors.joining("\0"));
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return ByteBuffer.wrap(hash).getLong();
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every JDK has SHA-256", impossible);
        }
    }
}
