package dev.precept.dataset;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.precept.dataset.chain.ChainId;
import dev.precept.dataset.chain.Commit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A range of a chain whose rows are in one file, commit by commit.
 *
 * @param from where its first commit starts
 * @param to where its last commit ends
 * @param file empty if no row is left
 * @param commits in order, without a gap between {@code from} and {@code to}
 */
public record FileRange(ChainId chain, long from, long to, Optional<CommittedFile> file, List<CommitRows> commits) {
    private static final ObjectMapper JSON = new ObjectMapper();

    public FileRange {
        commits = List.copyOf(commits);
    }

    /**
     * Where the rows of one commit begin.
     *
     * @param from the offset at which the commit starts
     * @param firstRow in the file of the range; they end where those of the next commit begin
     * @param purge number of the last purge that removed a row of this commit; 0 if none did
     */
    public record CommitRows(long from, long firstRow, long purge) {}

    /** A commit that was never rewritten. */
    static FileRange of(ChainId chain, Commit commit) {
        return new FileRange(
                chain,
                commit.from(),
                commit.to(),
                CommittedFile.of(commit),
                List.of(new CommitRows(commit.from(), 0, 0)));
    }

    /** Where the commit at this position of the list ends. */
    public long end(int commit) {
        return commit + 1 < commits.size() ? commits.get(commit + 1).from() : to;
    }

    /** The rows of the commit that starts at an offset; empty if it has none. */
    public Optional<StoredRows> rows(long offset) {
        int commit = find(offset);
        if (file.isEmpty() || commit < 0) {
            return Optional.empty();
        }
        long first = commits.get(commit).firstRow();
        long end = commit + 1 < commits.size()
                ? commits.get(commit + 1).firstRow()
                : file.get().rows();
        return end == first ? Optional.empty() : Optional.of(new StoredRows(file.get(), first, end - first));
    }

    /** The last purge that removed a row of the commit that starts at an offset; 0 if none did. */
    long purge(long offset) {
        int commit = find(offset);
        return commit < 0 ? 0 : commits.get(commit).purge();
    }

    /** The last purge that removed a row of a commit that overlaps offsets; 0 if none did. */
    long lastPurge(long start, long end) {
        long last = 0;
        for (int i = 0; i < commits.size(); i++) {
            if (commits.get(i).from() < end && start < end(i)) {
                last = Math.max(last, commits.get(i).purge());
            }
        }
        return last;
    }

    private int find(long offset) {
        int low = 0;
        int high = commits.size() - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            long at = commits.get(middle).from();
            if (at == offset) {
                return middle;
            } else if (at < offset) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return -1;
    }

    ObjectNode json() {
        ObjectNode json = chainJson(chain).put("from", from).put("to", to);
        file.ifPresent(stored -> json.set("file", stored.json()));
        ArrayNode list = json.putArray("commits");
        commits.forEach(commit ->
                list.addArray().add(commit.from()).add(commit.firstRow()).add(commit.purge()));
        return json;
    }

    static ObjectNode chainJson(ChainId chain) {
        return JSON.createObjectNode()
                .put("topic", chain.topic())
                .put("topic_id", chain.topicId())
                .put("partition", chain.partition());
    }

    static ChainId readChain(JsonMembers json) throws InvalidDocumentException {
        return new ChainId(json.text("topic"), json.text("topic_id"), json.smallCount("partition"));
    }

    static FileRange read(JsonMembers json) throws InvalidDocumentException {
        Optional<CommittedFile> file =
                json.has("file") ? Optional.of(CommittedFile.read(json.object("file"))) : Optional.empty();
        FileRange range = new FileRange(readChain(json), json.count("from"), json.count("to"), file, commits(json));
        if (!range.isContiguous()) {
            throw json.invalid("commits", "are not in order, or not in the range");
        }
        return range;
    }

    private static List<CommitRows> commits(JsonMembers json) throws InvalidDocumentException {
        List<CommitRows> commits = new ArrayList<>();
        for (JsonNode commit : json.json().path("commits")) {
            if (commit.size() != 3
                    || !commit.get(0).isIntegralNumber()
                    || !commit.get(1).isIntegralNumber()) {
                throw json.invalid("commits", "an element is not [from, first row, purge]");
            }
            commits.add(new CommitRows(
                    commit.get(0).longValue(),
                    commit.get(1).longValue(),
                    commit.get(2).longValue()));
        }
        return commits;
    }

    private boolean isContiguous() {
        long next = from;
        long row = 0;
        for (CommitRows commit : commits) {
            if (commit.from() < next || commit.firstRow() < row) {
                return false;
            }
            next = commit.from() + 1;
            row = commit.firstRow();
        }
        return !commits.isEmpty()
                && commits.getFirst().from() == from
                && commits.getFirst().firstRow() == 0
                && next <= to
                && row <= file.map(CommittedFile::rows).orElse(0L);
    }
}
