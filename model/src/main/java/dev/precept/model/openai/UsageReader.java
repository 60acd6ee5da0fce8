package dev.precept.model.openai;

import com.fasterxml.jackson.databind.JsonNode;
import dev.precept.model.TokenUsage;
import java.util.stream.LongStream;

/**
 * Reads the tokens of a call in the forms in use: OpenAI, DeepSeek, Anthropic, and gateways that mix them. The parts of the
 * prompt and of the completion are always within the whole: where a server counts them beside it, they are added.
 */
final class UsageReader {
    private UsageReader() {}

    /** Unknown unless both counts are there: no call uses 0 tokens. */
    static TokenUsage read(JsonNode usage) {
        boolean anthropic = !usage.has("prompt_tokens") && usage.has("input_tokens");
        long cached = LongStream.of(
                        tokens(usage.path("prompt_tokens_details").path("cached_tokens")),
                        tokens(usage.path("input_tokens_details").path("cached_tokens")),
                        tokens(usage.path("prompt_cache_hit_tokens")),
                        tokens(usage.path("cache_read_input_tokens")))
                .max()
                .orElse(0); // a gateway may repeat one count under several names
        long written = tokens(usage.path("cache_creation_input_tokens"));
        long prompt = tokens(usage.path(anthropic ? "input_tokens" : "prompt_tokens"));
        JsonNode generated = usage.path(anthropic ? "output_tokens" : "completion_tokens");
        long completion = tokens(generated);
        long reasoning = LongStream.of(
                        tokens(usage.path("completion_tokens_details").path("reasoning_tokens")),
                        tokens(usage.path("output_tokens_details").path("reasoning_tokens")))
                .max()
                .orElse(0);
        long total = tokens(usage.path("total_tokens"));
        boolean known = prompt + cached > 0 && generated.canConvertToLong();
        boolean besideCached = anthropic && !usage.has("input_tokens_details");
        if (besideCached || cached > prompt) {
            prompt += cached + written;
        }
        if (reasoning > completion || (reasoning > 0 && total == prompt + completion + reasoning)) {
            completion += reasoning;
        }
        return new TokenUsage(prompt, cached, completion, reasoning, known);
    }

    /** 0 for everything that is no count; a count beyond any context is no count either, and cannot overflow a sum. */
    private static long tokens(JsonNode count) {
        return count.canConvertToLong() ? Math.clamp(count.longValue(), 0, 1L << 40) : 0;
    }
}
