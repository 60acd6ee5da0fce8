package dev.precept.model.mock;

import org.jspecify.annotations.Nullable;

/**
 * A completion of the mock model.
 *
 * @param reasoning null if there is none
 */
record MockCompletion(String finishReason, @Nullable String reasoning, String content) {
    private static final int CHARACTERS_PER_TOKEN = 4;

    static MockCompletion of(@Nullable String reasoning, String content) {
        return new MockCompletion("stop", reasoning, content);
    }

    static long tokens(@Nullable String text) {
        return text == null ? 0 : Math.ceilDiv(text.length(), CHARACTERS_PER_TOKEN);
    }

    long reasoningTokens() {
        return tokens(reasoning);
    }

    long tokens() {
        return reasoningTokens() + tokens(content);
    }

    /** This completion, truncated to a token limit. */
    MockCompletion truncatedTo(long maxTokens) {
        if (tokens() <= maxTokens) {
            return this;
        }
        long left = maxTokens - Math.min(maxTokens, reasoningTokens());
        return new MockCompletion("length", reasoning == null ? null : cut(reasoning, maxTokens), cut(content, left));
    }

    private static String cut(String text, long tokens) {
        int end = (int) Math.min(text.length(), tokens * CHARACTERS_PER_TOKEN);
        boolean splitsPair = end > 0 && end < text.length() && Character.isHighSurrogate(text.charAt(end - 1));
        return text.substring(0, splitsPair ? end - 1 : end);
    }
}
