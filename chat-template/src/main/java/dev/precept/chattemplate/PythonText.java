package dev.precept.chattemplate;

import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Writes values as Python does. */
final class PythonText {
    private final StringBuilder out = new StringBuilder();
    private final RenderBudget renderBudget;

    private PythonText(RenderBudget renderBudget) {
        this.renderBudget = renderBudget;
    }

    /** As {@code str}: a string is itself, and an undefined value is empty. */
    static String of(Value value, RenderBudget renderBudget) {
        return switch (value) {
            case Value.Text(String text) -> text;
            case Value.Undefined _ -> "";
            default -> {
                PythonText text = new PythonText(renderBudget);
                text.write(value);
                yield text.out.toString();
            }
        };
    }

    private void write(Value value) {
        renderBudget.enter();
        switch (value) {
            case Value.None() -> out.append("None");
            case Value.Undefined _ -> out.append("Undefined");
            case Value.Bool(boolean is) -> out.append(is ? "True" : "False");
            case Value.Whole(long number) -> out.append(number);
            case Value.Real(double number) -> out.append(Numbers.text(number));
            case Value.Text(String text) -> quoted(text);
            case Value.Sequence sequence -> sequence(sequence);
            case Value.Mapping(Map<Value, Value> entries) -> mapping(entries);
            case Value.Namespace _ -> out.append("<Namespace>");
            case Value.Callable(String name, Value.Body _) ->
                out.append("<function ").append(name).append('>');
        }
        renderBudget.leave();
    }

    private void sequence(Value.Sequence sequence) {
        List<Value> items = sequence.items();
        out.append(sequence.tuple() ? '(' : '[');
        for (int i = 0; i < items.size(); i++) {
            out.append(i == 0 ? "" : ", ");
            write(items.get(i));
        }
        out.append(sequence.tuple() ? items.size() == 1 ? ",)" : ")" : "]");
    }

    private void mapping(Map<Value, Value> entries) {
        out.append('{');
        String separator = "";
        for (Map.Entry<Value, Value> entry : entries.entrySet()) {
            out.append(separator);
            write(entry.getKey());
            out.append(": ");
            write(entry.getValue());
            separator = ", ";
        }
        out.append('}');
    }

    private void quoted(String text) {
        renderBudget.reserve(text.length());
        char quote = text.indexOf('\'') >= 0 && text.indexOf('"') < 0 ? '"' : '\'';
        out.append(quote);
        text.codePoints().forEach(c -> {
            switch (c) {
                case '\\' -> out.append("\\\\");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                default -> {
                    if (c == quote) {
                        out.append('\\').append(quote);
                    } else if (printable(c)) {
                        out.appendCodePoint(c);
                    } else {
                        out.append(
                                c < 0x100
                                        ? String.format(Locale.ROOT, "\\x%02x", c)
                                        : c < 0x10000
                                                ? String.format(Locale.ROOT, "\\u%04x", c)
                                                : String.format(Locale.ROOT, "\\U%08x", c));
                    }
                }
            }
        });
        out.append(quote);
    }

    private static boolean printable(int c) {
        return c == ' '
                || switch (Character.getType(c)) {
                    case Character.CONTROL,
                            Character.FORMAT,
                            Character.SURROGATE,
                            Character.PRIVATE_USE,
                            Character.UNASSIGNED,
                            Character.LINE_SEPARATOR,
                            Character.PARAGRAPH_SEPARATOR,
                            Character.SPACE_SEPARATOR -> false;
                    default -> true;
                };
    }
}
