package dev.precept.model.mock;

import org.jspecify.annotations.Nullable;

/**
 * What the rehearsal model writes.
 *
 * @param reasoning null where it writes none
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

    /** This completion as a server with that limit lets it through. */
    MockCompletion truncatedTo(long maxTokens) {
        if (tokens() <= maxTokens) {
            return this;
        }
        long left = maxTokens - Math.min(maxTokens, reasoningTokens());
        return new MockCompletion("length", reasoning == null ? null : cut(reasoning, maxTokens), cut(content, left));
    }

    private static String cut(String text, long tokens) {
        int end = (int) Math.min(text.length(), tokens * CHARACTERS_PER_TOKEN);
        boolean splits = end > 0 && end < text.length() && Character.isHighSurrogate(text.charAt(end - 1));
        return text.substring(0, splits ? end - 1 : end);
    }
}
