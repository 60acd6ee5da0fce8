package dev.precept.model;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** Reads an API key from a variable of the environment, or from the file that another variable names. */
public final class ApiKeyVariable {
    private static final String FILE = "_FILE";

    private ApiKeyVariable() {}

    /**
     * Reads {@code variable}, or the file in {@code variable_FILE}; empty if neither is set.
     *
     * @throws IllegalArgumentException if both are set, or there is no key; the message names the variable and no value
     */
    public static Optional<ApiKey> read(Map<String, String> environment, String variable) {
        String given = environment.get(variable);
        String file = environment.get(variable + FILE);
        if (given != null && file != null) {
            throw new IllegalArgumentException(variable + " and " + variable + FILE + " are both set; set one of them");
        }
        try {
            if (given != null && !given.isBlank()) {
                return Optional.of(new Secret(given));
            }
            return file == null ? Optional.empty() : Optional.of(ApiKeyFile.open(Path.of(file)));
        } catch (IOException e) {
            throw new IllegalArgumentException(variable + FILE + ": " + file + " cannot be read", e);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(variable + ": " + e.getMessage(), e);
        }
    }
}
