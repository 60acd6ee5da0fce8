package dev.precept.console.rows;

import dev.precept.dataset.parquet.ProjectedReader;
import dev.precept.records.Rejection;
import dev.precept.records.Sample;
import dev.precept.schemas.SlotId;
import dev.precept.schemas.Topics;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.generic.IndexedRecord;
import org.apache.parquet.hadoop.ParquetReader;
import org.jspecify.annotations.Nullable;

/** Reads the short columns of a data file into a segment; texts are not read. For one thread. */
final class SegmentReader {
    /** Rows after which some are shown, and the factor after which more are. */
    private static final int FIRST_ROWS = 250;

    private static final int GROWTH = 8;

    private static final List<String> SHARED = List.of(
            "run_id",
            "prompt_id",
            "category",
            "response_style",
            "cited_clauses",
            "judge.score",
            "dedup.near.id",
            "source.uri",
            "source.name",
            "spec_version",
            "findings.leaks.kind",
            "findings.unknown_clauses",
            "findings.citations.cited.clause",
            "findings.citations.false_citations.form",
            "findings.personal.kind",
            "findings.hard_refusal",
            "repaired");

    private static final List<String> SAMPLES = List.of("sample_id");
    private static final List<String> REJECTIONS =
            List.of("outcome", "reason", "invalid_reason", "terminal", "slot_id", "attempt");

    private final RowColumns columns;
    private final RowSource source;

    SegmentReader(RowColumns columns, RowSource source) {
        this.columns = columns;
        this.source = source;
    }

    /**
     * Reads a file.
     *
     * @param partial gets the rows that were read so far, from time to time: the first page need not wait for a large file
     */
    Segment read(RowSource.Part part, Path file, Consumer<Segment> partial) throws IOException {
        boolean samples = part.range().chain().topic().equals(Topics.SAMPLES.name());
        Schema schema = samples ? Sample.getClassSchema() : Rejection.getClassSchema();
        List<String> paths = new ArrayList<>(samples ? SAMPLES : REJECTIONS);
        SHARED.stream()
                .filter(path -> schema.getField(path.split("\\.", 2)[0]) != null)
                .forEach(paths::add);
        SegmentBuilder built = new SegmentBuilder();
        int next = FIRST_ROWS;
        try (ParquetReader<GenericRecord> rows = ProjectedReader.open(file, schema, paths)) {
            for (int at = 0; at < part.rows(); at++) {
                GenericRecord row = rows.read();
                if (row == null) {
                    throw new IOException(file + " ends after " + at + " rows; " + part.rows() + " were expected");
                }
                if (samples) {
                    RowSource.Placed placed = source.placed(text(row, "sample_id"));
                    add(built, at, text(row, "sample_id"), placed.outcome(), placed.reason(), row);
                } else if (isShown(row)) {
                    rejection(built, at, row);
                }
                if (built.count() == next) {
                    partial.accept(new Segment(part.range(), built));
                    next *= GROWTH;
                }
            }
        }
        return new Segment(part.range(), built);
    }

    /** The end of a slot repeats its attempts, which are rows themselves. */
    private static boolean isShown(GenericRecord row) {
        return !Boolean.TRUE.equals(row.get("terminal")) || row.get("attempt") == null || row.get("reason") == null;
    }

    private void rejection(SegmentBuilder built, int at, GenericRecord row) {
        boolean invalid = text(row, "outcome").equals("INVALID");
        add(
                built,
                at,
                id(text(row, "run_id"), text(row, "slot_id"), (Integer) row.get("attempt")),
                invalid ? RowOutcome.INVALID : RowOutcome.REJECTED,
                text(row, invalid ? "invalid_reason" : "reason"),
                row);
    }

    /** The id of a rejection: that of the attempt, or of a slot that had none. */
    static String id(String runId, String slotId, @Nullable Integer attempt) {
        return SlotId.sampleId(runId, attempt == null ? slotId : slotId + "/" + attempt);
    }

    private void add(SegmentBuilder built, int at, String id, RowOutcome outcome, String reason, GenericRecord row) {
        built.row.add(at);
        built.id.add(Segment.key(id));
        built.prompt.add(Segment.promptKey(text(row, "prompt_id")));
        built.outcome.add(outcome.code());
        built.reason.add(columns.reasons.code(reason));
        built.style.add(columns.styles.code(text(row, "response_style").toLowerCase(Locale.ROOT)));
        scores(built, list(row, "judge"));
        built.category.add(columns.categories.code(texts(row, "category")));
        built.specification.add(columns.specifications.code(text(row, "spec_version")));
        GenericRecord source = (GenericRecord) row.get("source");
        String name = text(source, "name");
        built.source.add(columns.sources.code(name.isEmpty() ? text(source, "uri") : name));
        GenericRecord near = nested(nested(row, "dedup"), "near");
        built.near.add(near == null ? 0 : Segment.key(text(near, "id")));
        findings(built, row, near != null);
    }

    private void findings(SegmentBuilder built, GenericRecord row, boolean isNear) {
        int bits = isNear ? RowFinding.NEAR_DUPLICATE.bit() : 0;
        Set<String> cited = new LinkedHashSet<>(texts(row, "cited_clauses"));
        GenericRecord findings = nested(row, "findings");
        if (findings != null) {
            GenericRecord citations = nested(findings, "citations");
            bits |= list(findings, "leaks").isEmpty() ? 0 : RowFinding.LEAK.bit();
            bits |= list(findings, "personal").isEmpty() ? 0 : RowFinding.PERSONAL_DATA.bit();
            bits |= Boolean.TRUE.equals(findings.get("hard_refusal")) ? RowFinding.HARD_REFUSAL.bit() : 0;
            boolean isFalse = !list(findings, "unknown_clauses").isEmpty()
                    || (citations != null && !list(citations, "false_citations").isEmpty());
            bits |= isFalse ? RowFinding.FALSE_CITATION.bit() : 0;
            if (citations != null) {
                for (Object each : list(citations, "cited")) {
                    cited.add(text((GenericRecord) each, "clause"));
                }
            }
        }
        if (row.getSchema().getField("repaired") != null && Boolean.TRUE.equals(row.get("repaired"))) {
            bits |= RowFinding.REPAIRED.bit();
        }
        built.findings.add(bits);
        built.clauses.add(columns.clauses.code(cited.stream().sorted().toList()));
    }

    private static void scores(SegmentBuilder built, List<?> votes) {
        double lowest = Double.MAX_VALUE;
        double highest = 0;
        for (Object vote : votes) {
            double score = (Double) ((GenericRecord) vote).get("score");
            lowest = Math.min(lowest, score);
            highest = Math.max(highest, score);
        }
        boolean none = votes.isEmpty();
        built.lowest.add(none ? Segment.NO_SCORE : (int) Math.round(lowest * Segment.TENTHS));
        built.spread.add(none ? 0 : (int) Math.round((highest - lowest) * Segment.TENTHS));
    }

    private static @Nullable GenericRecord nested(@Nullable GenericRecord row, String name) {
        return row == null || row.getSchema().getField(name) == null ? null : (GenericRecord) row.get(name);
    }

    private static List<?> list(IndexedRecord row, String name) {
        Schema.Field field = row.getSchema().getField(name);
        return field != null && row.get(field.pos()) instanceof List<?> list ? list : List.of();
    }

    private static List<String> texts(IndexedRecord row, String name) {
        return list(row, name).stream().map(String::valueOf).toList();
    }

    private static String text(IndexedRecord row, String name) {
        Schema.Field field = row.getSchema().getField(name);
        Object value = field == null ? null : row.get(field.pos());
        return value == null ? "" : value.toString();
    }
}
