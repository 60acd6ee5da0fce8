package dev.precept.dataset.read;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The last row that a reader of a version consumed; reading resumes with the next row. A version never changes, so a cursor
 * names the same row on every machine. Its text is {@code version/view/split/shard:row}.
 *
 * @param version a name such as {@code v1}, never a ref
 * @param view its label, as in {@link dev.precept.dataset.view.View#label()}
 * @param split {@code train} or {@code validation}
 * @param shard from 0, in the order of the manifest
 * @param row of the shard, from 0
 */
public record Cursor(String version, String view, String split, int shard, long row) {
    private static final Pattern TEXT =
            Pattern.compile("(?<version>[^/]+)/(?<view>[^/]+)/(?<split>[^/]+)/(?<shard>\\d{1,9}):(?<row>\\d{1,18})");

    /**
     * Reads what {@link #toString} wrote.
     *
     * @throws IllegalArgumentException if it is not a cursor of a version; the message is one line
     */
    public static Cursor parse(String text) {
        Matcher parts = TEXT.matcher(text);
        if (!parts.matches()) {
            throw new IllegalArgumentException(
                    FollowCursor.isFollowCursor(text)
                            ? "this is a cursor of --follow; reading a version needs one such as v1/sft/train/3:1207"
                            : "'" + text + "' is not a cursor; give one such as v1/sft/train/3:1207");
        }
        return new Cursor(
                parts.group("version"),
                parts.group("view"),
                parts.group("split"),
                Integer.parseInt(parts.group("shard")),
                Long.parseLong(parts.group("row")));
    }

    @Override
    public String toString() {
        return version + "/" + view + "/" + split + "/" + shard + ":" + row;
    }
}
