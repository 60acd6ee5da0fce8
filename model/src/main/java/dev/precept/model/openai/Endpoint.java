package dev.precept.model.openai;

import dev.precept.model.ApiKey;
import dev.precept.model.Secret;
import java.net.URI;
import java.net.http.HttpRequest;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The base URL of a model server, such as {@code http://host:8000/v1}, and its API key.
 *
 * @param url http or https, without user, query or fragment; trailing slashes are removed
 */
public record Endpoint(String url, @Nullable ApiKey apiKey) {
    public Endpoint {
        url = url.strip().replaceAll("/+$", "");
        URI uri;
        try {
            uri = URI.create(url);
        } catch (IllegalArgumentException malformed) {
            throw new IllegalArgumentException(
                    "not a URL: '" + url + "'; give one like http://host:8000/v1", malformed);
        }
        boolean http = "http".equalsIgnoreCase(uri.getScheme()) || "https".equalsIgnoreCase(uri.getScheme());
        if (!http || uri.getHost() == null) {
            throw new IllegalArgumentException("not an http URL: '" + url + "'; give one like http://host:8000/v1");
        }
        if (uri.getRawUserInfo() != null || uri.getRawQuery() != null || uri.getRawFragment() != null) {
            throw new IllegalArgumentException("the model URL for host " + uri.getHost()
                    + " must not have a user, query or fragment; set the API key by environment variable or file");
        }
    }

    /** A request to {@code url + path}, with the API key if there is one. */
    HttpRequest.Builder request(String path) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(url + path)).header("Accept", "application/json");
        return apiKey == null
                ? request
                : request.header("Authorization", "Bearer " + apiKey.current().reveal());
    }

    /** This endpoint with the current value of its key, fixed. */
    Endpoint withCurrentKey() {
        return apiKey == null ? this : new Endpoint(url, apiKey.current());
    }

    /** This endpoint with a key other than the refused one; empty if there is none. */
    Optional<Endpoint> replacementFor(Endpoint refused) {
        return apiKey == null || refused.apiKey == null
                ? Optional.empty()
                : apiKey.replacementFor(refused.apiKey.current()).map(replacement -> new Endpoint(url, replacement));
    }

    /** Removes the key from a text, in case the server echoed it. */
    String redact(String text) {
        if (apiKey == null) {
            return text;
        }
        Secret secret = apiKey.current();
        return text.replace(secret.reveal(), secret.toString());
    }
}
