package dev.precept.model.openai;

import dev.precept.model.ApiKey;
import dev.precept.model.Secret;
import java.net.URI;
import java.net.http.HttpRequest;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where a model is served, such as {@code http://host:8000/v1}, and the key to it.
 *
 * @param url http or https, without user, query or fragment; slashes at its end are dropped
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
                    + " must hold no user, query or fragment; a key is given by environment or file");
        }
    }

    /** A request to {@code url + path}, with the key if there is one. */
    HttpRequest.Builder request(String path) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(url + path)).header("Accept", "application/json");
        return apiKey == null
                ? request
                : request.header("Authorization", "Bearer " + apiKey.current().reveal());
    }

    /** The same with the key as it is now, and from then on. */
    Endpoint withCurrentKey() {
        return apiKey == null ? this : new Endpoint(url, apiKey.current());
    }

    /** This endpoint with another key than one that it refused; empty where there is none. */
    Optional<Endpoint> replacementFor(Endpoint refused) {
        return apiKey == null || refused.apiKey == null
                ? Optional.empty()
                : apiKey.replacementFor(refused.apiKey.current()).map(other -> new Endpoint(url, other));
    }

    /** The text without the key, in case the other side repeated it. */
    String redact(String text) {
        if (apiKey == null) {
            return text;
        }
        Secret secret = apiKey.current();
        return text.replace(secret.reveal(), secret.toString());
    }
}
