package dev.precept.model.openai;

import dev.precept.model.ApiKey;
import dev.precept.model.Secret;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The base URL of a model server, such as {@code http://host:8000/v1}, and what each request to it carries.
 *
 * @param url http or https, without user, query or fragment; trailing slashes are removed
 * @param keyHeader the header of the API key; {@code Authorization} holds it as a bearer token, any other the key alone
 * @param headers further headers; their values may be secret and are not printed
 * @param query further parameters of the URL, such as {@code api-version}
 */
public record Endpoint(
        String url, @Nullable ApiKey apiKey, String keyHeader, Map<String, String> headers, Map<String, String> query) {
    /** The standard header of an API key. */
    public static final String AUTHORIZATION = "Authorization";
    /** Shorter header values are not removed from messages: they are words, not secrets. */
    private static final int MIN_SECRET_LENGTH = 8;

    /** Without further headers or parameters. */
    public Endpoint(String url, @Nullable ApiKey apiKey) {
        this(url, apiKey, AUTHORIZATION, Map.of(), Map.of());
    }

    public Endpoint {
        url = url.strip().replaceAll("/+$", "");
        headers = Collections.unmodifiableMap(new LinkedHashMap<>(headers));
        query = Collections.unmodifiableMap(new LinkedHashMap<>(query));
        URI uri;
        try {
            uri = URI.create(url);
        } catch (IllegalArgumentException malformed) {
            throw new IllegalArgumentException(
                    "not a URL: '" + withoutCredentials(url) + "'; give one like http://host:8000/v1", malformed);
        }
        boolean http = "http".equalsIgnoreCase(uri.getScheme()) || "https".equalsIgnoreCase(uri.getScheme());
        boolean underscore = uri.getRawAuthority() != null
                && uri.getRawAuthority().contains("_")
                && !uri.getRawAuthority().contains("@");
        if (http && uri.getHost() == null && underscore) {
            throw new IllegalArgumentException("the host of '" + url + "' has an underscore, which a host name may not"
                    + " have; give the service a network alias without one");
        }
        if (!http || uri.getHost() == null) {
            throw new IllegalArgumentException(
                    "not an http URL: '" + withoutCredentials(url) + "'; give one like http://host:8000/v1");
        }
        if (uri.getRawUserInfo() != null || uri.getRawQuery() != null || uri.getRawFragment() != null) {
            throw new IllegalArgumentException("the model URL for host " + uri.getHost()
                    + " must not have a user, query or fragment; give a query as request.query, and set the API key by"
                    + " environment variable or file");
        }
    }

    private static String withoutCredentials(String url) {
        return url.replaceAll("(?<=//)[^/@]*@", "***@").replaceAll("[?#].*", "");
    }

    /** A request to {@code url + path}, with the API key if there is one. */
    HttpRequest.Builder request(String path) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(url + path + queryString())).header("Accept", "application/json");
        headers.forEach(request::setHeader);
        if (apiKey != null) {
            String key = apiKey.current().reveal();
            request.setHeader(keyHeader, keyHeader.equalsIgnoreCase(AUTHORIZATION) ? "Bearer " + key : key);
        }
        return request;
    }

    private String queryString() {
        return query.isEmpty()
                ? ""
                : query.entrySet().stream()
                        .map(parameter -> encoded(parameter.getKey()) + "=" + encoded(parameter.getValue()))
                        .collect(Collectors.joining("&", "?", ""));
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    /** This endpoint with the current value of its key, fixed. */
    Endpoint withCurrentKey() {
        return apiKey == null ? this : with(apiKey.current());
    }

    /** This endpoint with a key other than the refused one; empty if there is none. */
    Optional<Endpoint> replacementFor(Endpoint refused) {
        return apiKey == null || refused.apiKey == null
                ? Optional.empty()
                : apiKey.replacementFor(refused.apiKey.current()).map(this::with);
    }

    private Endpoint with(Secret key) {
        return new Endpoint(url, key, keyHeader, headers, query);
    }

    /** Removes the key and the values of headers from a text, in case the server echoed them. */
    String redact(String text) {
        String redacted = text;
        if (apiKey != null) {
            Secret secret = apiKey.current();
            redacted = redacted.replace(secret.reveal(), secret.toString());
        }
        for (String value : headers.values()) {
            if (value.length() >= MIN_SECRET_LENGTH) {
                redacted = redacted.replace(value, "***");
            }
        }
        return redacted;
    }

    /** Without the values of headers. */
    @Override
    public String toString() {
        return "Endpoint[" + url + ", apiKey=" + apiKey + ", headers=" + headers.keySet() + ", query=" + query.keySet()
                + "]";
    }
}
