package dev.precept.model.openai;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.net.http.HttpResponse;
import java.util.Locale;
import java.util.Optional;

/**
 * An HTTP response that is not validated yet.
 *
 * @param http with an empty body if that exceeded the limit
 */
record Response(HttpResponse<Optional<byte[]>> http, int limitBytes) {
    URI uri() {
        return http.uri();
    }

    int status() {
        return http.statusCode();
    }

    boolean isSuccess() {
        return status() >= 200 && status() < 300;
    }

    Optional<String> header(String name) {
        return http.headers().firstValue(name);
    }

    boolean isHtml() {
        return header("Content-Type")
                .filter(type -> type.strip().toLowerCase(Locale.ROOT).startsWith("text/html"))
                .isPresent();
    }

    /** Parses the body as a JSON object, with any status. */
    JsonNode parseObject() throws Json.InvalidJsonException {
        if (isHtml()) {
            throw Json.html();
        }
        if (http.body().isEmpty()) {
            throw new Json.InvalidJsonException("more than " + limitBytes + " bytes");
        }
        return Json.parseObject(
                ContentCoding.decode(http.body().get(), http.headers().allValues("Content-Encoding"), limitBytes));
    }
}
