package dev.precept.dataset.template;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.precept.chattemplate.Value;
import dev.precept.dataset.view.RowInput;
import dev.precept.dataset.view.Split;
import dev.precept.dataset.view.View;
import dev.precept.records.Message;
import dev.precept.records.Sample;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.generic.IndexedRecord;
import org.jspecify.annotations.Nullable;

/**
 * The variables that a trainer passes to a template for one row: null columns are left out, and JSON texts are parsed, as
 * trainers do.
 */
record Conversation(Value messages, Value tools) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** For a pair, the sample is the chosen one. */
    static Conversation of(View view, Sample sample) {
        IndexedRecord row = view.row(new RowInput(sample, sample, Split.TRAIN, 0));
        List<Value> messages = new ArrayList<>();
        for (String column : columns(view)) {
            for (Object message : (List<?>) column(row, column)) {
                messages.add(message((Message) message));
            }
        }
        return new Conversation(Value.list(messages), parsed(sample.getTools()));
    }

    private static List<String> columns(View view) {
        return switch (view) {
            case SFT, SFT_THINK, RAW -> List.of("messages");
            case PREFERENCE -> List.of("prompt", "chosen");
            case RL -> List.of("prompt");
        };
    }

    private static Object column(IndexedRecord row, String name) {
        return row instanceof GenericRecord record
                ? record.get(name)
                : row.get(row.getSchema().getField(name).pos());
    }

    private static Value message(Message message) {
        Map<Value, Value> entries = new LinkedHashMap<>();
        entries.put(Value.of("role"), Value.of(message.getRole()));
        put(entries, "content", message.getContent());
        put(entries, "reasoning_content", message.getReasoningContent());
        if (message.getToolCalls() != null) {
            entries.put(Value.of("tool_calls"), parsed(message.getToolCalls()));
        }
        put(entries, "tool_call_id", message.getToolCallId());
        put(entries, "name", message.getName());
        return new Value.Mapping(entries);
    }

    private static void put(Map<Value, Value> entries, String key, @Nullable String text) {
        if (text != null) {
            entries.put(Value.of(key), Value.of(text));
        }
    }

    private static Value parsed(@Nullable String json) {
        try {
            return json == null ? Value.NONE : Value.of(JSON.readTree(json));
        } catch (JsonProcessingException noJson) {
            return Value.of(json);
        }
    }
}
