package dev.precept.model.openai;

import com.fasterxml.jackson.databind.JsonNode;
import dev.precept.model.TokenUsage;
import java.util.Arrays;

/**
 * Reads the tokens of a call in the forms in use: OpenAI, DeepSeek, Anthropic, and gateways that mix them. The parts of the
 * prompt and of the completion are always within the whole: where a server counts them beside it, they are added.
 */
final class UsageReader {
    private UsageReader() {}

    /** No count is above this, which is beyond any context: a time stamp, or a broken number. */
    private static final long MOST = 1L << 27;

    /** Unknown unless prompt and completion are counted: no call uses 0 tokens. */
    static TokenUsage read(JsonNode usage) {
        boolean anthropic = tokens(usage.path("prompt_tokens")) == 0 && isCount(usage.path("input_tokens"));
        // A gateway may repeat one count under several names.
        long cached = most(
                usage.path("prompt_tokens_details").path("cached_tokens"),
                usage.path("input_tokens_details").path("cached_tokens"),
                usage.path("prompt_cache_hit_tokens"),
                usage.path("cache_read_input_tokens"));
        long reasoning = most(
                usage.path("completion_tokens_details").path("reasoning_tokens"),
                usage.path("output_tokens_details").path("reasoning_tokens"));
        long prompt = tokens(usage.path(anthropic ? "input_tokens" : "prompt_tokens"));
        JsonNode generated = isCount(usage.path("completion_tokens")) && !anthropic
                ? usage.path("completion_tokens")
                : usage.path("output_tokens");
        long completion = tokens(generated);
        long total = tokens(usage.path("total_tokens"));
        long beside = cached + tokens(usage.path("cache_creation_input_tokens"));
        boolean isBeside = cached > prompt
                || (anthropic && !usage.has("input_tokens_details"))
                || (beside > 0 && total == prompt + beside + completion);
        prompt += isBeside ? beside : 0;
        if (reasoning > completion || (reasoning > 0 && total == prompt + completion + reasoning)) {
            completion += reasoning;
        }
        boolean isKnown = prompt > 0 && isCount(generated);
        // Gemini counts its thoughts in the total alone.
        long hidden = isKnown ? Math.max(0, total - prompt - completion) : 0;
        return new TokenUsage(prompt, cached, completion + hidden, reasoning + hidden, isKnown);
    }

    private static long most(JsonNode... counts) {
        return Arrays.stream(counts).mapToLong(UsageReader::tokens).max().orElse(0);
    }

    private static boolean isCount(JsonNode count) {
        return count.canConvertToLong() && count.longValue() >= 0 && count.longValue() <= MOST;
    }

    private static long tokens(JsonNode count) {
        return isCount(count) ? count.longValue() : 0;
    }
}
