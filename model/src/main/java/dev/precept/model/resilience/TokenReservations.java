package dev.precept.model.resilience;

import dev.precept.model.ChatMessage;
import dev.precept.model.ChatRequest;
import dev.precept.model.TokenUsage;

/**
 * The rate of tokens of an endpoint. A call reserves the tokens it is expected to use when it starts, as providers count
 * them, and the difference is settled when it ends. Not thread-safe.
 */
final class TokenReservations {
    private static final int CHARS_PER_TOKEN = 4;
    private static final int MOST_TOKENS_PER_CHAR = 4;
    private static final double MEAN_OF = 64;

    private final RateLimiter rate;
    private double meanTokens;
    private int answered;

    TokenReservations(long perMinute, long now) {
        this.rate = new RateLimiter(perMinute, now);
    }

    /** Time until a call may start. A call may overdraw, because its tokens may exceed what the rate allows at once. */
    long waitNanos(long now) {
        return rate.waitNanos(now, 0);
    }

    /** Reserves the mean of recent calls; before the first answer, the prompt and the limit of the completion. */
    long reserve(ChatRequest request, long now) {
        long expected = answered > 0
                ? Math.round(meanTokens)
                : chars(request) / CHARS_PER_TOKEN + request.sampling().maxTokens();
        rate.consume(expected, now);
        return expected;
    }

    /** Settles an answered call. A usage beyond what the request allows is a server's error and does not count. */
    void settle(ChatRequest request, long reserved, TokenUsage usage, long now) {
        long most = MOST_TOKENS_PER_CHAR * chars(request) + request.sampling().maxTokens();
        long used = (long) Math.min((double) most, (double) usage.prompt() + (double) usage.completion());
        if (!usage.isKnown()) {
            return; // the reservation is the best estimate
        }
        if (used > 0) {
            answered++;
            meanTokens += (used - meanTokens) / Math.min(MEAN_OF, answered);
        }
        rate.consume(used - reserved, now);
    }

    /** Returns the tokens of a call that was not processed. */
    void release(long reserved, long now) {
        rate.consume(-reserved, now);
    }

    private static long chars(ChatRequest request) {
        long chars = 0;
        for (ChatMessage message : request.messages()) {
            if (message.content() != null) {
                for (CharSequence piece : message.content().pieces()) {
                    chars += piece.length();
                }
            }
        }
        return chars;
    }
}
