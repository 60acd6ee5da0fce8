package dev.precept.model;

/**
 * The tokens of a call, as reported by the server; 0 where it reported none.
 *
 * @param completion all tokens generated, reasoning included
 * @param reasoning the part of {@code completion} that is reasoning
 */
public record TokenUsage(long prompt, long completion, long reasoning) {
    public static final TokenUsage NONE = new TokenUsage(0, 0, 0);

    public TokenUsage {
        if (prompt < 0 || completion < 0 || reasoning < 0) {
            throw new IllegalArgumentException("token counts must not be negative");
        }
    }

    public TokenUsage plus(TokenUsage other) {
        return new TokenUsage(prompt + other.prompt, completion + other.completion, reasoning + other.reasoning);
    }
}
