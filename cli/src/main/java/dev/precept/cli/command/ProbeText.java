package dev.precept.cli.command;

import dev.precept.model.openai.EndpointProbe;
import java.util.Locale;

/** What {@code doctor} prints of the answer of an endpoint. */
final class ProbeText {
    private ProbeText() {}

    static String describe(String url, EndpointProbe.ProbeResult probeResult) {
        return url + " answers as " + probeResult.model()
                + (probeResult.contextTokens() == 0
                        ? ", context length unknown"
                        : String.format(Locale.ROOT, ", context of %,d tokens", probeResult.contextTokens()))
                + (probeResult.reasoningLocation().isEmpty() ? "" : ", reasoning in " + probeResult.reasoningLocation())
                + (probeResult.cutTokens() == 0
                        ? ""
                        : ", CUTS PROMPTS at " + probeResult.cutTokens()
                                + " tokens without a word (Ollama: raise OLLAMA_CONTEXT_LENGTH)")
                + switch (probeResult.finishReason()) {
                    case "stop" -> "";
                    case "" -> ", no finish reason";
                    default -> ", finish reason " + probeResult.finishReason();
                };
    }
}
