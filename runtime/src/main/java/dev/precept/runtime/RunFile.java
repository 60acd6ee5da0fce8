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
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * {@code run.json}, which identifies the run of a work folder. It is forced to disk before the first record, so that a
 * restart, or another process on the same folder, continues this run.
 *
 * @param runId the run's id in every record
 * @param topicPrefix the dataset's prefix on the broker
 * @param partitions of every topic of the dataset
 * @param identity the inputs that must not change during the run: a digest or value by key
 * @param recipe the effective recipe as JSON, with references in place of secrets
 * @param recipeFolder that its relative paths are resolved against
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

    /** Reads the run of a work folder; empty if none was started. */
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

    /** When the run of a work folder was started there; the file is written once. */
    public static Instant created(WorkFolder work) {
        try {
            return Files.getLastModifiedTime(work.resolve(NAME)).toInstant();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + work.resolve(NAME), e);
        }
    }

    /** Writes the file atomically and forces it to disk; only its owner may read it. */
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
        work.writeSecret(NAME, json.toPrettyString() + "\n");
    }

    /**
     * Parses the effective recipe; values that are not stored come from the recipe's file.
     *
     * @throws ConfigurationException if that no longer has them
     */
    public Recipe effectiveRecipe() {
        return Recipe.restore(NAME, recipeFolder, recipe);
    }

    /** Stores the embedded broker's address for processes that join later. */
    public static void writeBrokerAddress(WorkFolder work, String address) {
        work.write(BROKER, address + "\n");
    }

    /** Deletes the broker address of a previous process; only for the holder of the folder's lock. */
    public static void deleteBrokerAddress(WorkFolder work) {
        work.delete(BROKER);
    }

    /** The address of the embedded broker; it may have stopped since. */
    public static Optional<String> readBrokerAddress(WorkFolder work) {
        return work.read(BROKER).map(String::strip);
    }

    /**
     * Creates access to this run's topics.
     *
     * @param settings client settings; without {@code schema.registry.url} the schema ids of the work folder are used
     */
    public KafkaAccess access(WorkFolder work, String bootstrapServers, Map<String, String> settings) {
        Namespace namespace = new Namespace(topicPrefix);
        Map<String, String> all = new LinkedHashMap<>(settings);
        all.put(KafkaAccess.BOOTSTRAP, bootstrapServers);
        all.computeIfAbsent(KafkaAccess.REGISTRY, url -> SchemaFile.seed(work.resolve("schemas.json"), namespace));
        return KafkaAccess.fromSettings(namespace, partitions, all);
    }
}
