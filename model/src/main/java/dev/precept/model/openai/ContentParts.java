package dev.precept.model.openai;

import com.fasterxml.jackson.databind.JsonNode;
import dev.precept.model.openai.CompletionReader.AmbiguousCompletionException;

/**
 * The content of a message, which is text or a list of parts. Mistral's reasoning models put their thinking into a part.
 *
 * @param thinking empty where there is none
 */
record ContentParts(String thinking, String text) {
    static ContentParts read(JsonNode content) throws AmbiguousCompletionException {
        if (content.isTextual()) {
            return new ContentParts("", content.textValue());
        }
        if (content.isNull() || content.isMissingNode()) {
            return new ContentParts("", "");
        }
        if (!content.isArray()) {
            throw new AmbiguousCompletionException("content is neither text nor parts of text");
        }
        StringBuilder thinking = new StringBuilder();
        StringBuilder text = new StringBuilder();
        for (JsonNode part : content) {
            if (part.path("type").asText("").equals("thinking")) {
                append(part.path("thinking"), thinking);
            } else {
                append(part, text);
            }
        }
        return new ContentParts(thinking.toString(), text.toString());
    }

    /** Appends text, a part of text, or a list of them. */
    private static void append(JsonNode part, StringBuilder text) throws AmbiguousCompletionException {
        if (part.isArray()) {
            for (JsonNode inner : part) {
                append(inner, text);
            }
        } else if (part.isTextual()) {
            text.append(part.textValue());
        } else if (part.path("type").asText("").equals("text")
                && part.path("text").isTextual()) {
            text.append(part.path("text").textValue());
        } else {
            throw new AmbiguousCompletionException("content has a part that is not text");
        }
    }
}
