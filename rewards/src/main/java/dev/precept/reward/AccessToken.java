package dev.precept.reward;

import dev.precept.config.ConfigurationException;
import dev.precept.config.FileErrors;
import dev.precept.model.ApiKey;
import dev.precept.model.ApiKeyFile;
import dev.precept.model.Secret;
import dev.precept.runtime.http.WebHead;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The token that requests must bring. */
final class AccessToken {
    private static final String VARIABLE = "PRECEPT_REWARD_TOKEN";
    private static final int LEAST = 16;

    private final ApiKey token;

    private AccessToken(ApiKey token) {
        this.token = token;
    }

    /** Whether a request brings it. */
    enum Check {
        VALID,
        MISSING,
        WRONG
    }

    /**
     * The token of a file or the environment; empty if none is given.
     *
     * @throws ConfigurationException if it cannot be read or is short
     */
    static Optional<AccessToken> read(Optional<Path> file, Map<String, String> environment) {
        String variable = environment.get(VARIABLE);
        if (file.isPresent() && variable != null) {
            throw new ConfigurationException("reward.token_file: " + VARIABLE + " is set too; give one of them");
        }
        if (variable != null) {
            return Optional.of(new AccessToken(checked(VARIABLE, new Secret(variable))));
        }
        return file.map(path -> {
            try {
                ApiKeyFile opened = ApiKeyFile.open(path);
                Secret _ = checked("reward.token_file: " + path, opened.current());
                return new AccessToken(opened);
            } catch (IOException e) {
                throw new ConfigurationException(
                        "reward.token_file: " + path + " cannot be read (" + FileErrors.describe(e) + ")");
            } catch (IllegalArgumentException e) {
                throw new ConfigurationException("reward.token_file: " + path + " holds no token");
            }
        });
    }

    private static Secret checked(String where, Secret token) {
        if (token.reveal().length() < LEAST) {
            throw new ConfigurationException(
                    where + ": is shorter than " + LEAST + " characters; make one with 'openssl rand -hex 32'");
        }
        return token;
    }

    /**
     * As a bearer token, or as the password of basic authentication: a trainer that can send no header takes
     * {@code https://precept:TOKEN@host/…} as the URL.
     */
    Check check(WebHead head) {
        String header = head.header("Authorization").orElse("").strip();
        String scheme = header.toLowerCase(Locale.ROOT);
        String given;
        if (scheme.startsWith("bearer ")) {
            given = header.substring("bearer ".length()).strip();
        } else if (scheme.startsWith("basic ")) {
            given = password(header.substring("basic ".length()).strip());
        } else {
            return Check.MISSING;
        }
        return MessageDigest.isEqual(
                        given.getBytes(StandardCharsets.UTF_8),
                        token.current().reveal().getBytes(StandardCharsets.UTF_8))
                ? Check.VALID
                : Check.WRONG;
    }

    private static String password(String credentials) {
        try {
            String pair = new String(Base64.getDecoder().decode(credentials), StandardCharsets.UTF_8);
            return pair.substring(pair.indexOf(':') + 1);
        } catch (IllegalArgumentException e) {
            return "";
        }
    }
}
