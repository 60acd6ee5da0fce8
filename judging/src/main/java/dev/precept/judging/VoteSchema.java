package dev.precept.judging;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.precept.model.ResponseSchema;
import dev.precept.records.ResponseStyle;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The members of a vote.
 *
 * @param criteria scored apart; empty if a vote has none
 * @param overall whether it has a score for the whole
 * @param sideInfo whether it says if the judge agrees with the side information
 */
record VoteSchema(List<String> criteria, boolean overall, boolean sideInfo) {
    static final int HIGHEST = 10;
    private static final String CRITERIA = "criteria";
    private static final String SCORE = "score";
    private static final String AGREE = "agree";
    private static final String PROPERTIES = "properties";

    VoteSchema {
        criteria = List.copyOf(criteria);
    }

    static VoteSchema of(Criteria criteria, boolean sideInfo) {
        return new VoteSchema(criteria.names(), criteria.overall().isPresent(), sideInfo);
    }

    /** What {@link #schema} wrote. */
    static VoteSchema of(ResponseSchema schema) {
        JsonNode properties = schema.schema().path(PROPERTIES);
        List<String> criteria = new ArrayList<>();
        properties.path(CRITERIA).path(PROPERTIES).fieldNames().forEachRemaining(criteria::add);
        return new VoteSchema(criteria, properties.has(SCORE), properties.has(AGREE));
    }

    /**
     * The response schema of a request. A server that enforces it writes the members in this order: the reason comes before
     * the score that follows from it.
     */
    ResponseSchema schema() {
        ObjectNode schema = object();
        ObjectNode properties = schema.withObject(PROPERTIES);
        properties.putObject("reason").put("type", "string");
        if (!criteria.isEmpty()) {
            ObjectNode scored = object();
            criteria.forEach(name -> scored.withObject(PROPERTIES).set(name, integer()));
            criteria.forEach(scored.putArray("required")::add);
            properties.set(CRITERIA, scored);
        }
        if (sideInfo) {
            properties.putObject(AGREE).put("type", "boolean");
        }
        ObjectNode style = properties.putObject("response_style").put("type", "string");
        for (ResponseStyle known : ResponseStyle.values()) {
            style.withArray("enum").add(label(known));
        }
        if (overall) {
            properties.set(SCORE, integer());
        }
        var required = schema.putArray("required");
        properties.fieldNames().forEachRemaining(required::add);
        return new ResponseSchema("vote", schema);
    }

    static String label(ResponseStyle style) {
        return style.name().toLowerCase(Locale.ROOT);
    }

    private static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode().put("type", "object").put("additionalProperties", false);
    }

    private static ObjectNode integer() {
        return JsonNodeFactory.instance
                .objectNode()
                .put("type", "integer")
                .put("minimum", 0)
                .put("maximum", HIGHEST);
    }
}
