package dev.precept.model;

/**
 * What a call cost, in tokens, as the server counted; 0 where it did not say.
 *
 * @param completion everything written, reasoning included
 * @param reasoning the part of {@code completion} that was reasoning
 */
public record TokenUsage(long prompt, long completion, long reasoning) {
    public static final TokenUsage NONE = new TokenUsage(0, 0, 0);

    public TokenUsage {
        if (prompt < 0 || completion < 0 || reasoning < 0) {
            throw new IllegalArgumentException("tokens cannot be fewer than none");
        }
    }

    public TokenUsage plus(TokenUsage other) {
        return new TokenUsage(prompt + other.prompt, completion + other.completion, reasoning + other.reasoning);
    }
}
