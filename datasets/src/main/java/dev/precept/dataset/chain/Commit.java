package dev.precept.dataset.chain;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.precept.store.StoreException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One link of a chain: the records from one offset up to, and not including, another are in one file, or there were none.
 *
 * @param id distinguishes two attempts at one link, to recognise one's own after a lost reply
 * @param to the key of the next commit
 * @param data the key of the file, null for a commit of markers alone
 * @param completed runs whose last record of this partition lies here
 * @param unreadable records between the offsets that no one could read
 */
public record Commit(
        @JsonProperty("commit_id") String id,
        @JsonProperty("dataset_id") String datasetId,
        @JsonProperty("topic") String topic,
        @JsonProperty("topic_id") String topicId,
        @JsonProperty("partition") int partition,
        @JsonProperty("from") long from,
        @JsonProperty("to") long to,
        @JsonProperty("data") @Nullable String data,
        @JsonProperty("rows") long rows,
        @JsonProperty("bytes") long bytes,
        @JsonProperty("sha256") @Nullable String sha256,
        @JsonProperty("completed_runs") List<String> completed,
        @JsonProperty("unreadable") long unreadable) {
    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    public Commit {
        if (to <= from) {
            throw new IllegalArgumentException("a commit from " + from + " to " + to + " holds nothing");
        }
        completed = List.copyOf(completed);
    }

    byte[] json() {
        try {
            return (JSON.writerWithDefaultPrettyPrinter().writeValueAsString(this) + "\n")
                    .getBytes(StandardCharsets.UTF_8);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a commit is plain data", e);
        }
    }

    /**
     * Reads a commit.
     *
     * @param where the store and the key, for messages
     * @throws StoreException.Corrupt if it is not a commit
     */
    public static Commit read(String where, byte[] json) throws IOException {
        try {
            return JSON.readValue(json, Commit.class);
        } catch (JsonProcessingException e) {
            throw new StoreException.Corrupt(where + " is not a commit: " + e.getOriginalMessage(), e);
        } catch (IllegalArgumentException e) {
            throw new StoreException.Corrupt(where + " is not a commit: " + e.getMessage(), e);
        }
    }
}
