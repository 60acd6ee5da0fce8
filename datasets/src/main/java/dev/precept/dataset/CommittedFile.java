package dev.precept.dataset;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.precept.dataset.chain.Commit;
import java.util.Optional;

/** A file of committed rows: that of a commit, or one that a purge or a compaction wrote. */
public record CommittedFile(String key, String sha256, long rows, long bytes) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** The file as committed; empty for a commit without rows. */
    public static Optional<CommittedFile> of(Commit commit) {
        return commit.data() == null
                ? Optional.empty()
                : Optional.of(new CommittedFile(
                        commit.data(), String.valueOf(commit.sha256()), commit.rows(), commit.bytes()));
    }

    ObjectNode json() {
        return JSON.createObjectNode()
                .put("key", key)
                .put("sha256", sha256)
                .put("rows", rows)
                .put("bytes", bytes);
    }

    static CommittedFile read(JsonMembers json) throws InvalidDocumentException {
        return new CommittedFile(json.text("key"), json.text("sha256"), json.count("rows"), json.count("bytes"));
    }
}
