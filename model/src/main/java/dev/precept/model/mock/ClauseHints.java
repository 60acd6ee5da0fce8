package dev.precept.model.mock;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What the mock model knows of clauses beyond the text of a request: the expected action, and words of the requests that a
 * clause applies to. A specification holds none of this, because all of it would reach real models too.
 */
final class ClauseHints {
    private static final ClauseHints STARTER = readStarter();

    private final Map<String, Hint> byId;

    private ClauseHints(Map<String, Hint> byId) {
        this.byId = Map.copyOf(byId);
    }

    /** @param words separated by commas */
    record Hint(ExpectedAction action, String words) {}

    /** The hints for the clauses of the starter. */
    static ClauseHints starter() {
        return STARTER;
    }

    /** Parses lines of the form {@code id action: words}; a line that begins with {@code #} is a comment. */
    static ClauseHints parse(String text) {
        Map<String, Hint> hints = new HashMap<>();
        text.lines().filter(line -> !line.isBlank() && !line.startsWith("#")).forEach(line -> {
            String[] parts = line.split("[ :]+", 3);
            ExpectedAction action = ExpectedAction.of(parts[1])
                    .orElseThrow(() -> new IllegalArgumentException("no action of a clause: " + line));
            hints.put(parts[0], new Hint(action, parts[2]));
        });
        return new ClauseHints(hints);
    }

    Optional<Hint> of(String clauseId) {
        return Optional.ofNullable(byId.get(clauseId));
    }

    private static ClauseHints readStarter() {
        String name = "starter-clauses.txt";
        try (InputStream in = ClauseHints.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("the resource " + name + " is missing");
            }
            return parse(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the resource " + name, e);
        }
    }
}
