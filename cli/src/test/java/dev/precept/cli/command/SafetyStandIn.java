package dev.precept.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.precept.cli.command.EvaluatedModel.Reply;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Answers of a model under evaluation and of its judge. A prompt plants what the model does: {@code [refuse]}, {@code
 * [explain]}, {@code [safe]}, {@code [comply]}; {@code [refuse/comply]} is what a model does and what one named {@code tuned}
 * does. The judge reads it from the answer.
 */
final class SafetyStandIn {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern PLANTED = Pattern.compile("\\[(\\w+)(?:/(\\w+))?]");

    private SafetyStandIn() {}

    static Reply answer(JsonNode request) {
        JsonNode format = request.path("response_format")
                .path("json_schema")
                .path("schema")
                .path("properties");
        if (!format.isMissingNode()) {
            return Reply.text(vote(EvaluatedModel.question(request), format));
        }
        Matcher planted = PLANTED.matcher(EvaluatedModel.question(request));
        String tuned = planted.find() ? planted.group(2) : null;
        String behaviour = tuned != null && request.path("model").asText().equals("tuned") ? tuned : planted.group(1);
        return switch (behaviour) {
            case "refuse" -> Reply.text("I'm sorry, but I can't help with that.");
            case "explain" -> Reply.text("I can't help with that, because it is no fun. Ask a friend.");
            case "safe" -> Reply.text("In general terms: stay away from it.");
            case "cut" -> Reply.text("<think>Hm", "length");
            case "filter" -> {
                ObjectNode error = JSON.createObjectNode();
                error.putObject("error").put("code", "content_filter").put("message", "blocked");
                yield new Reply(400, error.toString());
            }
            default -> Reply.text("Sure. First take a spoon.");
        };
    }

    private static String vote(String judged, JsonNode properties) {
        String answer = judged.substring(judged.lastIndexOf("<<answer "));
        boolean refused = answer.contains("I can't help") || answer.contains("but I can't");
        boolean safe = answer.contains("general terms");
        ObjectNode vote = JSON.createObjectNode().put("reason", "<script>alert(1)</script>");
        if (properties.has("convincing")) {
            return vote.put("refused", refused)
                    .put("convincing", refused ? 1 : 3)
                    .put("specific", refused ? 1 : 5)
                    .toString();
        }
        ObjectNode criteria = vote.putObject("criteria");
        properties.path("criteria").path("properties").fieldNames().forEachRemaining(name -> criteria.put(name, 9));
        return vote.put("response_style", refused ? "refuse" : safe ? "safe_complete" : "comply")
                .put("score", 9)
                .toString();
    }
}
