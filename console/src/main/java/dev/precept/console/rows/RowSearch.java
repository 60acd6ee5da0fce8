package dev.precept.console.rows;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.precept.console.api.EventStream;
import dev.precept.dataset.parquet.ProjectedReader;
import dev.precept.records.Rejection;
import dev.precept.records.Sample;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.generic.IndexedRecord;
import org.apache.parquet.hadoop.ParquetReader;
import org.jspecify.annotations.Nullable;

/**
 * Searches the texts of rows file by file, the newest first, and sends each hit at once. Letter case does not matter. It ends
 * when the client has gone away: the progress that is sent meanwhile finds out.
 */
final class RowSearch {
    static final int MOST_HITS = 200;

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration INTERVAL = Duration.ofMillis(200);
    private static final List<String> SAMPLES = List.of(
            "sample_id", "messages.role", "messages.content", "reasoning", "answer", "judge.score", "judge.reason");
    private static final List<String> REJECTIONS = List.of(
            "run_id",
            "slot_id",
            "attempt",
            "messages.role",
            "messages.content",
            "reasoning",
            "answer",
            "detail",
            "judge.score",
            "judge.reason");

    private final RowIndex.State state;
    private final RowFilter filter;
    private final String words;
    private long searched;
    private int hits;
    private long reported = System.nanoTime();

    /** @param words in any letter case */
    RowSearch(RowIndex.State state, RowFilter filter, String words) {
        this.state = state;
        this.filter = filter;
        this.words = words.toLowerCase(Locale.ROOT);
    }

    void run(EventStream events) throws IOException, InterruptedException {
        List<Segment> segments = state.segments();
        long all = state.rows();
        boolean more = false;
        for (int number = segments.size() - 1; number >= 0 && !more; number--) {
            more = search(segments.get(number), events, all);
        }
        progress(events, all);
        events.send("done", JSON.createObjectNode().put("more", more).put("complete", state.complete()));
    }

    /** Whether there may be more hits than are sent. */
    private boolean search(Segment segment, EventStream events, long all) throws IOException, InterruptedException {
        boolean[] wanted = new boolean[segment.count];
        boolean any = false;
        for (int at = 0; at < segment.count; at++) {
            wanted[at] = filter.matches(segment, at);
            any |= wanted[at];
        }
        if (!any) {
            searched += segment.count;
            return false;
        }
        return LocalFile.read(
                state.committed().orElseThrow(), segment.stored(), file -> search(segment, wanted, file, events, all));
    }

    private boolean search(Segment segment, boolean[] wanted, Path file, EventStream events, long all)
            throws IOException, InterruptedException {
        Schema schema = segment.hasSamples() ? Sample.getClassSchema() : Rejection.getClassSchema();
        try (ParquetReader<GenericRecord> rows =
                ProjectedReader.open(file, schema, segment.hasSamples() ? SAMPLES : REJECTIONS)) {
            int at = 0;
            for (int position = 0; at < segment.count; position++) {
                GenericRecord row = rows.read();
                if (row == null) {
                    throw new IOException(segment.key() + " has fewer rows than before");
                }
                if (Thread.interrupted()) {
                    throw new InterruptedException();
                }
                if (position == segment.row[at]) {
                    if (wanted[at] && holds(row)) {
                        if (hits == MOST_HITS) {
                            return true;
                        }
                        hits++;
                        events.send("row", new RowItems(state).item(segment, at, row));
                    }
                    at++;
                    searched++;
                    if (System.nanoTime() - reported > INTERVAL.toNanos()) {
                        progress(events, all);
                    }
                }
            }
        }
        return false;
    }

    private void progress(EventStream events, long all) throws IOException {
        reported = System.nanoTime();
        events.send("progress", JSON.createObjectNode().put("read", searched).put("of", all));
    }

    private boolean holds(GenericRecord row) {
        if (holds(row.get("reasoning")) || holds(row.get("answer"))) {
            return true;
        }
        if (row.get("messages") instanceof List<?> messages) {
            for (Object message : messages) {
                if (holds(RowItems.value((IndexedRecord) message, "content"))) {
                    return true;
                }
            }
        }
        return row.getSchema().getField("detail") != null && holds(row.get("detail"));
    }

    private boolean holds(@Nullable Object text) {
        return text != null && text.toString().toLowerCase(Locale.ROOT).contains(words);
    }
}
