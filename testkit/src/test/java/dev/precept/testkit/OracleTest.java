package dev.precept.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.precept.testkit.Oracle.KeptSample;
import dev.precept.testkit.Oracle.Rejection;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HexFormat;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class OracleTest {
    private static final String SAMPLES = "samples-Id_1-0";
    private static final String REJECTIONS = "rejections-Id-2-0";

    @TempDir
    private Path dataset;

    @BeforeEach
    void writeADatasetWithTwoCommitsOfSamplesAndOneOfRejections() throws Exception {
        commit("samples", SAMPLES, 0, 3, 2, "VALUES ('r', 'p1', 0, 'why', 'so'), ('r', 'p1', 1, 'why', 'thus')");
        commit("samples", SAMPLES, 3, 7, 1, "VALUES ('r', 'p2', 0, 'because', 'hence')");
        marker("samples", SAMPLES, 7, 8, 0);
        commit("rejections", REJECTIONS, 0, 9, 3, """
                VALUES ('r', 'p3#0', 'p3', 0, 'LOW_SCORE', NULL, false), ('r', 'p3#0', 'p3', 0, 'LOW_SCORE', NULL, true),
                ('r', 'p4@f:1#0', 'p4', 0, NULL, 'UNREADABLE', true)""");
    }

    @Test
    void committedRowsAreReadAndOnlyTerminalRejectionsCount() {
        Oracle oracle = new Oracle(dataset);
        assertThat(oracle.problems()).isEmpty();
        assertThat(oracle.committedSamples())
                .containsExactly(
                        new KeptSample("r", "p1", 0, "why", "so"),
                        new KeptSample("r", "p1", 1, "why", "thus"),
                        new KeptSample("r", "p2", 0, "because", "hence"));
        assertThat(oracle.committedRejections())
                .containsExactly(
                        new Rejection("r", "p3#0", "p3", 0, "LOW_SCORE"),
                        new Rejection("r", "p4@f:1#0", "p4", 0, "UNREADABLE"));
    }

    @Test
    void anUnreferencedFileIsNotPartOfTheDataset() throws Exception {
        parquet(dataset.resolve("data/" + SAMPLES + "/orphan.parquet"), "VALUES ('r', 'p9', 0, 'x', 'y')", "samples");
        assertThat(new Oracle(dataset).committedSamples()).hasSize(3);
        assertThat(new Oracle(dataset).problems()).isEmpty();
    }

    @Test
    void releasedSamplesAreReadFromTheLastMessage() throws Exception {
        Path view = Files.createDirectories(dataset.resolve("releases/v1/sft/train"));
        trainingRow(view.resolve("train-00000-of-00002.parquet"), "p1", "why", "so");
        trainingRow(view.resolve("train-00001-of-00002.parquet"), "p2", "because", "hence");
        Oracle oracle = new Oracle(dataset);
        assertThat(oracle.releasedSamples("v1", "sft"))
                .containsExactly(
                        new KeptSample("r", "p1", 0, "why", "so"), new KeptSample("r", "p2", 0, "because", "hence"));
        assertThat(oracle.releasedSamples("v2", "sft")).isEmpty();
    }

    @Test
    void aMissingCommitIsAGap() throws IOException {
        Files.delete(link(SAMPLES, 3));
        assertThat(new Oracle(dataset).problems())
                .singleElement()
                .asString()
                .contains("follows a commit that ends at 3");
    }

    @Test
    void overlappingCommitsAreDetected() throws Exception {
        commit("samples", SAMPLES, 2, 3, 1, "VALUES ('r', 'p1', 1, 'why', 'thus')");
        assertThat(new Oracle(dataset).problems()).anyMatch(problem -> problem.contains("follows a commit"));
        assertThat(new Oracle(dataset).committedSamples()).hasSize(4);
    }

    @Test
    void alteredBytesAreDetected() throws IOException {
        Path file = Chains.entries(dataset.resolve("data").resolve(SAMPLES)).getFirst();
        Files.write(file, new byte[] {0}, StandardOpenOption.APPEND);
        assertThat(new Oracle(dataset).problems()).singleElement().asString().contains("SHA-256");
    }

    @Test
    void aMissingDataFileIsDetected() throws IOException {
        Files.delete(Chains.entries(dataset.resolve("data").resolve(SAMPLES)).getFirst());
        assertThat(new Oracle(dataset).problems()).singleElement().asString().contains("missing");
    }

    @Test
    void aRowCountThatDiffersFromTheFooterIsDetected() throws Exception {
        commit("samples", SAMPLES, 8, 9, 5, "VALUES ('r', 'p5', 0, 'a', 'b')");
        assertThat(new Oracle(dataset).problems())
                .singleElement()
                .asString()
                .contains("1 rows in the footer, 5 in the commit");
    }

    @Test
    void rowsWithoutAFileAreDetected() throws IOException {
        marker("samples", SAMPLES, 8, 9, 4);
        assertThat(new Oracle(dataset).problems()).singleElement().asString().contains("4 rows and no data file");
    }

    private Path link(String chain, long from) {
        return dataset.resolve("log").resolve(chain).resolve(String.format("%020d.json", from));
    }

    private void marker(String topic, String chain, long from, long to, long rows) throws IOException {
        Files.createDirectories(dataset.resolve("log").resolve(chain));
        Files.writeString(link(chain, from), """
                {"topic": "%s", "from": %d, "to": %d, "rows": %d, "data": null, "sha256": null}
                """.formatted(topic, from, to, rows));
    }

    private void commit(String topic, String chain, long from, long to, long rows, String values)
            throws IOException, SQLException, NoSuchAlgorithmException {
        Path folder = Files.createDirectories(dataset.resolve("data").resolve(chain));
        Path draft = folder.resolve("draft");
        parquet(draft, values, topic);
        String sha256 =
                HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(draft)));
        String name = from + "-" + to + "-" + sha256.substring(0, 16) + ".parquet";
        Files.move(draft, folder.resolve(name));
        Files.createDirectories(dataset.resolve("log").resolve(chain));
        Files.writeString(link(chain, from), """
                {"topic": "%s", "from": %d, "to": %d, "rows": %d, "data": "data/%s/%s", "sha256": "%s"}
                """.formatted(topic, from, to, rows, chain, name, sha256));
    }

    private static void trainingRow(Path file, String promptId, String reasoning, String answer) throws SQLException {
        copy(file, """
                SELECT 'r' run_id, '%s' prompt_id, 0 slot, [
                  {'role': 'user', 'content': 'How?', 'reasoning_content': NULL},
                  {'role': 'assistant', 'content': '%s', 'reasoning_content': '%s'}] messages
                """.formatted(promptId, answer, reasoning));
    }

    private static void parquet(Path file, String values, String topic) throws SQLException {
        String columns = topic.equals("samples")
                ? "(run_id, prompt_id, slot, reasoning, answer)"
                : "(run_id, slot_id, prompt_id, slot, reason, invalid_reason, terminal)";
        copy(file, "SELECT * FROM (" + values + ") t" + columns);
    }

    private static void copy(Path file, String query) throws SQLException {
        try (Connection duckdb = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = duckdb.createStatement()) {
            statement.execute("COPY (" + query + ") TO '" + file + "' (FORMAT parquet)");
        }
    }
}
