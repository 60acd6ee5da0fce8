package dev.precept.console.export;

import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Joins the ES modules of the page into one classic script, since a page that is opened from a disk may not load modules.
 * Each module becomes a function that returns what it exports; it runs after those that it imports. Knows the forms that the
 * page uses: named imports on one line, and exported functions, classes and constants.
 */
final class ModuleJoiner {
    private static final Pattern IMPORT =
            Pattern.compile("^import \\{ ([\\w, ]+) \\} from \"([./\\w-]+)\";$", Pattern.MULTILINE);
    private static final Pattern EXPORT =
            Pattern.compile("^export ((?:async )?function |class |const )(\\w+)", Pattern.MULTILINE);
    private static final Pattern OTHER = Pattern.compile("^(?:import|export)\\b.*$", Pattern.MULTILINE);

    private final Function<String, String> sources;
    /** By path: the joined text, in the order in which the modules run. */
    private final Map<String, String> joined = new LinkedHashMap<>();

    private final List<String> open = new ArrayList<>();

    /** @param sources the text of a module by its path */
    ModuleJoiner(Function<String, String> sources) {
        this.sources = sources;
    }

    /**
     * The script that runs a module and all that it imports.
     *
     * @throws IllegalArgumentException for a cycle, or a form of import or export that it does not know
     */
    String join(String path) {
        add(path);
        return "\"use strict\";\n" + String.join("\n", joined.values());
    }

    private void add(String path) {
        if (joined.containsKey(path)) {
            return;
        }
        if (open.contains(path)) {
            throw new IllegalArgumentException("modules import each other: " + open + " and " + path);
        }
        open.add(path);
        Matcher imports = IMPORT.matcher(sources.apply(path));
        String text = imports.replaceAll(match -> {
            String imported = resolve(path, match.group(2));
            add(imported);
            return Matcher.quoteReplacement("const { " + match.group(1) + " } = " + name(imported) + ";");
        });
        List<String> exports =
                EXPORT.matcher(text).results().map(match -> match.group(2)).toList();
        text = EXPORT.matcher(text).replaceAll("$1$2");
        Matcher other = OTHER.matcher(text);
        if (other.find()) {
            throw new IllegalArgumentException(path + ": cannot be joined: " + other.group());
        }
        open.remove(path);
        joined.put(
                path,
                "const " + name(path) + " = (() => {\n" + text + "return { " + String.join(", ", exports)
                        + " };\n})();");
    }

    /** {@code ../dom.js} in {@code pages/row.js} is {@code dom.js}. */
    private static String resolve(String from, String to) {
        return URI.create("/" + from).resolve(to).getPath().substring(1);
    }

    private static String name(String path) {
        return "module_" + path.replaceAll("\\W", "_");
    }
}
