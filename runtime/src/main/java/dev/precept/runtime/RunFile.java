package dev.precept.runtime;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.precept.config.ConfigurationException;
import dev.precept.config.Recipe;
import dev.precept.kafka.KafkaAccess;
import dev.precept.kafka.SchemaFile;
import dev.precept.schemas.Namespace;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * {@code run.json}: what the run of a work folder is. Written and forced to disk before the first record, so that a
 * restart, or another process on the same folder, continues this run and no other.
 *
 * @param runId names the run in every record
 * @param topicPrefix the dataset's prefix on the broker
 * @param partitions of every topic of the dataset
 * @param identity what makes the run this one, by key: a digest or a value as text
 * @param recipe the effective recipe as JSON
 * @param recipeFolder what relative paths in it are relative to
 */
public record RunFile(
        String runId,
        String topicPrefix,
        int partitions,
        Map<String, String> identity,
        String recipe,
        Path recipeFolder) {
    private static final String NAME = "run.json";
    private static final String BROKER = "broker";
    private static final ObjectMapper JSON = new ObjectMapper();

    /** The run of a work folder, if one was begun. */
    public static Optional<RunFile> read(WorkFolder work) {
        return work.read(NAME).map(text -> {
            try {
                JsonNode json = JSON.readTree(text);
                Map<String, String> identity = new LinkedHashMap<>();
                json.required("identity")
                        .properties()
                        .forEach(e -> identity.put(e.getKey(), e.getValue().textValue()));
                return new RunFile(
                        json.required("run_id").textValue(),
                        json.required("topic_prefix").textValue(),
                        json.required("partitions").intValue(),
                        identity,
                        json.required("recipe").toString(),
                        Path.of(json.required("recipe_folder").textValue()));
            } catch (JsonProcessingException | IllegalArgumentException e) {
                throw new ConfigurationException(work.resolve(NAME) + ": not a run file of this version ("
                        + e.getMessage() + "); name another work folder");
            }
        });
    }

    /** Writes the file whole, and forces it to disk. */
    public void write(WorkFolder work) {
        ObjectNode json = JSON.createObjectNode();
        json.put("run_id", runId);
        json.put("topic_prefix", topicPrefix);
        json.put("partitions", partitions);
        json.set("identity", JSON.valueToTree(identity));
        try {
            json.set("recipe", JSON.readTree(recipe));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("the effective recipe is JSON", e);
        }
        json.put("recipe_folder", recipeFolder.toString());
        work.write(NAME, json.toPrettyString() + "\n");
    }

    /** The effective recipe, to be read by the sections a process needs. */
    public Recipe effectiveRecipe() {
        return Recipe.parse(NAME, recipeFolder, recipe);
    }

    /** Notes where the broker listens, for processes that join later. */
    public static void writeBrokerAddress(WorkFolder work, String address) {
        work.write(BROKER, address + "\n");
    }

    /** Forgets where the broker of an earlier life listened; for the process that holds the folder now. */
    public static void deleteBrokerAddress(WorkFolder work) {
        work.delete(BROKER);
    }

    /** Where the broker of the live process listens, or listened. */
    public static Optional<String> readBrokerAddress(WorkFolder work) {
        return work.read(BROKER).map(String::strip);
    }

    /**
     * Access to this run's topics.
     *
     * @param settings client settings; {@code schema.registry.url} among them, or the ids of the work folder are used
     */
    public KafkaAccess access(WorkFolder work, String bootstrapServers, Map<String, String> settings) {
        Namespace namespace = new Namespace(topicPrefix);
        Map<String, String> all = new LinkedHashMap<>(settings);
        all.put(KafkaAccess.BOOTSTRAP, bootstrapServers);
        all.computeIfAbsent(KafkaAccess.REGISTRY, url -> SchemaFile.seed(work.resolve("schemas.json"), namespace));
        return KafkaAccess.fromSettings(namespace, partitions, all);
    }
}
