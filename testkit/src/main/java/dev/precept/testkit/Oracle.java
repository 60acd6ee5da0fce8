package dev.precept.testkit;

import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;

/**
 * Says what is in a dataset folder without a line of the program under test: DuckDB reads the Parquet, Jackson the commits.
 * Answers are lists in a fixed order, so that a doubled row shows. Thread-safe; every call reads the folder anew.
 */
public final class Oracle {
    private static final String SAMPLE = "run_id, prompt_id, slot, reasoning, answer";
    private static final String TRAINED =
            "run_id, prompt_id, slot, messages[-1].reasoning_content, messages[-1].content";
    private static final String REJECTION = "run_id, slot_id, prompt_id, slot, coalesce(reason, cause)";

    private final Path dataset;

    /** @param dataset the folder that holds {@code data}, {@code log} and {@code releases} */
    public Oracle(Path dataset) {
        this.dataset = dataset;
    }

    /** A kept sample. */
    public record KeptSample(String runId, String promptId, int slot, String reasoning, String answer) {}

    /**
     * The end of a slot that gave no sample.
     *
     * @param reason the reason it was rejected for, or the cause of its death
     */
    public record Rejection(String runId, String slotId, String promptId, int slot, String reason) {}

    /** Every sample that a commit names. */
    public List<KeptSample> committedSamples() {
        return Parquet.select(new Chains(dataset).committed("samples"), SAMPLE, "true ORDER BY ALL", Oracle::kept);
    }

    /** Every terminal rejection that a commit names. */
    public List<Rejection> committedRejections() {
        return Parquet.select(
                new Chains(dataset).committed("rejections"), REJECTION, "terminal ORDER BY ALL", Oracle::fallen);
    }

    /**
     * The samples of a release, as the last turn of their messages says them.
     *
     * @param view one that keeps the reasoning apart: {@code sft} or {@code raw}
     */
    public List<KeptSample> releasedSamples(String version, String view) {
        return Parquet.select(released(version, view), TRAINED, "true ORDER BY ALL", Oracle::kept);
    }

    /** How many rows a view of a release has. */
    public long releasedRows(String version, String view) {
        return released(version, view).stream().mapToLong(Parquet::footerRows).sum();
    }

    /**
     * Everything that is wrong with the chains: a gap, an overlap, a missing or altered data file, a row count that is not
     * that of the footer. Empty if all is well.
     */
    public List<String> problems() {
        return new Chains(dataset).problems();
    }

    private List<Path> released(String version, String view) {
        return Chains.below(dataset.resolve("releases").resolve(version).resolve(view)).stream()
                .filter(file -> file.toString().endsWith(".parquet"))
                .toList();
    }

    private static KeptSample kept(ResultSet row) throws SQLException {
        return new KeptSample(row.getString(1), row.getString(2), row.getInt(3), row.getString(4), row.getString(5));
    }

    private static Rejection fallen(ResultSet row) throws SQLException {
        return new Rejection(row.getString(1), row.getString(2), row.getString(3), row.getInt(4), row.getString(5));
    }
}
