package dev.precept.model.rehearsal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** Answers one chat-completions request; a function of its body and nothing else. */
final class RehearsalModel {
    static final String ID = "rehearsal";

    private final Mistakes mistakes;

    RehearsalModel(Mistakes mistakes) {
        this.mistakes = mistakes;
    }

    Completion complete(JsonNode request) {
        Scene scene = Scene.read(request.path("messages"));
        long seed = request.path("seed").asLong(0);
        JsonNode limit = request.path(request.has("max_completion_tokens") ? "max_completion_tokens" : "max_tokens");
        long maxTokens = limit.asLong(Long.MAX_VALUE);
        JsonNode format = request.path("response_format");
        boolean judging = format.path("type").asText("text").startsWith("json");
        Completion whole = judging
                ? Judging.of(scene, format.path("json_schema").path("schema"), seed)
                : Generation.of(scene, seed, mistakes.on(scene.request(), seed, maxTokens));
        return whole.within(maxTokens);
    }

    /** The completion as the API gives it. Its id and time are fixed, or two runs would differ. */
    static ObjectNode response(JsonNode request, Completion completion, long body) {
        ObjectNode response = JsonNodeFactory.instance
                .objectNode()
                .put("id", "rehearsal-" + Long.toHexString(body))
                .put("object", "chat.completion")
                .put("created", 0)
                .put("model", ID);
        ObjectNode choice = response.putArray("choices").addObject().put("index", 0);
        ObjectNode message =
                choice.putObject("message").put("role", "assistant").put("content", completion.content());
        if (completion.reasoning() != null) {
            message.put("reasoning_content", completion.reasoning());
        }
        choice.put("finish_reason", completion.finishReason());
        long prompt = Completion.tokens(request.path("messages").toString());
        ObjectNode usage = response.putObject("usage")
                .put("prompt_tokens", prompt)
                .put("completion_tokens", completion.tokens())
                .put("total_tokens", prompt + completion.tokens());
        usage.putObject("completion_tokens_details").put("reasoning_tokens", completion.reasoningTokens());
        return response;
    }
}
