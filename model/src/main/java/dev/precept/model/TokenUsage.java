package dev.precept.model;

/**
 * The tokens of a call, as reported by the server.
 *
 * @param prompt all tokens of the request, cached ones included
 * @param cached the part of {@code prompt} that the server had read before
 * @param completion all tokens generated, reasoning included
 * @param reasoning the part of {@code completion} that is reasoning
 * @param isKnown false if the server did not report both counts; they are then lower bounds, often 0
 */
public record TokenUsage(long prompt, long cached, long completion, long reasoning, boolean isKnown) {
    /** A call that used no tokens, such as one that was refused or answered from the cache. */
    public static final TokenUsage NONE = new TokenUsage(0, 0, 0);

    /** An answer whose server reported no usage. */
    public static final TokenUsage UNKNOWN = new TokenUsage(0, 0, 0, 0, false);

    public TokenUsage {
        if (cached < 0 || reasoning < 0) {
            throw new IllegalArgumentException("token counts must not be negative");
        }
        if (cached > prompt || reasoning > completion) {
            throw new IllegalArgumentException("a part of the tokens must not exceed the whole: " + cached + " of "
                    + prompt + ", " + reasoning + " of " + completion);
        }
    }

    /** Known counts, with no cached tokens. */
    public TokenUsage(long prompt, long completion, long reasoning) {
        this(prompt, 0, completion, reasoning, true);
    }

    /** Prompt and completion. */
    public long total() {
        return prompt + completion;
    }

    /** The sum; unknown if one of both is. */
    public TokenUsage plus(TokenUsage other) {
        return new TokenUsage(
                prompt + other.prompt,
                cached + other.cached,
                completion + other.completion,
                reasoning + other.reasoning,
                isKnown && other.isKnown);
    }
}
