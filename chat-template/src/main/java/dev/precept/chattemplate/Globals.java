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

/** The functions that every chat template may call. */
final class Globals {
    private static final int LONGEST_RANGE = 100_000;

    private Globals() {}

    /** @param now what {@code strftime_now} tells; given, as a release knows no clock */
    static Map<String, Value> of(LocalDateTime now) {
        Map<String, Value> globals = new HashMap<>();
        add(globals, "raise_exception", given -> {
            throw new RenderFailure(given.text(0, "message"));
        });
        add(globals, "strftime_now", given -> Value.of(formatted(now, given.text(0, "format"))));
        add(globals, "range", Globals::range);
        add(globals, "namespace", given -> new Value.Namespace(new HashMap<>(given.named())));
        add(globals, "dict", given -> {
            Map<Value, Value> entries = new LinkedHashMap<>();
            given.named().forEach((name, value) -> entries.put(Value.of(name), value));
            return new Value.Mapping(entries);
        });
        return globals;
    }

    private static void add(Map<String, Value> globals, String name, Value.Body body) {
        globals.put(name, new Value.Callable(name, body));
    }

    private static Value range(Arguments given) {
        boolean one = given.positional().size() == 1;
        long from = one ? 0 : given.whole(0, "start", 0);
        long to = given.whole(one ? 0 : 1, "stop", 0);
        long step = given.whole(2, "step", 1);
        if (step == 0) {
            throw new RenderFailure("the step of a range is 0");
        }
        List<Value> items = new ArrayList<>();
        for (long i = from; step > 0 ? i < to : i > to; i += step) {
            if (items.size() == LONGEST_RANGE) {
                throw new RenderFailure("a range of more than " + LONGEST_RANGE + " numbers");
            }
            items.add(Value.of(i));
        }
        return Value.list(items);
    }

    private static String formatted(LocalDateTime now, String format) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < format.length(); i++) {
            char c = format.charAt(i);
            if (c != '%' || i + 1 == format.length()) {
                text.append(c);
                continue;
            }
            boolean bare = format.startsWith("-", i + 1) && i + 2 < format.length();
            i += bare ? 2 : 1;
            text.append(field(now, format.charAt(i), bare));
        }
        return text.toString();
    }

    private static String field(LocalDateTime now, char field, boolean bare) {
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
            default -> throw new RenderFailure("strftime_now does not know %" + field);
        };
        try {
            String text = DateTimeFormatter.ofPattern(pattern, Locale.ROOT)
                    .withLocale(Locale.US)
                    .format(now);
            return bare && text.length() > 1 && text.startsWith("0") ? text.substring(1) : text;
        } catch (DateTimeException e) {
            throw new RenderFailure("strftime_now cannot write %" + field);
        }
    }
}
