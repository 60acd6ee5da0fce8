package dev.precept.reward;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a request says of the policies of its prompt: the members of the column {@code label} of a view for reinforcement
 * learning, wherever a trainer puts them.
 *
 * @param prompt a text or messages; missing where the request has it elsewhere
 */
record Label(
        List<String> categories,
        Optional<String> specVersion,
        Optional<String> excerptSha256,
        Optional<String> sideInfo,
        JsonNode prompt) {
    private static final List<String> PROMPT = List.of("prompt", "messages");

    Label {
        categories = List.copyOf(categories);
    }

    /**
     * Reads the places of a request in which a trainer may have put them; the first one that has a member gives it.
     *
     * @param places objects, or such as text; others are skipped
     */
    static Label read(String where, List<JsonNode> places) throws BadRequestException {
        List<JsonNode> objects = new ArrayList<>();
        for (JsonNode place : places) {
            JsonNode parsed = parsed(place);
            if (parsed.isObject()) {
                objects.add(parsed);
            }
        }
        List<String> categories = new ArrayList<>();
        JsonNode named = first(objects, List.of("category", "categories"));
        for (JsonNode category : named.isArray() ? named : List.of(named)) {
            if (category.isTextual()) {
                categories.add(category.textValue());
            } else if (!category.isMissingNode()) {
                throw new BadRequestException(
                        where + ".category: is " + kind(category) + "; give a text or a list of texts");
            }
        }
        return new Label(
                categories,
                text(where, objects, "spec_version"),
                text(where, objects, "spec_excerpt_sha256"),
                text(where, objects, "side_info"),
                first(objects, PROMPT));
    }

    Label withCategory(String category) {
        return new Label(List.of(category), specVersion, excerptSha256, sideInfo, prompt);
    }

    Label withSideInfo(String remark) {
        return new Label(categories, specVersion, excerptSha256, Optional.of(remark), prompt);
    }

    /** Whether nothing of it names policies. */
    boolean namesNothing() {
        return categories.isEmpty() && excerptSha256.isEmpty();
    }

    /** A text that holds an object is that object. */
    static JsonNode parsed(JsonNode place) {
        if (place.isTextual() && place.textValue().strip().startsWith("{")) {
            try {
                return RequestJson.MAPPER.readTree(place.textValue());
            } catch (JsonProcessingException e) {
                return place; // a text that only looks like one
            }
        }
        return place;
    }

    private static JsonNode first(List<JsonNode> objects, List<String> names) {
        for (JsonNode object : objects) {
            for (String name : names) {
                JsonNode value = object.path(name);
                if (!value.isMissingNode() && !value.isNull() && !(value.isArray() && value.isEmpty())) {
                    return value;
                }
            }
        }
        return MissingNode.getInstance();
    }

    private static Optional<String> text(String where, List<JsonNode> objects, String name) throws BadRequestException {
        JsonNode value = first(objects, List.of(name));
        if (value.isMissingNode()) {
            return Optional.empty();
        }
        String text = RequestJson.text(where + "." + name, value);
        return text.isBlank() ? Optional.empty() : Optional.of(text);
    }

    static String kind(JsonNode node) {
        return switch (node.getNodeType()) {
            case ARRAY -> "a list";
            case OBJECT, POJO -> "an object";
            case NUMBER -> "a number";
            case STRING -> "a text";
            case BOOLEAN -> "true or false";
            case NULL -> "null";
            case MISSING -> "missing";
            case BINARY -> "binary";
        };
    }
}
