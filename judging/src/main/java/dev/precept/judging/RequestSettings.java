package dev.precept.judging;

import dev.precept.model.openai.Endpoint;
import dev.precept.model.openai.RequestEncoding;
import java.util.Map;

/**
 * How a role writes its requests: the section {@code request} of its recipe.
 *
 * @param keyHeader the header of the API key
 * @param headers further headers; values may be secret
 * @param query further parameters of the URL
 * @param check what happens if an endpoint answers the question before the first task with nothing that the role can use
 */
public record RequestSettings(
        RequestEncoding encoding,
        String keyHeader,
        Map<String, String> headers,
        Map<String, String> query,
        Check check) {
    public static final RequestSettings STANDARD =
            new RequestSettings(RequestEncoding.STANDARD, Endpoint.AUTHORIZATION, Map.of(), Map.of(), Check.STOP);

    /** What follows from an answer that the role cannot use. */
    public enum Check {
        STOP,
        WARN
    }

    public RequestSettings {
        headers = Map.copyOf(headers);
        query = Map.copyOf(query);
    }

    /** Without the values of headers. */
    @Override
    public String toString() {
        return "RequestSettings[" + encoding + ", headers=" + headers.keySet() + ", query=" + query.keySet() + "]";
    }
}
