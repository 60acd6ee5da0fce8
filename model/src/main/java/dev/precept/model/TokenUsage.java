package dev.precept.model;

/**
 * The tokens of a call, as reported by the server.
 *
 * @param completion all tokens generated, reasoning included
 * @param reasoning the part of {@code completion} that is reasoning
 * @param isKnown false if the server did not report both counts; they are then lower bounds, often 0
 */
public record TokenUsage(long prompt, long completion, long reasoning, boolean isKnown) {
    /** A call that used no tokens, such as one that was refused or answered from the cache. */
    public static final TokenUsage NONE = new TokenUsage(0, 0, 0);

    /** An answer whose server reported no usage. */
    public static final TokenUsage UNKNOWN = new TokenUsage(0, 0, 0, false);

    public TokenUsage {
        if (prompt < 0 || completion < 0 || reasoning < 0) {
            throw new IllegalArgumentException("token counts must not be negative");
        }
    }

    /** Known counts. */
    public TokenUsage(long prompt, long completion, long reasoning) {
        this(prompt, completion, reasoning, true);
    }

    /** The sum; unknown if one of both is. */
    public TokenUsage plus(TokenUsage other) {
        return new TokenUsage(
                prompt + other.prompt,
                completion + other.completion,
                reasoning + other.reasoning,
                isKnown && other.isKnown);
    }
}
