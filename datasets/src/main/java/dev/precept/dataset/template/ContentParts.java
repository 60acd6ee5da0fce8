package dev.precept.dataset.template;

import dev.precept.chattemplate.Rendering;
import dev.precept.chattemplate.Template;
import dev.precept.chattemplate.Value;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Contents as lists of parts. A trainer passes them so to the template of a processor, which may have images; a template that
 * only such a processor has loses or refuses contents that are texts.
 */
final class ContentParts {
    private static final Value CONTENT = Value.of("content");
    private static final Value ROLE = Value.of("role");
    private static final Value TYPE = Value.of("type");
    private static final Value TEXT = Value.of("text");
    private static final Set<Value> ROLES =
            Set.of(Value.of("system"), Value.of("user"), Value.of("assistant"), Value.of("tool"));

    private ContentParts() {}

    /** Whether a template writes a question and an answer as parts, but not as texts. */
    static boolean areNeeded(Template template, Map<String, String> tokens) {
        Value texts = Value.list(List.of(message("user", 0), message("assistant", 1)));
        return !isWritten(template, tokens, texts) && isWritten(template, tokens, of(texts));
    }

    private static Value message(String role, int text) {
        return new Value.Mapping(Map.of(ROLE, Value.of(role), CONTENT, Value.of(Sentinels.sentinel(text))));
    }

    private static boolean isWritten(Template template, Map<String, String> tokens, Value messages) {
        return ChatTemplate.render(template, tokens, new Conversation(messages, Value.NONE, null), Map.of())
                        instanceof Rendering.Rendered(String text)
                && text.contains(Sentinels.sentinel(0))
                && text.contains(Sentinels.sentinel(1));
    }

    /** A role that a trainer does not pass to a processor. */
    static Optional<String> foreignRole(Value messages) {
        return messages instanceof Value.Sequence(List<Value> items, boolean _)
                ? items.stream()
                        .map(item ->
                                item instanceof Value.Mapping(Map<Value, Value> entries) ? entries.get(ROLE) : null)
                        .filter(role -> role instanceof Value.Text && !ROLES.contains(role))
                        .map(role -> role instanceof Value.Text(String text) ? text : "")
                        .findFirst()
                : Optional.empty();
    }

    /** Messages with contents as parts. */
    static Value of(Value messages) {
        return messages instanceof Value.Sequence(List<Value> items, boolean _)
                ? Value.list(items.stream().map(ContentParts::withParts).toList())
                : messages;
    }

    private static Value withParts(Value message) {
        if (!(message instanceof Value.Mapping(Map<Value, Value> entries))
                || !(entries.get(CONTENT) instanceof Value.Text text)) {
            return message;
        }
        Map<Value, Value> changed = new LinkedHashMap<>(entries);
        changed.put(CONTENT, Value.list(List.of(new Value.Mapping(Map.of(TYPE, TEXT, TEXT, text)))));
        return new Value.Mapping(changed);
    }
}
