package dev.precept.runtime.http;

import dev.precept.config.ConfigurationException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Locale;
import java.util.Optional;

/** Tokens that requests bring. Pure functions. */
public final class BearerToken {
    private static final int LEAST = 16;
    private static final String SCHEME = "bearer ";

    private BearerToken() {}

    /**
     * A token that is long enough, without white space around it.
     *
     * @param where it comes from, for the message
     * @throws ConfigurationException if it is short
     */
    public static String checked(String where, String text) {
        String token = text.strip();
        if (token.length() < LEAST) {
            throw new ConfigurationException(
                    where + ": is shorter than " + LEAST + " characters; make one with 'openssl rand -hex 32'");
        }
        return token;
    }

    /** What a request brings as a bearer token. */
    public static Optional<String> of(WebHead head) {
        String header = head.header("Authorization").orElse("").strip();
        return header.toLowerCase(Locale.ROOT).startsWith(SCHEME)
                ? Optional.of(header.substring(SCHEME.length()).strip())
                : Optional.empty();
    }

    /** Compares in a time that does not tell how much is equal. */
    public static boolean isEqual(String given, String expected) {
        return MessageDigest.isEqual(given.getBytes(StandardCharsets.UTF_8), expected.getBytes(StandardCharsets.UTF_8));
    }
}
