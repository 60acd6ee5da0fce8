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

    private static final String FOLDER = "(?<topic>[a-z]+)-(?<id>[^/]+)-(?<partition>\\d{1,9})/";
    private static final Pattern COMMIT_KEY = Pattern.compile(LOG + FOLDER + "(?<from>\\d{20})\\.json");
    private static final Pattern DATA_KEY =
            Pattern.compile(DATA + FOLDER + "(?<from>\\d{1,18})-\\d+-[0-9a-f]{16}\\.parquet");

    /** Where a commit, or the data of one, starts. */
    public record Position(ChainId chain, long from) {}

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

    /** The position of a commit; empty if the key is not that of a commit. */
    public static Optional<Position> parseCommitKey(String key) {
        return parse(COMMIT_KEY.matcher(key));
    }

    /** The position of a data file; empty if the key is not that of a data file. */
    public static Optional<Position> parseDataKey(String key) {
        return parse(DATA_KEY.matcher(key));
    }

    private static Optional<Position> parse(Matcher key) {
        return key.matches()
                ? Optional.of(new Position(
                        new ChainId(key.group("topic"), key.group("id"), Integer.parseInt(key.group("partition"))),
                        Long.parseLong(key.group("from"))))
                : Optional.empty();
    }
}
