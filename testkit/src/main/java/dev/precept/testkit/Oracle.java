package dev.precept.testkit;

import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads a dataset folder independently of the program under test: Parquet with DuckDB, commits with Jackson. Results are
 * sorted lists, so that duplicates are visible. Thread-safe; every call reads the folder again.
 */
public final class Oracle {
    private static final String SAMPLE = "run_id, prompt_id, slot, reasoning, answer";
    private static final String RELEASED_SAMPLE =
            "run_id, prompt_id, slot, messages[-1].reasoning_content, messages[-1].content";
    private static final String REJECTION = "run_id, slot_id, prompt_id, slot, coalesce(reason, invalid_reason)";

    private final Path dataset;

    /** @param dataset the folder with {@code data}, {@code log} and {@code releases} */
    public Oracle(Path dataset) {
        this.dataset = dataset;
    }

    public record KeptSample(String runId, String promptId, int slot, String reasoning, String answer) {}

    /**
     * The terminal rejection of a slot.
     *
     * @param reason the rejection reason, or the reason it is invalid
     */
    public record Rejection(String runId, String slotId, String promptId, int slot, String reason) {}

    /** All committed samples. */
    public List<KeptSample> committedSamples() {
        return Parquet.select(new Chains(dataset).committed("samples"), SAMPLE, "true ORDER BY ALL", Oracle::kept);
    }

    /** All committed terminal rejections. */
    public List<Rejection> committedRejections() {
        return Parquet.select(
                new Chains(dataset).committed("rejections"), REJECTION, "terminal ORDER BY ALL", Oracle::rejection);
    }

    /**
     * A committed row, named by where its prompt came from.
     *
     * @param line of the prompt file, from 1
     * @param terminal whether the row ends its slot: true of every sample
     * @param attempt 0 where the row names none
     * @param reason of a rejection; empty for a sample
     * @param question the first message of the prompt; empty where the line had none
     */
    public record CommittedRow(
            long line,
            String slotId,
            boolean sample,
            boolean terminal,
            int attempt,
            String reason,
            String reasoning,
            String answer,
            String question) {}

    /** All committed rows, of both kinds. */
    public List<CommittedRow> committedRows() {
        Chains chains = new Chains(dataset);
        List<CommittedRow> rows = new ArrayList<>(Parquet.select(
                chains.committed("samples"),
                "source.line, prompt_id || '#' || slot, true, true, attempt, '', reasoning, answer, messages[1].content",
                "true ORDER BY ALL",
                Oracle::row));
        rows.addAll(Parquet.select(
                chains.committed("rejections"),
                "source.line, slot_id, false, terminal, coalesce(attempt, 0), coalesce(reason, invalid_reason), "
                        + "coalesce(reasoning, ''), coalesce(answer, ''), coalesce(messages[1].content, '')",
                "true ORDER BY ALL",
                Oracle::row));
        return rows;
    }

    /**
     * The samples of a release, read from the last message of each row.
     *
     * @param view a view with separate reasoning: {@code sft} or {@code raw}
     */
    public List<KeptSample> releasedSamples(String version, String view) {
        return Parquet.select(released(version, view), RELEASED_SAMPLE, "true ORDER BY ALL", Oracle::kept);
    }

    /**
     * All defects of the chains: gaps, overlaps, missing or altered data files, row counts that differ from the footer.
     */
    public List<String> problems() {
        return new Chains(dataset).problems();
    }

    private List<Path> released(String version, String view) {
        Path folder = dataset.resolve("releases").resolve(version).resolve(view);
        return Chains.entries(folder).stream()
                .flatMap(split -> Chains.entries(split).stream())
                .filter(file -> file.toString().endsWith(".parquet"))
                .toList();
    }

    private static KeptSample kept(ResultSet row) throws SQLException {
        return new KeptSample(row.getString(1), row.getString(2), row.getInt(3), row.getString(4), row.getString(5));
    }

    private static CommittedRow row(ResultSet row) throws SQLException {
        return new CommittedRow(
                row.getLong(1),
                row.getString(2),
                row.getBoolean(3),
                row.getBoolean(4),
                row.getInt(5),
                row.getString(6),
                row.getString(7),
                row.getString(8),
                row.getString(9));
    }

    private static Rejection rejection(ResultSet row) throws SQLException {
        return new Rejection(row.getString(1), row.getString(2), row.getString(3), row.getInt(4), row.getString(5));
    }
}
