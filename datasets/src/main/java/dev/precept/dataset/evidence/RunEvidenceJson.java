package dev.precept.dataset.evidence;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.precept.dataset.Dataset;
import dev.precept.dataset.InvalidDocumentException;
import dev.precept.records.CanaryExpectation;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** The evidence of a run as JSON, and back. Unknown members are ignored. */
final class RunEvidenceJson {
    private static final ObjectMapper JSON = new ObjectMapper();

    private RunEvidenceJson() {}

    static byte[] write(RunEvidence evidence) {
        ObjectNode json = JSON.createObjectNode();
        json.put("run_id", evidence.runId());
        json.put("as_of", evidence.asOf().toString());
        json.put("unsettled", evidence.unsettled());
        ObjectNode roles = json.putObject("roles");
        new TreeMap<>(evidence.roles()).forEach((role, spend) -> roles.set(role, spend(spend)));
        ArrayNode canaries = json.putArray("canaries");
        for (RunEvidence.Canary canary : evidence.canaries()) {
            canaries.addObject()
                    .put("id", canary.id())
                    .put("expected", canary.expected().name().toLowerCase(Locale.ROOT))
                    .put("kept", canary.kept())
                    .put("turned_away", canary.turnedAway())
                    .put("undecided", canary.undecided());
        }
        return Dataset.pretty(json);
    }

    private static ObjectNode spend(RunEvidence.RoleSpend spend) {
        ObjectNode json = JSON.createObjectNode();
        json.put("instances", spend.instances());
        json.put("calls", spend.calls());
        ObjectNode outcomes = json.putObject("calls_by_outcome");
        new TreeMap<>(spend.callsByOutcome()).forEach(outcomes::put);
        json.put("prompt_tokens", spend.promptTokens());
        json.put("cached_tokens", spend.cachedTokens());
        json.put("completion_tokens", spend.completionTokens());
        json.put("reasoning_tokens", spend.reasoningTokens());
        json.put("usd", spend.usd());
        json.put("estimated_calls", spend.estimatedCalls());
        json.put("invalid_votes", spend.invalidVotes());
        return json;
    }

    static RunEvidence read(byte[] document) throws InvalidDocumentException {
        JsonNode json = parse(document);
        Map<String, RunEvidence.RoleSpend> roles = new TreeMap<>();
        for (Map.Entry<String, JsonNode> role :
                member(json, "roles", json.path("roles").isObject()).properties()) {
            roles.put(role.getKey(), spend(role.getValue()));
        }
        List<RunEvidence.Canary> canaries = new ArrayList<>();
        for (JsonNode canary : member(json, "canaries", json.path("canaries").isArray())) {
            canaries.add(new RunEvidence.Canary(
                    text(canary, "id"),
                    expectation(text(canary, "expected")),
                    count(canary, "kept"),
                    count(canary, "turned_away"),
                    count(canary, "undecided")));
        }
        return new RunEvidence(
                text(json, "run_id"), instant(text(json, "as_of")), count(json, "unsettled"), roles, canaries);
    }

    private static RunEvidence.RoleSpend spend(JsonNode json) throws InvalidDocumentException {
        JsonNode outcomes =
                member(json, "calls_by_outcome", json.path("calls_by_outcome").isObject());
        Map<String, Long> callsByOutcome = new TreeMap<>();
        for (Map.Entry<String, JsonNode> outcome : outcomes.properties()) {
            callsByOutcome.put(outcome.getKey(), count(outcomes, outcome.getKey()));
        }
        return new RunEvidence.RoleSpend(
                count(json, "instances"),
                count(json, "calls"),
                callsByOutcome,
                count(json, "prompt_tokens"),
                count(json, "cached_tokens"),
                count(json, "completion_tokens"),
                count(json, "reasoning_tokens"),
                member(json, "usd", json.path("usd").isNumber()).doubleValue(),
                count(json, "estimated_calls"),
                count(json, "invalid_votes"));
    }

    private static JsonNode parse(byte[] document) throws InvalidDocumentException {
        try {
            JsonNode json = JSON.readTree(document);
            if (json != null && json.isObject()) {
                return json;
            }
        } catch (IOException e) {
            throw new InvalidDocumentException("is not JSON", e);
        }
        throw new InvalidDocumentException("is not a JSON object");
    }

    private static JsonNode member(JsonNode json, String name, boolean fits) throws InvalidDocumentException {
        JsonNode value = json.get(name);
        if (value == null || !fits) {
            throw new InvalidDocumentException(name + (value == null ? " is missing" : " has another type"));
        }
        return value;
    }

    private static String text(JsonNode json, String name) throws InvalidDocumentException {
        return member(json, name, json.path(name).isTextual()).textValue();
    }

    private static long count(JsonNode json, String name) throws InvalidDocumentException {
        JsonNode value = json.path(name);
        return member(json, name, value.isIntegralNumber() && value.canConvertToLong() && value.longValue() >= 0)
                .longValue();
    }

    private static CanaryExpectation expectation(String name) throws InvalidDocumentException {
        for (CanaryExpectation expectation : CanaryExpectation.values()) {
            if (expectation.name().toLowerCase(Locale.ROOT).equals(name)) {
                return expectation;
            }
        }
        throw new InvalidDocumentException("expected is '" + name + "', neither keep nor turn_away");
    }

    private static Instant instant(String text) throws InvalidDocumentException {
        try {
            return Instant.parse(text);
        } catch (DateTimeException e) {
            throw new InvalidDocumentException("as_of is no time", e);
        }
    }
}
