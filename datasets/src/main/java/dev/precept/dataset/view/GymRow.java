package dev.precept.dataset.view;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.precept.records.Message;
import dev.precept.records.Sample;
import java.util.List;
import java.util.Optional;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.generic.GenericData;

/**
 * A prompt for NeMo Gym: a request of the Responses API, the agent that it is for, and what a verifier needs, which is the label
 * of {@link RlRow}. Its members are values; in JSON lines each row has exactly its own keys.
 */
final class GymRow {
    static final String REQUEST = "responses_create_params";
    static final String AGENT = "agent_ref";
    static final String VERIFIER = "verifier_metadata";

    /** As NeMo Gym names the simple agent of a resources server. */
    private static final String AGENT_NAME = "precept_simple_agent";

    private static final String FUNCTION = "function";
    private static final String TYPE = "type";
    private static final String NAME = "name";
    private static final String CONTENT = "content";

    private static final Schema SCHEMA = SchemaBuilder.record("GymRow")
            .namespace("dev.precept.view")
            .fields()
            .name(REQUEST)
            .type(JsonText.schema())
            .noDefault()
            .name(AGENT)
            .type(JsonText.schema())
            .noDefault()
            .name(VERIFIER)
            .type(JsonText.schema())
            .noDefault()
            .endRecord();

    private GymRow() {}

    static Projection projection(View view, RowFormat format) {
        return new Projection(view, SCHEMA, input -> {
            Sample sample = input.sample();
            ObjectNode request = JsonText.MAPPER.createObjectNode();
            ArrayNode items = request.putArray("input");
            List<Message> prompt = TrainingRow.prompt(sample);
            for (Message message : format.developerAsSystem() ? MessageForm.withoutDeveloper(prompt) : prompt) {
                add(items, message);
            }
            if (sample.getTools() != null) {
                JsonText.parse(sample.getTools()).ifPresent(tools -> addTools(request.putArray("tools"), tools));
            }
            ObjectNode verifier = RlRow.label(input);
            verifier.put("split", input.split().label());
            verifier.put("index", input.index());
            GenericData.Record row = new GenericData.Record(SCHEMA);
            row.put(REQUEST, JsonText.write(request));
            row.put(
                    AGENT,
                    JsonText.write(JsonText.MAPPER
                            .createObjectNode()
                            .put(TYPE, "responses_api_agents")
                            .put(NAME, AGENT_NAME)));
            row.put(VERIFIER, JsonText.write(verifier));
            return row;
        });
    }

    /** A message is an item, and so is each call and each result of a tool. */
    private static void add(ArrayNode items, Message message) {
        if (message.getRole().equals("tool")) {
            ObjectNode output = items.addObject().put(TYPE, "function_call_output");
            output.put("call_id", message.getToolCallId());
            output.put("output", content(message));
            return;
        }
        Optional<JsonNode> calls = message.getToolCalls() == null
                ? Optional.empty()
                : JsonText.parse(message.getToolCalls()).filter(JsonNode::isArray);
        if (calls.isEmpty() || !content(message).isEmpty()) {
            items.addObject().put("role", message.getRole()).put(CONTENT, content(message));
        }
        for (JsonNode call : calls.orElse(JsonText.MAPPER.createArrayNode())) {
            JsonNode arguments = call.path(FUNCTION).path("arguments");
            items.addObject()
                    .put(TYPE, "function_call")
                    .put("call_id", call.path("id").asText())
                    .put(NAME, call.path(FUNCTION).path(NAME).asText())
                    .put("arguments", arguments.isTextual() ? arguments.textValue() : JsonText.write(arguments));
        }
    }

    private static String content(Message message) {
        return message.getContent() == null ? "" : message.getContent();
    }

    /**
     * The function of a tool of chat completions has no object of its own here. The Responses API takes a tool without
     * {@code strict} for a strict one, and chat completions for one that is not.
     */
    private static void addTools(ArrayNode items, JsonNode tools) {
        for (JsonNode tool :
                tools.isArray() ? tools : JsonText.MAPPER.createArrayNode().add(tools)) {
            if (!(tool.path(FUNCTION) instanceof ObjectNode function)) {
                items.add(tool);
                continue;
            }
            ObjectNode flat = items.addObject().put(TYPE, FUNCTION);
            flat.set(NAME, function.path(NAME));
            if (function.has("description")) {
                flat.set("description", function.get("description"));
            }
            flat.set(
                    "parameters",
                    function.has("parameters")
                            ? function.get("parameters")
                            : JsonText.MAPPER
                                    .createObjectNode()
                                    .put(TYPE, "object")
                                    .set("properties", JsonText.MAPPER.createObjectNode()));
            flat.put("strict", function.path("strict").asBoolean(false));
        }
    }
}
