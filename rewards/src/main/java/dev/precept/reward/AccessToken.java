package dev.precept.reward;

import dev.precept.config.ConfigurationException;
import dev.precept.config.FileErrors;
import dev.precept.model.ApiKey;
import dev.precept.model.ApiKeyFile;
import dev.precept.model.Secret;
import dev.precept.runtime.http.BearerToken;
import dev.precept.runtime.http.WebHead;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The token that requests must bring. */
final class AccessToken {
    private static final String VARIABLE = "PRECEPT_REWARD_TOKEN";
    private static final String BASIC = "basic ";

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
        String _ = BearerToken.checked(where, token.reveal());
        return token;
    }

    /**
     * As a bearer token, or as the password of basic authentication: a trainer that can send no header takes
     * {@code https://precept:TOKEN@host/…} as the URL.
     */
    Check check(WebHead head) {
        Optional<String> given = BearerToken.of(head).or(() -> password(head));
        if (given.isEmpty()) {
            return Check.MISSING;
        }
        return BearerToken.isEqual(given.get(), token.current().reveal()) ? Check.VALID : Check.WRONG;
    }

    private static Optional<String> password(WebHead head) {
        String header = head.header("Authorization").orElse("").strip();
        return header.toLowerCase(Locale.ROOT).startsWith(BASIC)
                ? Optional.of(password(header.substring(BASIC.length()).strip()))
                : Optional.empty();
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
