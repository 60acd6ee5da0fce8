package dev.precept.model.openai;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpResponse;
import java.util.Locale;
import java.util.Optional;

/**
 * An HTTP response that is not validated yet.
 *
 * @param http with an empty body if that exceeded the limit
 * @param proxy from which it came; with plain HTTP a proxy may answer in place of the server
 */
record Response(HttpResponse<Optional<byte[]>> http, int limitBytes, Optional<InetSocketAddress> proxy) {
    URI uri() {
        return http.uri();
    }

    /** " through the proxy HOST:PORT", or nothing. */
    String route() {
        return proxy.isPresent() ? " through the proxy " + ConnectionFailure.name(proxy) : "";
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
        return isType("text/html");
    }

    /** Some gateways stream although no stream was requested. */
    boolean isEventStream() {
        return isType(EventStream.MEDIA_TYPE);
    }

    /** Parses the body as a JSON object, with any status. A stream of events becomes the completion that it streams. */
    JsonNode parseObject() throws Json.InvalidJsonException {
        if (isHtml()) {
            throw Json.html();
        }
        byte[] bytes = bytes();
        return isEventStream() ? EventStream.assemble(Json.text(bytes)) : Json.parseObject(bytes);
    }

    /** What the server says in an error response; nothing if the body is HTML, too long or not text. */
    ErrorDetail errorDetail() {
        if (isHtml()) {
            return ErrorDetail.NONE;
        }
        try {
            byte[] bytes = bytes();
            if (isEventStream()) {
                return ErrorDetail.of(EventStream.assemble(Json.text(bytes)));
            }
            String text = Json.text(bytes);
            return text.stripLeading().startsWith("<") ? ErrorDetail.NONE : ErrorDetail.of(Json.parseAny(text));
        } catch (Json.InvalidJsonException e) {
            return ErrorDetail.NONE;
        }
    }

    private byte[] bytes() throws Json.InvalidJsonException {
        if (http.body().isEmpty()) {
            throw new Json.InvalidJsonException("more than " + limitBytes + " bytes");
        }
        byte[] body = http.body().get();
        return ContentCoding.decode(
                body, http.headers().allValues("Content-Encoding"), Math.max(limitBytes, body.length));
    }

    private boolean isType(String wanted) {
        return header("Content-Type")
                .filter(type -> type.strip().toLowerCase(Locale.ROOT).startsWith(wanted))
                .isPresent();
    }
}
