package dev.precept.chattemplate;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Writes values as {@code json.dumps} does, with the arguments of the {@code tojson} of transformers. */
final class JsonText {
    private static final int MAX_INDENT = 64;

    private final StringBuilder out = new StringBuilder();
    private final RenderBudget renderBudget;
    private final boolean ascii;
    private final boolean sorted;
    private final int indent;
    private final String item;
    private final String key;

    private JsonText(Arguments arguments, RenderBudget renderBudget) {
        this.renderBudget = renderBudget;
        this.ascii = Operators.isTrue(arguments.at(0, "ensure_ascii", Value.of(false)));
        boolean indented = arguments.at(1, "indent", Value.NONE) instanceof Value.Whole;
        this.indent = indented ? Math.clamp(arguments.whole(1, "indent", 0), 0, MAX_INDENT) : -1;
        List<Value> separators = Operators.items(
                arguments.at(2, "separators", Value.NONE) instanceof Value.Sequence custom
                        ? custom
                        : Value.tuple(Value.of(indented ? "," : ", "), Value.of(": ")));
        this.item = PythonText.of(separators.getFirst(), renderBudget);
        this.key = PythonText.of(separators.getLast(), renderBudget);
        this.sorted = Operators.isTrue(arguments.at(3, "sort_keys", Value.of(false)));
    }

    static String of(Value value, Arguments arguments, RenderBudget renderBudget) {
        JsonText text = new JsonText(arguments, renderBudget);
        text.write(value, 0);
        return text.out.toString();
    }

    private void write(Value value, int depth) {
        renderBudget.enter();
        switch (value) {
            case Value.None() -> out.append("null");
            case Value.Bool(boolean is) -> out.append(is);
            case Value.Whole(long number) -> out.append(number);
            case Value.Real(double number) -> out.append(Numbers.text(number));
            case Value.Text(String text) -> quoted(text);
            case Value.Sequence(List<Value> items, boolean _) -> {
                out.append('[');
                for (int i = 0; i < items.size(); i++) {
                    next(i, depth + 1);
                    write(items.get(i), depth + 1);
                }
                end(items.isEmpty(), depth).append(']');
            }
            case Value.Mapping(Map<Value, Value> entries) -> mapping(entries, depth);
            case Value.Undefined _, Value.Namespace _, Value.Callable _ ->
                throw new RenderFailure(Operators.describe(value) + " is not JSON serializable");
        }
        renderBudget.leave();
    }

    private void mapping(Map<Value, Value> entries, int depth) {
        List<Map.Entry<Value, Value>> ordered = new ArrayList<>(entries.entrySet());
        if (sorted) {
            ordered.sort(Map.Entry.comparingByKey(Comparator.comparing(name -> PythonText.of(name, renderBudget))));
        }
        out.append('{');
        for (int i = 0; i < ordered.size(); i++) {
            next(i, depth + 1);
            switch (ordered.get(i).getKey()) {
                case Value.Text(String text) -> quoted(text);
                case Value other -> {
                    out.append('"');
                    write(other, depth + 1);
                    out.append('"');
                }
            }
            out.append(key);
            write(ordered.get(i).getValue(), depth + 1);
        }
        end(ordered.isEmpty(), depth).append('}');
    }

    private void next(int index, int depth) {
        out.append(index == 0 ? "" : item);
        line(depth);
    }

    private StringBuilder end(boolean empty, int depth) {
        if (!empty) {
            line(depth);
        }
        return out;
    }

    private void line(int depth) {
        if (indent >= 0) {
            renderBudget.reserve(out.length() / MAX_INDENT);
            out.append('\n').repeat(' ', indent * depth);
        }
    }

    private void quoted(String text) {
        renderBudget.reserve(text.length());
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                case '\b' -> out.append("\\b");
                case '\f' -> out.append("\\f");
                default -> {
                    if (c < ' ' || (ascii && c > '~')) {
                        out.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
                    } else {
                        out.append(c);
                    }
                }
            }
        }
        out.append('"');
    }
}
