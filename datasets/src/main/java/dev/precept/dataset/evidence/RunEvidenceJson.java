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
        ObjectNode judges = json.putObject("judges");
        new TreeMap<>(evidence.judges()).forEach((model, votes) -> judges.set(model, votes(votes)));
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

    private static ObjectNode votes(JudgeVotes votes) {
        ObjectNode json = JSON.createObjectNode();
        json.put("calls", votes.calls());
        json.put("prompt_tokens", votes.promptTokens());
        json.put("completion_tokens", votes.completionTokens());
        json.put("usd", votes.usd());
        ObjectNode forms = json.putObject("score_forms");
        new TreeMap<>(votes.scoreForms()).forEach(forms::put);
        ObjectNode invalid = json.putObject("invalid_votes");
        new TreeMap<>(votes.invalidVotes()).forEach(invalid::put);
        return json;
    }

    private static JudgeVotes votes(JsonNode json) throws InvalidDocumentException {
        return new JudgeVotes(
                count(json, "calls"),
                count(json, "prompt_tokens"),
                count(json, "completion_tokens"),
                member(json, "usd", json.path("usd").isNumber()).doubleValue(),
                counts(json, "score_forms"),
                counts(json, "invalid_votes"));
    }

    static RunEvidence read(byte[] document) throws InvalidDocumentException {
        JsonNode json = parse(document);
        Map<String, RunEvidence.RoleSpend> roles = new TreeMap<>();
        for (Map.Entry<String, JsonNode> role :
                member(json, "roles", json.path("roles").isObject()).properties()) {
            roles.put(role.getKey(), spend(role.getValue()));
        }
        Map<String, JudgeVotes> judges = new TreeMap<>();
        for (Map.Entry<String, JsonNode> judge :
                member(json, "judges", json.path("judges").isObject()).properties()) {
            judges.put(judge.getKey(), votes(judge.getValue()));
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
                text(json, "run_id"), instant(text(json, "as_of")), count(json, "unsettled"), roles, judges, canaries);
    }

    private static RunEvidence.RoleSpend spend(JsonNode json) throws InvalidDocumentException {
        return new RunEvidence.RoleSpend(
                count(json, "instances"),
                count(json, "calls"),
                counts(json, "calls_by_outcome"),
                count(json, "prompt_tokens"),
                count(json, "cached_tokens"),
                count(json, "completion_tokens"),
                count(json, "reasoning_tokens"),
                member(json, "usd", json.path("usd").isNumber()).doubleValue(),
                count(json, "estimated_calls"),
                count(json, "invalid_votes"));
    }

    private static Map<String, Long> counts(JsonNode json, String name) throws InvalidDocumentException {
        JsonNode members = member(json, name, json.path(name).isObject());
        Map<String, Long> counts = new TreeMap<>();
        for (Map.Entry<String, JsonNode> member : members.properties()) {
            counts.put(member.getKey(), count(members, member.getKey()));
        }
        return counts;
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
