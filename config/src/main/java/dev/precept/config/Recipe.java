package dev.precept.config;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A YAML file with the flags applied. Sections declare each key by reading it; an undeclared key is a problem. Not
 * thread-safe.
 */
public final class Recipe {
    private static final ObjectMapper YAML = YAMLMapper.builder()
            .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
            // 'off' is an option of several keys; YAML 1.1 would read it as false.
            .enable(YAMLParser.Feature.PARSE_BOOLEAN_LIKE_WORDS_AS_STRINGS)
            .build();

    /** A value that is not stored, but where it is: file, mapping, member. */
    private static final Pattern REFERENCE = Pattern.compile("\\$\\{recipe:(.*):([^:]+):([^:}]+)}");

    /** What the parser quotes of the text; it may be a secret that is not in quotes. */
    private static final Pattern QUOTED =
            Pattern.compile("(?<=alias|anchor|handle|tag|directive|prefix|token)(\\s+\\S.*|\\W.*)?$");

    /** A step of a key that leads into an element of a list, as in {@code judge.panel[0].model}. */
    private static final Pattern ELEMENT = Pattern.compile("(.+)\\[(\\d{1,6})]");

    /** A mapping whose keys have dots. */
    private static final String CLIENT_SETTINGS = "kafka.";

    private final String name;
    private final Path folder;
    private final ObjectNode root;
    private final WrittenScalars written;
    private @Nullable Path file;
    private final Set<String> fromFlags = new LinkedHashSet<>();
    private final Map<String, Setting> declared = new LinkedHashMap<>();
    private final Set<String> freeForm = new LinkedHashSet<>();
    private final List<String> problems = new ArrayList<>();

    private Recipe(String name, Path folder, ObjectNode root, WrittenScalars written) {
        this.name = name;
        this.folder = folder;
        this.root = root;
        this.written = written;
    }

    /**
     * Parses a recipe.
     *
     * @param name used in messages
     * @param folder that relative paths are resolved against
     * @throws ConfigurationException if the text is not YAML or not a mapping
     */
    public static Recipe parse(String name, Path folder, String yaml) {
        try {
            JsonNode tree = YAML.readTree(yaml);
            WrittenScalars written = scalars(name, "", tree, yaml);
            if (tree == null || tree.isMissingNode() || tree.isNull()) {
                return new Recipe(name, folder, YAML.createObjectNode(), written);
            }
            if (tree instanceof ObjectNode object) {
                return new Recipe(name, folder, object, written);
            }
            throw new ConfigurationException(name + ": a recipe is a mapping of keys to values, as in 'spec: ./spec'");
        } catch (JsonProcessingException e) {
            int line = e.getLocation() == null ? 0 : e.getLocation().getLineNr();
            String what = e.getOriginalMessage().lines().findFirst().orElse("");
            throw new ConfigurationException(name + ":" + line + ": not a YAML recipe ("
                    + QUOTED.matcher(what).replaceAll("") + ")");
        }
    }

    /** As {@link #parse}, of a file, whose folder its paths are resolved against. */
    public static Recipe parse(String name, Path file, Path folder, String yaml) {
        Recipe recipe = parse(name, folder, yaml);
        recipe.file = file;
        return recipe;
    }

    /**
     * Parses what {@link #effectiveJson} gave, with the values of its references from the recipes that hold them.
     *
     * @throws ConfigurationException if a recipe no longer has a value
     */
    public static Recipe restore(String name, Path folder, String json) {
        Recipe recipe = parse(name, folder, json);
        restore(name, recipe.root);
        return recipe;
    }

    private static void restore(String name, ObjectNode object) {
        for (Map.Entry<String, JsonNode> member : object.properties()) {
            Matcher reference = REFERENCE.matcher(member.getValue().asText());
            if (member.getValue() instanceof ObjectNode child) {
                restore(name, child);
            } else if (member.getValue() instanceof ArrayNode list) {
                list.forEach(element -> {
                    if (element instanceof ObjectNode child) {
                        restore(name, child);
                    }
                });
            } else if (reference.matches()) {
                member.setValue(find(name, reference.group(1), reference.group(2), reference.group(3)));
            }
        }
    }

    private static JsonNode find(String name, String file, String mapping, String member) {
        try {
            if (!file.isEmpty()) {
                JsonNode value = parse(file, Path.of("/"), Files.readString(Path.of(file)))
                        .value(mapping);
                if (value != null && value.hasNonNull(member)) {
                    return value.get(member);
                }
            }
        } catch (IOException e) {
            throw new ConfigurationException(name + ": " + mapping + "." + member + ": is in " + file
                    + ", which cannot be read (" + FileErrors.describe(e) + "); put the recipe back");
        }
        throw new ConfigurationException(name + ": " + mapping + "." + member + ": may be a secret, so it is not stored"
                + " with the run, and " + (file.isEmpty() ? "no recipe" : file + " no longer")
                + " has it; put it into the"
                + " recipe, or into a file that the recipe names as ${dir:FOLDER:FILE}");
    }

    /**
     * Overrides one key, as a flag does. The value is parsed as YAML: {@code 3} is a number, {@code [a, b]} a list. Paths in
     * it are resolved against the current directory.
     */
    public void override(String key, String value) {
        try {
            JsonNode tree = YAML.readTree(value);
            set(key, tree, scalars(name, key, tree, value));
        } catch (JsonProcessingException e) {
            set(key, YAML.getNodeFactory().textNode(value));
        }
    }

    private static WrittenScalars scalars(String name, String key, JsonNode tree, String yaml)
            throws JsonProcessingException {
        try (YAMLParser parser = (YAMLParser) YAML.createParser(yaml)) {
            return WrittenScalars.read(name, key, tree, parser);
        } catch (JsonProcessingException e) {
            throw e;
        } catch (IOException e) {
            throw new UncheckedIOException("reading from memory", e);
        }
    }

    /** Overrides one key with a text, verbatim. */
    public void overrideText(String key, String text) {
        set(key, YAML.getNodeFactory().textNode(text));
    }

    /** Overrides one key with a list of texts, verbatim. */
    public void override(String key, List<String> values) {
        set(key, YAML.valueToTree(values));
    }

    private void set(String key, JsonNode value) {
        set(key, value, new WrittenScalars());
    }

    private void set(String key, JsonNode value, WrittenScalars flag) {
        String[] path = key.split("\\.", key.startsWith(CLIENT_SETTINGS) ? 2 : -1);
        ObjectNode at = root;
        for (int i = 0; i < path.length - 1; i++) {
            JsonNode next = at.get(path[i]);
            at = next instanceof ObjectNode object ? object : at.putObject(path[i]);
        }
        at.set(path[path.length - 1], value);
        written.replace(key, at, path[path.length - 1], flag);
        fromFlags.add(key);
    }

    /** The section of a dotted name; the empty name is the top level. */
    public Section section(String section) {
        return new Section(this, section);
    }

    /** Adds a problem, reported together with all others; once, also if several readers of a section find it. */
    public void addProblem(String key, String what) {
        String problem = name + ": " + key + ": " + what;
        if (!problems.contains(problem)) {
            problems.add(problem);
        }
    }

    /** The folder that the file's relative paths are resolved against. */
    public Path folder() {
        return folder;
    }

    /** The keys declared so far, in the order of reading. */
    public List<Setting> settings() {
        return List.copyOf(declared.values());
    }

    /**
     * File and flags merged, as JSON, to be stored: values that may be secrets are references to the recipe, see {@link
     * #restore}. Complete once all sections are read.
     */
    public String effectiveJson() {
        ObjectNode copy = root.deepCopy();
        for (String mapping : freeForm) {
            if (value(copy, mapping) instanceof ObjectNode members) {
                SecretKeys.refer(mapping, members, member -> fileOf(mapping, member));
            }
        }
        return copy.toString();
    }

    /** The recipe that has a member of a mapping; empty if it came with a flag. */
    private String fileOf(String mapping, String member) {
        return file == null || fromFlags.contains(mapping) || fromFlags.contains(mapping + "." + member)
                ? ""
                : file.toString();
    }

    /** Adds a problem for every undeclared key. */
    public void rejectUnknownKeys() {
        addUnknownKeys("", root);
    }

    private void addUnknownKeys(String parent, ObjectNode object) {
        for (Map.Entry<String, JsonNode> member : object.properties()) {
            String key = parent.isEmpty() ? member.getKey() : parent + "." + member.getKey();
            if (declared.containsKey(key) || freeForm.contains(key)) {
                addUnknownKeysOfElements(key, member.getValue());
                continue;
            }
            boolean section = isSection(key);
            if (section && member.getValue() instanceof ObjectNode child) {
                addUnknownKeys(key, child);
            } else if (section) {
                addProblem(key, "must be a mapping, as in '" + key + ": {…}'");
            } else {
                addProblem(
                        key,
                        "unknown key; " + elsewhere(member.getKey()) + "known here are "
                                + String.join(", ", siblings(parent)));
            }
        }
    }

    private void addUnknownKeysOfElements(String key, JsonNode list) {
        for (int n = 0; list.isArray() && n < list.size(); n++) {
            String element = key + "[" + n + "]";
            if (list.get(n) instanceof ObjectNode child && isSection(element)) {
                addUnknownKeys(element, child);
            }
        }
    }

    private boolean isSection(String key) {
        return declared.keySet().stream().anyMatch(known -> known.startsWith(key + "."));
    }

    /** A key in the wrong section is one of another. */
    private String elsewhere(String member) {
        List<String> same = declared.keySet().stream()
                .filter(known -> known.endsWith("." + member))
                .sorted()
                .toList();
        return same.isEmpty() ? "" : "did you mean " + String.join(" or ", same) + "? ";
    }

    private Set<String> siblings(String parent) {
        String prefix = parent.isEmpty() ? "" : parent + ".";
        Set<String> names = new TreeSet<>();
        for (String key : declared.keySet()) {
            if (key.startsWith(prefix)) {
                names.add(key.substring(prefix.length()).split("\\.", 2)[0]);
            }
        }
        return names;
    }

    /** @throws ConfigurationException with all problems added so far, if there are any */
    public void throwProblems() {
        if (!problems.isEmpty()) {
            throw new ConfigurationException(problems);
        }
    }

    void declare(Setting setting) {
        declared.putIfAbsent(setting.key(), setting);
    }

    void declareFreeForm(Setting setting) {
        declare(setting);
        freeForm.add(setting.key());
    }

    boolean isFreeForm(String key) {
        return freeForm.contains(key);
    }

    /** Turns numbers and truth values at and below a key into the texts that they are written as. */
    void keepAsWritten(String key) {
        written.keep(withoutIndexes(key));
    }

    @Nullable
    JsonNode value(String key) {
        return value(root, key);
    }

    private static @Nullable JsonNode value(ObjectNode root, String key) {
        JsonNode at = root;
        for (String step : key.split("\\.", -1)) {
            Matcher element = ELEMENT.matcher(step);
            at = element.matches() ? at.path(element.group(1)).get(Integer.parseInt(element.group(2))) : at.get(step);
            if (at == null || at.isNull()) {
                return null;
            }
        }
        return at;
    }

    /** A key without the indexes of elements. */
    static String withoutIndexes(String key) {
        return key.replaceAll("\\[\\d+]", "");
    }

    /** The folder that a key's relative paths are resolved against. */
    Path base(String key) {
        return fromFlags.contains(key) ? Path.of("").toAbsolutePath() : folder;
    }
}
