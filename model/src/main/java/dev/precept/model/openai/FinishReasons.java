package dev.precept.model.openai;

import dev.precept.model.TextLimit;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Translates the finish reasons of servers into those of the chat-completions API. Pure functions. */
final class FinishReasons {
    static final String STOP = "stop";
    static final String LENGTH = "length";
    static final String TOOL_CALLS = "tool_calls";

    private static final String CONTENT_FILTER = "content_filter";
    private static final int MAX_BYTES = 64;

    /** Text Generation Inference, Together, Anthropic, Cohere, Gemini and Mistral behind gateways. */
    private static final Map<String, String> STANDARD = Map.ofEntries(
            Map.entry("eos", STOP),
            Map.entry("eos_token", STOP),
            Map.entry("end_turn", STOP),
            Map.entry("end", STOP),
            Map.entry("complete", STOP),
            Map.entry("completed", STOP),
            Map.entry("stop_sequence", STOP),
            Map.entry("max_tokens", LENGTH),
            Map.entry("max_output_tokens", LENGTH),
            Map.entry("model_length", LENGTH),
            Map.entry("tool_use", TOOL_CALLS),
            Map.entry("tool_call", TOOL_CALLS),
            Map.entry("function_call", TOOL_CALLS),
            Map.entry("safety", CONTENT_FILTER),
            Map.entry("sensitive", CONTENT_FILTER),
            Map.entry("prohibited_content", CONTENT_FILTER));

    /** The server ended the generation for a reason of its own: OpenRouter, DeepSeek, Zhipu, vLLM. */
    private static final Set<String> OUTAGES = Set.of(
            "error", "insufficient_system_resource", "network_error", "abort", "aborted", "cancelled", "canceled");

    private FinishReasons() {}

    /** The standard reason where there is one, else the reason as sent, cut at 64 bytes. */
    static String standard(String sent) {
        String word = sent.strip().toLowerCase(Locale.ROOT);
        return switch (word) {
            case STOP, LENGTH, TOOL_CALLS, CONTENT_FILTER -> word;
            default -> STANDARD.getOrDefault(word, TextLimit.cut(sent.strip(), MAX_BYTES));
        };
    }

    /** Whether the reason tells of an outage, so that the same request may succeed later. */
    static boolean isOutage(String sent) {
        return OUTAGES.contains(sent.strip().toLowerCase(Locale.ROOT));
    }
}
