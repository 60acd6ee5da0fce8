package dev.precept.workers;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

/** Faults in the content of complete, readable responses. */
final class ResponseFaults {
    /** Escapes non-ASCII characters, so that an unpaired surrogate can be sent. */
    private static final ObjectMapper JSON =
            JsonMapper.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

    private static final String REFUSAL = "I cannot help with that.";

    private ResponseFaults() {}

    static ServerFault answered(String finishReason, String reasoning, String content) {
        return answers(FaultyServer.completion(finishReason, reasoning, content));
    }

    /** A refusal in the field of the OpenAI API. */
    static ServerFault declining() {
        ObjectNode body = FaultyServer.completion("stop", "Hm.", "");
        message(body).putNull("content").put("refusal", REFUSAL);
        return answers(body);
    }

    static ServerFault calling(String finishReason) {
        ObjectNode body = FaultyServer.completion(finishReason, "Hm.", FaultyServer.SCORE.formatted("9"));
        message(body)
                .putArray("tool_calls")
                .addObject()
                .put("id", "c1")
                .put("type", "function")
                .putObject("function")
                .put("name", "look")
                .put("arguments", "{}");
        return answers(body);
    }

    static ServerFault reasonedTwice() {
        ObjectNode body = FaultyServer.completion("stop", "One thing.", "Fine.");
        message(body).put("reasoning", "Another thing.");
        return answers(body);
    }

    static ServerFault refusing(int status, String message) {
        return ServerFault.answers(status, ServerFault.JSON, "{\"error\":{\"message\":\"" + message + "\"}}");
    }

    /** The good body with another token usage. */
    static ServerFault used(@Nullable Long tokens) {
        return (socket, good) -> {
            ObjectNode body = (ObjectNode) JSON.readTree(good);
            body.remove("usage");
            if (tokens != null) {
                body.putObject("usage").put("prompt_tokens", tokens).put("completion_tokens", tokens);
            }
            answers(body).play(socket, good);
        };
    }

    private static ObjectNode message(ObjectNode body) {
        return (ObjectNode) body.at("/choices/0/message");
    }

    private static ServerFault answers(ObjectNode body) {
        try {
            return ServerFault.answers(JSON.writeValueAsString(body));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("cannot write completion", e);
        }
    }
}
