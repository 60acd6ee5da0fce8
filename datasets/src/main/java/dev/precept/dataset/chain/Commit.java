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
 * A range of offsets of one partition whose records are in one data file.
 *
 * @param id identifies the writer's attempt, so that it recognises its own commit after a lost reply
 * @param from first offset
 * @param to offset after the last one; the next commit starts here
 * @param data key of the data file; null if the range holds no row
 * @param completed runs whose last record of this partition is in the range
 * @param unreadable records of the range that could not be decoded
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
    static final ObjectMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    public Commit {
        if (to <= from) {
            throw new IllegalArgumentException("a commit from " + from + " to " + to + " holds nothing");
        }
        completed = List.copyOf(completed);
    }

    /** An equal commit that shares the texts of its chain: a dataset has hundreds of thousands of commits. */
    Commit sharing(ChainId chain) {
        return new Commit(
                id,
                datasetId.intern(),
                chain.topic(),
                chain.topicId(),
                partition,
                from,
                to,
                data,
                rows,
                bytes,
                sha256,
                completed,
                unreadable);
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
