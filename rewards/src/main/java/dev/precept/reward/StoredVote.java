package dev.precept.reward;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.precept.records.ResponseStyle;
import dev.precept.records.Vote;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A vote as it is stored.
 *
 * @param score 0-10
 * @param criteria 0-10, in the order of the judge
 * @param model by the server's name
 */
record StoredVote(
        int score,
        Map<String, Double> criteria,
        @Nullable ResponseStyle style,
        String reason,
        String model,
        String template) {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int HIGHEST = 10;

    StoredVote {
        criteria = Collections.unmodifiableMap(new LinkedHashMap<>(criteria));
    }

    static StoredVote of(Vote vote) {
        return new StoredVote(
                (int) vote.getScore(),
                vote.getCriteria(),
                vote.getResponseStyle(),
                vote.getReason(),
                vote.getModel(),
                vote.getTemplate());
    }

    byte[] write() {
        ObjectNode json = JSON.createObjectNode().put("score", score);
        ObjectNode named = json.putObject("criteria");
        criteria.forEach(named::put);
        json.put("style", style == null ? null : style.name());
        json.put("reason", reason).put("model", model).put("template", template);
        return json.toString().getBytes(StandardCharsets.UTF_8);
    }

    /** @throws IOException if the bytes are no vote that {@link #write} wrote */
    static StoredVote read(byte[] bytes) throws IOException {
        try {
            JsonNode json = JSON.readTree(bytes);
            Map<String, Double> criteria = new LinkedHashMap<>();
            for (Map.Entry<String, JsonNode> criterion : json.path("criteria").properties()) {
                if (!criterion.getValue().isNumber()) {
                    throw new IOException("its criterion " + criterion.getKey() + " is no number");
                }
                criteria.put(criterion.getKey(), criterion.getValue().doubleValue());
            }
            JsonNode score = json.path("score");
            if (!score.isInt() || score.intValue() < 0 || score.intValue() > HIGHEST) {
                throw new IOException("it has no score");
            }
            String style = json.path("style").textValue();
            return new StoredVote(
                    score.intValue(),
                    criteria,
                    style == null ? null : ResponseStyle.valueOf(style),
                    json.path("reason").asText(""),
                    json.path("model").asText(""),
                    json.path("template").asText(""));
        } catch (JsonProcessingException | IllegalArgumentException e) {
            throw new IOException("it is no vote", e);
        }
    }
}
