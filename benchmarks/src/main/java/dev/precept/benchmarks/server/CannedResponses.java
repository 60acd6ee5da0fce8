package dev.precept.benchmarks.server;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** HTTP responses of the server as bytes. */
public final class CannedResponses {
    private static final String REASONING = """
            The user asks an everyday question. [point-3] says to answer what was asked before anything else, and \
            [point-11] to say how sure one is. Nothing here asks for care beyond that, so I comply. \
            """;
    private static final String ANSWER = """
            Begin with the part that is easiest to check, write down what you find, and change one thing at a time. \
            If the result is not what you expected, go back to the last step that was, and look at it again. \
            """;

    static final String MODELS = "{\"object\":\"list\",\"data\":[{\"id\":\"benchmark\",\"object\":\"model\"}]}";
    /** Of each completion. */
    public static final String REASONING_TEXT = REASONING.repeat(5).strip();
    /** Of each completion. */
    public static final String ANSWER_TEXT = ANSWER.repeat(4).strip();

    private CannedResponses() {}

    /** A server error. */
    static ByteBuffer error() {
        return response("500 Internal Server Error", "{\"error\":{\"message\":\"poisoned\"}}");
    }

    /** A chat completion that is a valid vote of a judge, above every threshold. */
    static ByteBuffer vote() {
        return ok("""
                {"id":"chatcmpl-1","object":"chat.completion","created":1,"model":"benchmark","choices":[{"index":0,\
                "message":{"role":"assistant","content":"{\\"criteria\\":{\\"correctness\\":9,\\"helpfulness\\":9,\
                \\"compliance\\":10,\\"reasoning\\":9},\\"score\\":9,\\"response_style\\":\\"comply\\",\
                \\"reason\\":\\"Names the clauses that apply and follows them.\\"}"},"finish_reason":"stop"}],\
                "usage":{"prompt_tokens":8200,"completion_tokens":60,"total_tokens":8260}}""").asReadOnlyBuffer();
    }

    /** A chat completion of about 2 KB. */
    static ByteBuffer completion(long tokens) {
        return ok("""
                {"id":"chatcmpl-1","object":"chat.completion","created":1,"model":"benchmark","choices":[{"index":0,\
                "message":{"role":"assistant","reasoning_content":"%s","content":"%s"},"finish_reason":"stop"}],\
                "usage":{"prompt_tokens":7700,"completion_tokens":%d,"total_tokens":%d}}""".formatted(REASONING_TEXT, ANSWER_TEXT, tokens, 7700 + tokens))
                .asReadOnlyBuffer();
    }

    static ByteBuffer ok(String json) {
        return response("200 OK", json);
    }

    private static ByteBuffer response(String status, String json) {
        byte[] body = json.getBytes(StandardCharsets.UTF_8);
        byte[] head = ("HTTP/1.1 " + status + "\r\nContent-Type: application/json\r\nContent-Length: " + body.length
                        + "\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII);
        return ByteBuffer.allocate(head.length + body.length)
                .put(head)
                .put(body)
                .flip();
    }
}
