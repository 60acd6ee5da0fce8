package dev.precept.dataset.read;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How far a dataset was followed: of every chain the commit that comes next, and perhaps rows of one that were taken already.
 * Its text is {@code f1.} and base64url, then {@code +} and the place of the last row taken, if there is one.
 *
 * @param vector where every commit before was taken whole
 * @param lastRow the last row that was taken of a commit after that
 */
public record FollowCursor(Vector vector, Optional<RowPosition> lastRow) {
    private static final String BEGIN = "f1.";
    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
            .build();

    /**
     * @param dataset its id
     * @param next by topic id, the offset of the next commit of each partition
     * @param completed by run, the partitions that hold its last record, as a bit set
     */
    public record Vector(
            @JsonProperty("d") String dataset,
            @JsonProperty("o") Map<String, List<Long>> next,
            @JsonProperty("r") Map<String, byte[]> completed) {
        public Vector {
            next = new TreeMap<>(next);
            next.replaceAll((topic, offsets) -> List.copyOf(offsets));
            completed = new TreeMap<>(completed);
        }
    }

    /**
     * A row of a commit. Its text is {@code topicId:partition:from:row}, and {@code :file} where there is one.
     *
     * @param from the offset at which the commit begins
     * @param row of its file, from 0
     * @param file the first {@link #MARK} digits of the SHA-256 of the file that the row was counted in, if a purge wrote
     *     it; empty for the one that was committed
     */
    public record RowPosition(String topicId, int partition, long from, long row, String file) {
        /** Hex digits that tell the files of one commit apart. */
        public static final int MARK = 12;

        private static final Pattern TEXT =
                Pattern.compile("([^:+]+):(\\d{1,9}):(\\d{1,18}):(\\d{1,18})(?::([0-9a-f]{" + MARK + "}))?");

        @Override
        public String toString() {
            return topicId + ":" + partition + ":" + from + ":" + row + (file.isEmpty() ? "" : ":" + file);
        }
    }

    static boolean isFollowCursor(String text) {
        return text.startsWith(BEGIN);
    }

    /**
     * Reads what {@link #toString} wrote.
     *
     * @throws IllegalArgumentException if it is no cursor of following; the message is one line
     */
    public static FollowCursor parse(String text) {
        int plus = text.indexOf('+');
        String vector = plus < 0 ? text : text.substring(0, plus);
        Matcher place = RowPosition.TEXT.matcher(plus < 0 ? "" : text.substring(plus + 1));
        if (!isFollowCursor(vector) || (plus >= 0 && !place.matches())) {
            throw new IllegalArgumentException("'" + text
                    + "' is no cursor of --follow; it prints one before its first row and after each commit");
        }
        try {
            Vector read = JSON.readValue(Base64.getUrlDecoder().decode(vector.substring(BEGIN.length())), Vector.class);
            return new FollowCursor(read, plus < 0 ? Optional.empty() : Optional.of(place(place)));
        } catch (IOException | IllegalArgumentException e) {
            throw new IllegalArgumentException("'" + text + "' is no whole cursor of --follow; copy all of it", e);
        }
    }

    private static RowPosition place(Matcher parts) {
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
            return BEGIN
                    + vectorText
                    + lastRow.map(rowPosition -> "+" + rowPosition).orElse("");
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a cursor is plain data", e);
        }
    }
}
