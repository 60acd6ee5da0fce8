package dev.precept.config;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
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

    private final String name;
    private final Path folder;
    private final ObjectNode root;
    private final Set<String> fromFlags = new LinkedHashSet<>();
    private final Map<String, Setting> declared = new LinkedHashMap<>();
    private final Set<String> freeForm = new LinkedHashSet<>();
    private final List<String> problems = new ArrayList<>();

    private Recipe(String name, Path folder, ObjectNode root) {
        this.name = name;
        this.folder = folder;
        this.root = root;
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
            if (tree == null || tree.isMissingNode() || tree.isNull()) {
                return new Recipe(name, folder, YAML.createObjectNode());
            }
            if (tree instanceof ObjectNode object) {
                return new Recipe(name, folder, object);
            }
            throw new ConfigurationException(name + ": a recipe is a mapping of keys to values, as in 'spec: ./spec'");
        } catch (JsonProcessingException e) {
            int line = e.getLocation() == null ? 0 : e.getLocation().getLineNr();
            throw new ConfigurationException(name + ":" + line + ": not a YAML recipe ("
                    + e.getOriginalMessage().lines().findFirst().orElse("") + ")");
        }
    }

    /**
     * Overrides one key, as a flag does. The value is parsed as YAML: {@code 3} is a number, {@code [a, b]} a list. Paths in
     * it are resolved against the current directory.
     */
    public void override(String key, String value) {
        try {
            set(key, YAML.readTree(value));
        } catch (JsonProcessingException e) {
            set(key, YAML.getNodeFactory().textNode(value));
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
        String[] path = key.split("\\.", -1);
        ObjectNode at = root;
        for (int i = 0; i < path.length - 1; i++) {
            JsonNode next = at.get(path[i]);
            at = next instanceof ObjectNode object ? object : at.putObject(path[i]);
        }
        at.set(path[path.length - 1], value);
        fromFlags.add(key);
    }

    /** The section of a dotted name; the empty name is the top level. */
    public Section section(String section) {
        return new Section(this, section);
    }

    /** Adds a problem, reported together with all others. */
    public void addProblem(String key, String what) {
        problems.add(name + ": " + key + ": " + what);
    }

    /** The folder that the file's relative paths are resolved against. */
    public Path folder() {
        return folder;
    }

    /** The keys declared so far, in the order of reading. */
    public List<Setting> settings() {
        return List.copyOf(declared.values());
    }

    /** File and flags merged, as JSON. */
    public String effectiveJson() {
        return root.toString();
    }

    /** Adds a problem for every undeclared key. */
    public void rejectUnknownKeys() {
        addUnknownKeys("", root);
    }

    private void addUnknownKeys(String parent, ObjectNode object) {
        for (Map.Entry<String, JsonNode> member : object.properties()) {
            String key = parent.isEmpty() ? member.getKey() : parent + "." + member.getKey();
            if (declared.containsKey(key) || freeForm.contains(key)) {
                continue;
            }
            boolean section = declared.keySet().stream().anyMatch(known -> known.startsWith(key + "."));
            if (section && member.getValue() instanceof ObjectNode child) {
                addUnknownKeys(key, child);
            } else if (section) {
                addProblem(key, "must be a mapping, as in '" + key + ": {…}'");
            } else {
                addProblem(key, "unknown key; known here are " + String.join(", ", siblings(parent)));
            }
        }
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

    @Nullable
    JsonNode value(String key) {
        JsonNode at = root;
        for (String step : key.split("\\.", -1)) {
            at = at.get(step);
            if (at == null || at.isNull()) {
                return null;
            }
        }
        return at;
    }

    /** The folder that a key's relative paths are resolved against. */
    Path base(String key) {
        return fromFlags.contains(key) ? Path.of("").toAbsolutePath() : folder;
    }
}
