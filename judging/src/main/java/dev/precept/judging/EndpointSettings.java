package dev.precept.judging;

import dev.precept.model.ApiKey;
import dev.precept.model.Sampling;
import dev.precept.model.openai.Endpoint;
import dev.precept.model.openai.RequestEncoding;
import dev.precept.model.pricing.Price;
import dev.precept.model.resilience.RateLimits;
import java.net.URI;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The model settings of one role.
 *
 * @param weights by endpoint URL, in the order of the recipe; empty until the mock model is started in their place
 * @param concurrency limit of calls in flight for one process
 * @param rateLimits of each endpoint
 * @param prompt what requests ask with
 * @param request how requests are written
 * @param accepted the encoding that an endpoint accepted, by URL, where it was probed
 * @param maxOutage after an outage of this length the role ends; null if it waits for any length
 * @param section of the recipe that they stand in, for messages; null if they come from none
 */
public record EndpointSettings(
        Map<String, Integer> weights,
        String model,
        int concurrency,
        Duration callTimeout,
        @Nullable ApiKey apiKey,
        Sampling sampling,
        RateLimits rateLimits,
        Price price,
        RolePrompt prompt,
        RequestSettings request,
        Map<String, RequestEncoding> accepted,
        @Nullable Duration maxOutage,
        @Nullable String section) {
    public EndpointSettings {
        weights = Collections.unmodifiableMap(new LinkedHashMap<>(weights));
        accepted = Map.copyOf(accepted);
    }

    /** Requests have the built-in prompts, are written in the standard way, and an outage may last for any length. */
    public EndpointSettings(
            Map<String, Integer> weights,
            String model,
            int concurrency,
            Duration callTimeout,
            @Nullable ApiKey apiKey,
            Sampling sampling,
            RateLimits rateLimits,
            Price price) {
        this(
                weights,
                model,
                concurrency,
                callTimeout,
                apiKey,
                sampling,
                rateLimits,
                price,
                RolePrompt.STANDARD,
                RequestSettings.STANDARD,
                Map.of(),
                null,
                null);
    }

    /** The same settings with one other endpoint, such as the mock model. */
    public EndpointSettings withUrl(String url) {
        return with(Map.of(url, 1), sampling, prompt, Map.of(), maxOutage);
    }

    /** The same settings with the encodings that the endpoints accepted. */
    public EndpointSettings withAccepted(Map<String, RequestEncoding> encodings) {
        return with(weights, sampling, prompt, encodings, maxOutage);
    }

    /** The same settings with other sampling parameters. */
    public EndpointSettings withSampling(Sampling other) {
        return with(weights, other, prompt, accepted, maxOutage);
    }

    /** The same settings with a limit of an outage. */
    public EndpointSettings withMaxOutage(Duration limit) {
        return with(weights, sampling, prompt, accepted, limit);
    }

    /** The same settings with other prompts. */
    public EndpointSettings withPrompt(RolePrompt other) {
        return with(weights, sampling, other, accepted, maxOutage);
    }

    private EndpointSettings with(
            Map<String, Integer> newWeights,
            Sampling newSampling,
            RolePrompt newPrompt,
            Map<String, RequestEncoding> newAccepted,
            @Nullable Duration newMaxOutage) {
        return new EndpointSettings(
                newWeights,
                model,
                concurrency,
                callTimeout,
                apiKey,
                newSampling,
                rateLimits,
                price,
                newPrompt,
                request,
                newAccepted,
                newMaxOutage,
                section);
    }

    /** One of the endpoints. */
    public Endpoint endpoint(String url) {
        return new Endpoint(url, apiKey, request.keyHeader(), request.headers(), request.query());
    }

    /** The encoding of requests to an endpoint. */
    public RequestEncoding encoding(String url) {
        return accepted.getOrDefault(url, request.encoding());
    }

    /** The endpoints that the API key is sent to without encryption over a network; empty if there is no key. */
    public List<String> plainTextKeyUrls() {
        return apiKey == null
                ? List.of()
                : weights.keySet().stream()
                        .filter(EndpointSettings::isPlainTextRemote)
                        .toList();
    }

    private static boolean isPlainTextRemote(String url) {
        URI uri = URI.create(url);
        String host = uri.getHost() == null ? "" : uri.getHost();
        boolean loopback = host.equals("localhost") || host.startsWith("127.") || host.equals("[::1]");
        return "http".equalsIgnoreCase(uri.getScheme()) && !loopback;
    }

    /** All endpoint URLs, separated by spaces, as in samples and messages. */
    public String urls() {
        return String.join(" ", weights.keySet());
    }
}
