package dev.precept.evaluation.result;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.precept.judging.EndpointSettings;
import dev.precept.model.Sampling;
import dev.precept.model.TokenUsage;
import dev.precept.model.pricing.Price;
import java.util.LinkedHashMap;
import java.util.Map;

/** What a result says of a model, and what of it is identity. */
public final class ModelJson {
    private ModelJson() {}

    /** Adds the name and the sampling of the model under evaluation. */
    public static void put(ObjectNode json, EndpointSettings model) {
        Sampling sampling = model.sampling();
        json.put("model", model.model());
        json.put("effort", sampling.effort());
        ObjectNode sampled = json.putObject("sampling");
        sampled.put("temperature", sampling.temperature());
        sampled.put("top_p", sampling.topP());
        sampled.put("max_tokens", sampling.maxTokens());
        sampled.set("extra", sampling.extraFields());
    }

    /** Tokens, and what they cost where the price is known; a server that reports no usage makes them a lower bound. */
    public static ObjectNode usage(TokenUsage usage, Price price) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("prompt_tokens", usage.prompt());
        json.put("cached_tokens", usage.cached());
        json.put("completion_tokens", usage.completion());
        json.put("reasoning_tokens", usage.reasoning());
        json.put("reported", usage.isKnown());
        json.put("cost_usd", price.equals(Price.FREE) ? null : price.cost(usage));
        return json;
    }

    /** What of the model decides its answers. */
    public static Map<String, String> identity(EndpointSettings model) {
        Sampling sampling = model.sampling();
        Map<String, String> identity = new LinkedHashMap<>();
        identity.put("model", model.model());
        identity.put("effort", String.valueOf(sampling.effort()));
        identity.put("temperature", String.valueOf(sampling.temperature()));
        identity.put("top_p", String.valueOf(sampling.topP()));
        identity.put("max_tokens", String.valueOf(sampling.maxTokens()));
        identity.put("extra", sampling.extra());
        return identity;
    }
}
