package dev.precept.chattemplate;

import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The global functions of chat templates. */
final class Globals {
    private static final int MAX_RANGE = 100_000;

    private Globals() {}

    /** @param now the result of {@code strftime_now}; fixed, so that rendering is deterministic */
    static Map<String, Value> of(LocalDateTime now) {
        Map<String, Value> globals = new HashMap<>();
        add(globals, "raise_exception", arguments -> {
            throw new RenderFailure(arguments.text(0, "message"));
        });
        add(globals, "strftime_now", arguments -> Value.of(format(now, arguments.text(0, "format"))));
        add(globals, "range", Globals::range);
        add(globals, "namespace", arguments -> new Value.Namespace(new HashMap<>(arguments.named())));
        add(globals, "dict", arguments -> {
            Map<Value, Value> entries = new LinkedHashMap<>();
            arguments.named().forEach((name, value) -> entries.put(Value.of(name), value));
            return new Value.Mapping(entries);
        });
        return globals;
    }

    private static void add(Map<String, Value> globals, String name, Value.Body body) {
        globals.put(name, new Value.Callable(name, body));
    }

    private static Value range(Arguments arguments) {
        boolean one = arguments.positional().size() == 1;
        long from = one ? 0 : arguments.whole(0, "start", 0);
        long to = arguments.whole(one ? 0 : 1, "stop", 0);
        long step = arguments.whole(2, "step", 1);
        if (step == 0) {
            throw new RenderFailure("a range with step 0");
        }
        List<Value> items = new ArrayList<>();
        for (long i = from; step > 0 ? i < to : i > to; i += step) {
            if (items.size() == MAX_RANGE) {
                throw new RenderFailure("a range of more than " + MAX_RANGE + " numbers");
            }
            items.add(Value.of(i));
        }
        return Value.list(items);
    }

    private static String format(LocalDateTime now, String format) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < format.length(); i++) {
            char c = format.charAt(i);
            if (c != '%' || i + 1 == format.length()) {
                text.append(c);
                continue;
            }
            boolean unpadded = format.startsWith("-", i + 1) && i + 2 < format.length();
            i += unpadded ? 2 : 1;
            text.append(field(now, format.charAt(i), unpadded));
        }
        return text.toString();
    }

    private static String field(LocalDateTime now, char field, boolean unpadded) {
        String pattern = switch (field) {
            case 'Y' -> "uuuu";
            case 'm' -> "MM";
            case 'd' -> "dd";
            case 'H' -> "HH";
            case 'I' -> "hh";
            case 'M' -> "mm";
            case 'S' -> "ss";
            case 'y' -> "uu";
            case 'j' -> "DDD";
            case 'B' -> "MMMM";
            case 'b' -> "MMM";
            case 'A' -> "EEEE";
            case 'a' -> "EEE";
            case 'p' -> "a";
            case '%' -> "'%'";
            default -> throw new RenderFailure("strftime_now does not support %" + field);
        };
        try {
            String text = DateTimeFormatter.ofPattern(pattern, Locale.ROOT)
                    .withLocale(Locale.US)
                    .format(now);
            return unpadded && text.length() > 1 && text.startsWith("0") ? text.substring(1) : text;
        } catch (DateTimeException e) {
            throw new RenderFailure("strftime_now cannot format %" + field);
        }
    }
}
