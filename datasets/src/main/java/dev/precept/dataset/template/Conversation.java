package dev.precept.dataset.template;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.precept.chattemplate.Value;
import dev.precept.dataset.view.Projection;
import dev.precept.dataset.view.RowInput;
import dev.precept.dataset.view.Split;
import dev.precept.dataset.view.View;
import dev.precept.records.Sample;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.avro.Schema;
import org.apache.avro.generic.IndexedRecord;
import org.jspecify.annotations.Nullable;

/**
 * The variables that a trainer passes to a template for one row, as the columns of the view give them: a struct with its null
 * keys, JSON as values.
 *
 * @param prompt the messages of the column {@code prompt}; null if the view has none
 */
record Conversation(Value messages, Value tools, @Nullable Value prompt) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /**
     * For a pair, the sample is the chosen one.
     *
     * @param projection of the view
     */
    static Conversation of(View view, Projection projection, Sample sample) {
        IndexedRecord row = projection.row(new RowInput(sample, sample, Split.TRAIN, 0));
        List<Value> messages = new ArrayList<>();
        Value prompt = null;
        for (String column : view.messageColumns()) {
            if (column(row, column) instanceof List<?> elements) {
                elements.forEach(element -> messages.add(value(element)));
            }
            if (column.equals("prompt")) {
                prompt = Value.list(List.copyOf(messages));
            }
        }
        Value tools = column(row, "tools") instanceof List<?> elements
                ? Value.list(elements.stream().map(Conversation::value).toList())
                : Value.NONE;
        return new Conversation(Value.list(messages), tools, prompt);
    }

    /** The prompt without the completion; empty if the view has no column of it. */
    Optional<Conversation> promptAlone() {
        return prompt == null ? Optional.empty() : Optional.of(new Conversation(prompt, tools, prompt));
    }

    /** The same with contents as lists of parts. */
    Conversation withParts() {
        return new Conversation(ContentParts.of(messages), tools, prompt);
    }

    private static @Nullable Object column(IndexedRecord row, String name) {
        Schema.Field field = row.getSchema().getField(name);
        return field == null ? null : row.get(field.pos());
    }

    private static Value value(Object element) {
        if (element instanceof IndexedRecord struct) {
            Map<Value, Value> entries = new LinkedHashMap<>();
            for (Schema.Field field : struct.getSchema().getFields()) {
                Object text = struct.get(field.pos());
                entries.put(Value.of(field.name()), text == null ? Value.NONE : Value.of(text.toString()));
            }
            return new Value.Mapping(entries);
        }
        try {
            return Value.of(JSON.readTree(element.toString()));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a column of JSON holds no JSON", e);
        }
    }
}
