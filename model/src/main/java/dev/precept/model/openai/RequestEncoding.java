package dev.precept.model.openai;

import dev.precept.model.ChatRequest;
import dev.precept.model.Sampling;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/**
 * How a request is written for a server. It changes which fields are sent, not what is asked, so it is no part of a run's
 * identity.
 *
 * @param tokenLimitField the field for the limit on reasoning and answer
 * @param responseFormat how a request with a schema asks for JSON
 * @param stream whether the answer is requested as a stream of events
 * @param omitted fields that are not sent, of {@link #OPTIONAL_FIELDS}
 * @param mergesSystem whether a system message is sent as the beginning of the user message after it
 */
public record RequestEncoding(
        TokenLimitField tokenLimitField,
        ResponseFormat responseFormat,
        boolean stream,
        Set<String> omitted,
        boolean mergesSystem) {
    static final String SEED = "seed";
    static final String TEMPERATURE = "temperature";
    static final String TOP_P = "top_p";
    static final String STREAM_OPTIONS = "stream_options";

    /** Fields without which a request still asks the same. */
    public static final Set<String> OPTIONAL_FIELDS = Set.of(SEED, TEMPERATURE, TOP_P, STREAM_OPTIONS);

    /** The chat-completions API as vLLM, SGLang and llama.cpp serve it. */
    public static final RequestEncoding STANDARD =
            new RequestEncoding(TokenLimitField.MAX_TOKENS, ResponseFormat.JSON_SCHEMA, false, Set.of());

    /** The field for the token limit. {@code NONE} sends no limit. */
    public enum TokenLimitField {
        MAX_TOKENS,
        MAX_COMPLETION_TOKENS,
        NONE
    }

    /**
     * How a request with a schema asks for JSON, from the strictest. The last two put the schema into the last message;
     * {@code NONE} sends no {@code response_format}.
     */
    public enum ResponseFormat {
        JSON_SCHEMA,
        /** Without {@code minimum} and {@code maximum}, which Azure refuses. */
        JSON_SCHEMA_WITHOUT_BOUNDS,
        JSON_OBJECT,
        NONE
    }

    /** Sends a system message as one. */
    public RequestEncoding(
            TokenLimitField tokenLimitField, ResponseFormat responseFormat, boolean stream, Set<String> omitted) {
        this(tokenLimitField, responseFormat, stream, omitted, false);
    }

    public RequestEncoding {
        omitted = Set.copyOf(omitted);
        if (!OPTIONAL_FIELDS.containsAll(omitted)) {
            throw new IllegalArgumentException("only " + new TreeSet<>(OPTIONAL_FIELDS) + " may be omitted");
        }
    }

    /** The body of a request, as JSON in the bytes in which it is sent. */
    public String body(ChatRequest request) {
        return RequestBody.text(request, this);
    }

    boolean sends(String field) {
        return !omitted.contains(field);
    }

    RequestEncoding with(TokenLimitField field) {
        return new RequestEncoding(field, responseFormat, stream, omitted, mergesSystem);
    }

    /** The same with another form in which JSON is requested. */
    public RequestEncoding with(ResponseFormat format) {
        return new RequestEncoding(tokenLimitField, format, stream, omitted, mergesSystem);
    }

    RequestEncoding without(String field) {
        Set<String> more = new TreeSet<>(omitted);
        more.add(field);
        return new RequestEncoding(tokenLimitField, responseFormat, stream, more, mergesSystem);
    }

    /** The same with streamed answers. */
    public RequestEncoding streamed() {
        return new RequestEncoding(tokenLimitField, responseFormat, true, omitted, mergesSystem);
    }

    /** The same with whole answers. */
    RequestEncoding whole() {
        return new RequestEncoding(tokenLimitField, responseFormat, false, omitted, mergesSystem);
    }

    /** The same, with the text of a system message at the beginning of the user message. */
    RequestEncoding merged() {
        return new RequestEncoding(tokenLimitField, responseFormat, stream, omitted, true);
    }

    /** The sampling parameters of a request that this encoding leaves out. */
    Set<String> omittedFrom(ChatRequest request) {
        Set<String> left = new TreeSet<>(omitted);
        Sampling sampling = request.sampling();
        left.remove(STREAM_OPTIONS);
        if (sampling.temperature() == null) {
            left.remove(TEMPERATURE);
        }
        if (sampling.topP() == null) {
            left.remove(TOP_P);
        }
        return left;
    }

    /** What this encoding does otherwise than {@code configured}, one short sentence each; empty if nothing. */
    public List<String> differences(RequestEncoding configured) {
        List<String> differences = new ArrayList<>();
        if (tokenLimitField != configured.tokenLimitField) {
            differences.add(
                    "the token limit is sent as " + tokenLimitField.name().toLowerCase(Locale.ROOT));
        }
        if (responseFormat != configured.responseFormat) {
            differences.add("response_format is " + responseFormat.name().toLowerCase(Locale.ROOT));
        }
        if (stream != configured.stream) {
            differences.add(stream ? "answers are streamed" : "answers are not streamed");
        }
        if (mergesSystem != configured.mergesSystem) {
            differences.add("the system message is sent in the user message");
        }
        Set<String> left = new TreeSet<>(omitted);
        left.removeAll(configured.omitted);
        left.forEach(field -> differences.add(field + " is not sent"));
        return differences;
    }
}
