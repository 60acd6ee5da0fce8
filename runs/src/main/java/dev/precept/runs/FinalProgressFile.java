package dev.precept.runs;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.precept.config.ConfigurationException;
import dev.precept.runtime.WorkFolder;

/** The final progress of a complete run in its work folder, so that reading it needs no broker. */
public final class FinalProgressFile {
    public static final String NAME = "progress.json";
    private static final ObjectMapper JSON = new ObjectMapper();

    private FinalProgressFile() {}

    public static void write(WorkFolder work, RunProgress runProgress) {
        work.write(NAME, runProgress.toJson().toPrettyString() + "\n");
    }

    public static JsonNode read(WorkFolder work) {
        try {
            return JSON.readTree(work.read(NAME).orElse("{}"));
        } catch (JsonProcessingException e) {
            throw new ConfigurationException(work.resolve(NAME) + ": cannot be parsed; remove it");
        }
    }
}
