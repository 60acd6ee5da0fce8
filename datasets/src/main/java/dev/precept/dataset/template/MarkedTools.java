package dev.precept.dataset.template;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.precept.records.Message;
import dev.precept.records.Sample;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A sample whose tools and tool calls have unique words as names and as texts of the arguments, so that a rendering shows which
 * of them a template writes.
 *
 * @param sample with sentinels in all its texts
 * @param tools words of the definitions
 * @param calls words of the calls: names and arguments
 */
record MarkedTools(Sample sample, List<String> tools, List<String> calls) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Empty for a sample without tools and calls. */
    static Optional<MarkedTools> of(Sample sample) {
        if (sample.getTools() == null
                && sample.getMessages().stream().allMatch(message -> message.getToolCalls() == null)) {
            return Optional.empty();
        }
        List<String> tools = new ArrayList<>();
        List<String> calls = new ArrayList<>();
        Sample marked = Sentinels.withSentinels(sample, true);
        List<Message> messages = marked.getMessages().stream()
                .map(message -> message.getToolCalls() == null
                        ? message
                        : Message.newBuilder(message)
                                .setToolCalls(mark(message.getToolCalls(), "call", calls))
                                .build())
                .toList();
        return Optional.of(new MarkedTools(
                Sample.newBuilder(marked)
                        .setMessages(messages)
                        .setTools(marked.getTools() == null ? null : mark(marked.getTools(), "tool", tools))
                        .build(),
                tools,
                calls));
    }

    /** The fault of a rendering of the sample. */
    Optional<TemplateFault> findFault(String rendered) {
        if (!calls.stream().allMatch(rendered::contains)) {
            return Optional.of(TemplateFault.of(TemplateFault.Kind.CALL_LOST));
        }
        return tools.stream().allMatch(rendered::contains)
                ? Optional.empty()
                : Optional.of(TemplateFault.of(TemplateFault.Kind.TOOLS_LOST));
    }

    private static String mark(String json, String kind, List<String> words) {
        JsonNode parsed = parse(json);
        if (parsed == null) {
            return json;
        }
        for (JsonNode element :
                parsed.isArray() ? parsed : JSON.createArrayNode().add(parsed)) {
            if (element.path("function") instanceof ObjectNode function) {
                if (function.path("name").isTextual()) {
                    function.put("name", word(kind, words));
                }
                JsonNode arguments = function.path("arguments");
                JsonNode object = arguments.isTextual() ? parse(arguments.textValue()) : arguments;
                if (object != null && object.isObject()) {
                    function.set("arguments", markTexts(object, kind, words));
                }
            }
        }
        return parsed.toString();
    }

    private static JsonNode markTexts(JsonNode value, String kind, List<String> words) {
        if (value.isTextual()) {
            return TextNode.valueOf(word(kind, words));
        }
        if (value instanceof ObjectNode object) {
            ObjectNode marked = JSON.createObjectNode();
            for (Map.Entry<String, JsonNode> member : object.properties()) {
                marked.set(member.getKey(), markTexts(member.getValue(), kind, words));
            }
            return marked;
        }
        if (value instanceof ArrayNode array) {
            ArrayNode marked = JSON.createArrayNode();
            array.forEach(element -> marked.add(markTexts(element, kind, words)));
            return marked;
        }
        return value;
    }

    private static String word(String kind, List<String> words) {
        words.add("zq7" + kind + words.size() + "z");
        return words.getLast();
    }

    private static @Nullable JsonNode parse(String json) {
        try {
            return JSON.readTree(json);
        } catch (JsonProcessingException e) {
            return null; // text that is no JSON is passed on as text
        }
    }
}
