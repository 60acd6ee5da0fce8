package dev.precept.dataset.chain;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The chain of one partition of one topic, and the keys of its commits and data. The topic id is part of every key: a topic
 * that was deleted and created again has another chain.
 */
public record ChainId(String topic, String topicId, int partition) {
    public static final String LOG = "log/";
    public static final String DATA = "data/";
    public static final String CHECKPOINTS = "checkpoints/";

    private static final String FOLDER = "(?<topic>[a-z]+)-(?<id>[^/]+)-(?<partition>\\d{1,9})/";
    private static final Pattern COMMIT_KEY = Pattern.compile(LOG + FOLDER + "(?<from>\\d{20})\\.json");
    private static final Pattern DATA_KEY = Pattern.compile(
            DATA + FOLDER + "(?<from>\\d{1,18})-(?<to>\\d{1,18})-[0-9a-f]{16}(-r(?<rewrite>\\d{1,18}))?\\.parquet");

    private static final Pattern CHECKPOINT_KEY =
            Pattern.compile(CHECKPOINTS + FOLDER + "(?<from>\\d{20})-(?<to>\\d{20})-(?<sha>[0-9a-f]{16})\\.json\\.gz");

    /** Where a commit starts. */
    public record Position(ChainId chain, long from) {}

    /**
     * What the key of a data file says.
     *
     * @param to offset after the last row
     * @param rewrite the purge or compaction that wrote the file; 0 for a sink
     */
    public record DataKey(ChainId chain, long from, long to, long rewrite) {}

    private String folder() {
        return topic + "-" + topicId + "-" + partition + "/";
    }

    /** The folder of the commits. */
    public String logFolder() {
        return LOG + folder();
    }

    /** The key of the commit that starts at an offset: there can be only one. */
    public String commitKey(long from) {
        return logFolder() + String.format(Locale.ROOT, "%020d.json", from);
    }

    /** The key of a data file. */
    public String dataKey(long from, long to, String sha256) {
        return DATA + folder() + from + "-" + to + "-" + sha256.substring(0, 16) + ".parquet";
    }

    /** The key of a file that a rewrite writes: its plan names the file by number before the file exists. */
    public String rewrittenKey(long from, long to, String sha256, long rewrite) {
        String key = dataKey(from, to, sha256);
        return key.substring(0, key.length() - ".parquet".length()) + "-r" + rewrite + ".parquet";
    }

    /** Whether a commit is one of this chain. */
    boolean has(Commit commit) {
        return commit.partition() == partition
                && commit.topicId().equals(topicId)
                && commit.topic().equals(topic);
    }

    /** The folder of the checkpoints. */
    String checkpointFolder() {
        return CHECKPOINTS + folder();
    }

    /** The key of the checkpoint with the commits from an offset to another. */
    String checkpointKey(long from, long to, String sha256) {
        return checkpointFolder()
                + String.format(Locale.ROOT, "%020d-%020d-%s.json.gz", from, to, sha256.substring(0, 16));
    }

    /** The range and the hash of a checkpoint, as its key has them. */
    record CheckpointName(ChainId chain, long from, long to, String sha16) {}

    static Optional<CheckpointName> parseCheckpointKey(String key) {
        Matcher name = CHECKPOINT_KEY.matcher(key);
        return parse(name)
                .flatMap(start -> offset(name.group("to"))
                        .map(to -> new CheckpointName(start.chain(), start.from(), to, name.group("sha"))));
    }

    /** The position of a commit; empty if the key is not that of a commit. */
    public static Optional<Position> parseCommitKey(String key) {
        return parse(COMMIT_KEY.matcher(key));
    }

    /** Chain and offsets of a data file; empty if the key is not that of a data file. */
    public static Optional<DataKey> parseDataKey(String key) {
        Matcher data = DATA_KEY.matcher(key);
        if (!data.matches()) {
            return Optional.empty();
        }
        String rewrite = data.group("rewrite");
        return Optional.of(new DataKey(
                chain(data),
                Long.parseLong(data.group("from")),
                Long.parseLong(data.group("to")),
                rewrite == null ? 0 : Long.parseLong(rewrite)));
    }

    private static Optional<Position> parse(Matcher key) {
        return key.matches() ? offset(key.group("from")).map(from -> new Position(chain(key), from)) : Optional.empty();
    }

    /** Empty for digits that are no offset. */
    private static Optional<Long> offset(String digits) {
        try {
            return Optional.of(Long.parseLong(digits));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    private static ChainId chain(Matcher key) {
        return new ChainId(key.group("topic"), key.group("id"), Integer.parseInt(key.group("partition")));
    }
}
