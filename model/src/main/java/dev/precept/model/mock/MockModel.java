package dev.precept.model.mock;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** Answers a chat-completions request, as a pure function of its body. */
final class MockModel {
    static final String ID = "mock-model";

    private final MistakeRates mistakeRates;
    private final ClauseHints hints;

    MockModel(MistakeRates mistakeRates, ClauseHints hints) {
        this.hints = hints;
        this.mistakeRates = mistakeRates;
    }

    MockCompletion complete(JsonNode request) {
        ParsedRequest parsedRequest = ParsedRequest.parse(request.path("messages"), hints);
        long seed = request.path("seed").asLong(0);
        JsonNode limit = request.path(request.has("max_completion_tokens") ? "max_completion_tokens" : "max_tokens");
        long maxTokens = limit.asLong(Long.MAX_VALUE);
        JsonNode format = request.path("response_format");
        boolean judging = format.path("type").asText("text").startsWith("json");
        MockCompletion whole = judging
                ? MockJudge.judge(parsedRequest, format.path("json_schema").path("schema"), seed)
                : MockGenerator.generate(
                        parsedRequest,
                        seed,
                        mistakeRates.mistakeFor(parsedRequest.request(), seed, maxTokens, parsedRequest.repair()));
        return whole.truncatedTo(maxTokens);
    }

    /** The completion in the format of the API. Id and time are fixed, so that runs are repeatable. */
    static ObjectNode response(JsonNode request, MockCompletion mockCompletion, long body) {
        ObjectNode response = JsonNodeFactory.instance
                .objectNode()
                .put("id", "mock-" + Long.toHexString(body))
                .put("object", "chat.completion")
                .put("created", 0)
                .put("model", ID);
        ObjectNode choice = response.putArray("choices").addObject().put("index", 0);
        ObjectNode message =
                choice.putObject("message").put("role", "assistant").put("content", mockCompletion.content());
        if (mockCompletion.reasoning() != null) {
            message.put("reasoning_content", mockCompletion.reasoning());
        }
        choice.put("finish_reason", mockCompletion.finishReason());
        long prompt = MockCompletion.tokens(request.path("messages").toString());
        ObjectNode usage = response.putObject("usage")
                .put("prompt_tokens", prompt)
                .put("completion_tokens", mockCompletion.tokens())
                .put("total_tokens", prompt + mockCompletion.tokens());
        usage.putObject("completion_tokens_details").put("reasoning_tokens", mockCompletion.reasoningTokens());
        return response;
    }
}
