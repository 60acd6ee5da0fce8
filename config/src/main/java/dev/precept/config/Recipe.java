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
 * What one YAML file and the flags say. Sections read from it what they need and declare each key by reading it; a key
 * that nobody declared is a problem. Not thread-safe.
 */
public final class Recipe {
    private static final ObjectMapper YAML = YAMLMapper.builder()
            .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
            // 'off' is a choice of several keys, not the word of YAML 1.1 for false.
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
     * Reads the text of a recipe.
     *
     * @param name how messages call it
     * @param folder what relative paths in it are relative to
     * @throws ConfigurationException if it is not YAML, or not a mapping
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
     * Sets one key over what the file says, as a flag does. The value is read as YAML, so {@code 3} is a number and
     * {@code [a, b]} a list; paths in it are relative to the current directory.
     */
    public void override(String key, String value) {
        try {
            set(key, YAML.readTree(value));
        } catch (JsonProcessingException e) {
            set(key, YAML.getNodeFactory().textNode(value));
        }
    }

    /** Sets one key to a text, exactly as given. */
    public void overrideText(String key, String text) {
        set(key, YAML.getNodeFactory().textNode(text));
    }

    /** Sets one key to a list of texts, exactly as given. */
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

    /** The keys below a name; the empty name is the recipe's top. */
    public Section section(String section) {
        return new Section(this, section);
    }

    /** Notes a problem, to be reported with all others. */
    public void addProblem(String key, String what) {
        problems.add(name + ": " + key + ": " + what);
    }

    /** What relative paths of the file are relative to. */
    public Path folder() {
        return folder;
    }

    /** Every key that was declared so far, in the order of reading. */
    public List<Setting> settings() {
        return List.copyOf(declared.values());
    }

    /** What file and flags say together, as JSON. */
    public String effectiveJson() {
        return root.toString();
    }

    /** Turns every key that no section declared into a problem. */
    public void rejectUnknownKeys() {
        unknown("", root);
    }

    private void unknown(String above, ObjectNode object) {
        for (Map.Entry<String, JsonNode> member : object.properties()) {
            String key = above.isEmpty() ? member.getKey() : above + "." + member.getKey();
            if (declared.containsKey(key) || freeForm.contains(key)) {
                continue;
            }
            boolean section = declared.keySet().stream().anyMatch(known -> known.startsWith(key + "."));
            if (section && member.getValue() instanceof ObjectNode below) {
                unknown(key, below);
            } else if (section) {
                addProblem(key, "must be a mapping, as in '" + key + ": {…}'");
            } else {
                addProblem(key, "unknown key; known here are " + String.join(", ", siblings(above)));
            }
        }
    }

    private Set<String> siblings(String above) {
        String prefix = above.isEmpty() ? "" : above + ".";
        Set<String> names = new TreeSet<>();
        for (String key : declared.keySet()) {
            if (key.startsWith(prefix)) {
                names.add(key.substring(prefix.length()).split("\\.", 2)[0]);
            }
        }
        return names;
    }

    /** @throws ConfigurationException with every problem noted so far, if there is one */
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

    /** Flags are typed where the user stands, a recipe's paths belong to the recipe. */
    Path base(String key) {
        return fromFlags.contains(key) ? Path.of("").toAbsolutePath() : folder;
    }
}
