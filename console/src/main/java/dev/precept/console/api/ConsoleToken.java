package dev.precept.console.api;

import dev.precept.config.ConfigurationException;
import dev.precept.config.FileErrors;
import dev.precept.content.Sha256;
import dev.precept.runtime.http.BearerToken;
import dev.precept.runtime.http.WebHead;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** The token that requests must bring where others than this machine reach the console. */
public final class ConsoleToken {
    /** Holds the token, where no file is given. */
    public static final String VARIABLE = "PRECEPT_CONSOLE_TOKEN";

    private final String token;
    private final String cookie;

    private ConsoleToken(String token) {
        this.token = token;
        this.cookie = Sha256.hex("precept console\n" + token);
    }

    /**
     * The token of a file or the environment; empty if none is given.
     *
     * @throws ConfigurationException if it cannot be read or is short
     */
    public static Optional<ConsoleToken> read(Optional<Path> file, Map<String, String> environment) {
        String variable = environment.get(VARIABLE);
        if (file.isPresent() && variable != null) {
            throw new ConfigurationException("--token-file: " + VARIABLE + " is set too; give one of them");
        }
        if (variable != null) {
            return Optional.of(checked(VARIABLE, variable));
        }
        return file.map(path -> {
            try {
                return checked("--token-file " + path, Files.readString(path));
            } catch (IOException e) {
                throw new ConfigurationException(
                        "--token-file " + path + ": cannot be read (" + FileErrors.describe(e) + ")");
            }
        });
    }

    private static ConsoleToken checked(String where, String text) {
        return new ConsoleToken(BearerToken.checked(where, text));
    }

    /** Whether this is the token. */
    boolean matches(String given) {
        return BearerToken.isEqual(given, token);
    }

    /** Whether a request brings it, as a bearer token or as the cookie that the console gave. */
    boolean isIn(WebHead head) {
        Optional<String> bearer = BearerToken.of(head);
        if (bearer.isPresent()) {
            return matches(bearer.get());
        }
        for (String pair : head.header("Cookie").orElse("").split(";", -1)) {
            int equals = pair.indexOf('=');
            if (equals > 0
                    && pair.substring(0, equals).strip().equals(AccessCheck.COOKIE)
                    && BearerToken.isEqual(pair.substring(equals + 1).strip(), cookie)) {
                return true;
            }
        }
        return false;
    }

    /** What the cookie holds: a browser stores no token. */
    String cookie() {
        return cookie;
    }
}
