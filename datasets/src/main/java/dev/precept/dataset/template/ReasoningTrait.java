package dev.precept.dataset.template;

import dev.precept.chattemplate.Rendering;
import dev.precept.chattemplate.Value;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a template does with reasoning that is in a field of its own.
 *
 * @param fields the fields that it reads, of those that views have
 * @param hasChannel whether it writes the reasoning otherwise than between {@code <think>} tags, so that these tags in the
 *     content are part of the visible answer
 * @param keepsEarlier whether it writes the reasoning of turns before the last user turn; false also if it reads no field
 */
public record ReasoningTrait(List<String> fields, boolean hasChannel, boolean keepsEarlier) {
    private static final List<String> FIELDS = List.of("reasoning_content", "thinking");
    private static final String THINK = "<think>";

    public ReasoningTrait {
        fields = List.copyOf(fields);
    }

    static ReasoningTrait of(ChatTemplate template) {
        List<String> fields = new ArrayList<>();
        boolean channel = false;
        boolean earlier = false;
        for (String field : FIELDS) {
            List<String> before = new ArrayList<>();
            for (boolean call : List.of(false, true)) {
                outline(template, conversation(field, 1, call), 1)
                        .flatMap(Outline::beforeReasoning)
                        .ifPresent(before::add);
            }
            if (!before.isEmpty()) {
                fields.add(field);
            }
            channel |= before.stream().anyMatch(text -> !text.endsWith(THINK));
            earlier |= outline(template, conversation(field, 2, false), 2)
                    .filter(outline -> outline.contains(3))
                    .isPresent();
        }
        return new ReasoningTrait(fields, channel, earlier);
    }

    private static Optional<Outline> outline(ChatTemplate template, Conversation conversation, int turns) {
        return switch (template.render(conversation, false)) {
            case Rendering.Failed _ -> Optional.empty();
            case Rendering.Rendered(String text) -> Optional.of(Outline.of(text, 4 * turns));
        };
    }

    /** Questions and answers whose texts are sentinels, numbered as those of a row. */
    private static Conversation conversation(String field, int turns, boolean call) {
        List<Value> messages = new ArrayList<>();
        for (int n = 0; n < 4 * turns; n += 4) {
            messages.add(message("user", Sentinels.sentinel(n), null, null));
            boolean last = n == 4 * turns - 4;
            // In the last turn of a row reasoning comes before the answer, in earlier ones after the content.
            String content = call ? "" : Sentinels.sentinel(last ? n + 3 : n + 2);
            messages.add(message("assistant", content, field, Value.of(Sentinels.sentinel(last ? n + 2 : n + 3))));
        }
        if (!call) {
            return new Conversation(Value.list(messages), Value.NONE, null);
        }
        Value.Mapping answer = (Value.Mapping) messages.removeLast();
        Map<Value, Value> entries = new LinkedHashMap<>(answer.entries());
        Value arguments = mapping(Map.of("q", Value.of("x")));
        Value function = mapping(Map.of("name", Value.of("look"), "arguments", arguments));
        entries.put(
                Value.of("tool_calls"),
                Value.list(List.of(mapping(
                        Map.of("id", Value.of("call00001"), "type", Value.of("function"), "function", function)))));
        messages.add(new Value.Mapping(entries));
        return new Conversation(Value.list(messages), Value.list(List.of(tool())), null);
    }

    private static Value tool() {
        Value text = mapping(Map.of("type", Value.of("string"), "description", Value.of("a word")));
        Value parameters = mapping(Map.of(
                "type",
                Value.of("object"),
                "properties",
                mapping(Map.of("q", text)),
                "required",
                Value.list(List.of(Value.of("q")))));
        Value function =
                mapping(Map.of("name", Value.of("look"), "description", Value.of("Looks."), "parameters", parameters));
        return mapping(Map.of("type", Value.of("function"), "function", function));
    }

    private static Value message(String role, String content, @Nullable String field, @Nullable Value reasoning) {
        Map<Value, Value> entries = new LinkedHashMap<>();
        entries.put(Value.of("role"), Value.of(role));
        entries.put(Value.of("content"), Value.of(content));
        if (field != null && reasoning != null) {
            entries.put(Value.of(field), reasoning);
        }
        return new Value.Mapping(entries);
    }

    private static Value mapping(Map<String, Value> members) {
        Map<Value, Value> entries = new LinkedHashMap<>();
        members.forEach((name, value) -> entries.put(Value.of(name), value));
        return new Value.Mapping(entries);
    }
}
