package dev.precept.dataset.chain;

/**
 * The chain of one partition of one topic. The topic's id is in every key: a topic that was deleted and made again is
 * another chain.
 */
public record ChainId(String topic, String topicId, int partition) {
    private String folder() {
        return topic + "-" + topicId + "-" + partition + "/";
    }

    /** The folder of the commits. */
    public String logFolder() {
        return "log/" + folder();
    }

    /** The key of the commit that begins at an offset: there can be only one. */
    public String commitKey(long from) {
        return logFolder() + String.format("%020d.json", from);
    }

    /** The offset in the key of a commit. */
    public static long offsetOf(String commitKey) {
        return Long.parseLong(
                commitKey.substring(commitKey.lastIndexOf('/') + 1, commitKey.length() - ".json".length()));
    }

    /** The key of a data file. */
    public String dataKey(long from, long to, String sha256) {
        return "data/" + folder() + from + "-" + to + "-" + sha256.substring(0, 16) + ".parquet";
    }
}
