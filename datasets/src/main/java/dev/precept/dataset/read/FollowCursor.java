package dev.precept.dataset.read;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The position of a {@link DatasetFollower}: the next commit of every chain, and the last consumed row if a commit was only
 * partly consumed. Its text is {@code f2.} and base64url, then {@code +} and the position of that row, if there is one.
 *
 * @param vector every commit before it was consumed completely
 * @param lastRow the last consumed row of a commit after the vector
 */
public record FollowCursor(Vector vector, Optional<RowPosition> lastRow) {
    private static final String PREFIX = "f2.";
    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
            .build();

    /**
     * @param dataset dataset id
     * @param next offsets of the next commits by partition, by topic id
     * @param completed partitions that have the last record of a run, as a bit set, by topic id and run id
     */
    public record Vector(
            @JsonProperty("d") String dataset,
            @JsonProperty("o") Map<String, List<Long>> next,
            @JsonProperty("r") Map<String, Map<String, byte[]>> completed) {
        public Vector {
            next = new TreeMap<>(next);
            next.replaceAll((topic, offsets) -> List.copyOf(offsets));
            completed = new TreeMap<>(completed);
            completed.replaceAll((topic, runs) -> new TreeMap<>(runs));
        }
    }

    /**
     * A row of a commit. Its text is {@code topicId:partition:from:row}, and {@code :file} where there is one.
     *
     * @param from the offset at which the commit starts
     * @param row of the commit, from 0
     * @param file {@link #MARK} digits that differ after each purge that removed rows of the commit; empty before
     */
    public record RowPosition(String topicId, int partition, long from, long row, String file) {
        /** Hexadecimal digits that distinguish the row numbers of one commit before and after a purge. */
        public static final int MARK = 12;

        private static final Pattern TEXT =
                Pattern.compile("([^:+]+):(\\d{1,9}):(\\d{1,18}):(\\d{1,18})(?::([0-9a-f]{" + MARK + "}))?");

        /** @param purge number of the last purge that removed rows of the commit; 0 if none did */
        static String mark(long purge) {
            return purge == 0 ? "" : String.format(Locale.ROOT, "%0" + MARK + "x", purge);
        }

        @Override
        public String toString() {
            return topicId + ":" + partition + ":" + from + ":" + row + (file.isEmpty() ? "" : ":" + file);
        }
    }

    static boolean isFollowCursor(String text) {
        return text.startsWith(PREFIX);
    }

    /**
     * Reads what {@link #toString} wrote.
     *
     * @throws IllegalArgumentException if it is not a cursor of a follower; the message is one line
     */
    public static FollowCursor parse(String text) {
        int plus = text.indexOf('+');
        String vector = plus < 0 ? text : text.substring(0, plus);
        Matcher position = RowPosition.TEXT.matcher(plus < 0 ? "" : text.substring(plus + 1));
        if (!isFollowCursor(vector) || (plus >= 0 && !position.matches())) {
            throw new IllegalArgumentException("'" + text
                    + "' is not a cursor of --follow; it prints one before its first row and after each commit");
        }
        try {
            Vector read =
                    JSON.readValue(Base64.getUrlDecoder().decode(vector.substring(PREFIX.length())), Vector.class);
            return new FollowCursor(read, plus < 0 ? Optional.empty() : Optional.of(position(position)));
        } catch (IOException | IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "'" + text + "' is not a complete cursor of --follow; copy all of it", e);
        }
    }

    private static RowPosition position(Matcher parts) {
        return new RowPosition(
                parts.group(1),
                Integer.parseInt(parts.group(2)),
                Long.parseLong(parts.group(3)),
                Long.parseLong(parts.group(4)),
                Optional.ofNullable(parts.group(5)).orElse(""));
    }

    @Override
    public String toString() {
        try {
            String vectorText = Base64.getUrlEncoder().withoutPadding().encodeToString(JSON.writeValueAsBytes(vector));
            return PREFIX
                    + vectorText
                    + lastRow.map(rowPosition -> "+" + rowPosition).orElse("");
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a cursor is plain data", e);
        }
    }
}
