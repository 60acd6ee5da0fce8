package dev.precept.prompts;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;

/** Writes files with DuckDB, which shares no code with the readers under test. */
final class DuckDb {
    private DuckDb() {}

    /** Copies the rows of a query into a file, with options of DuckDB's COPY. */
    static Path write(Path file, String query, String options) {
        run("COPY (" + query + ") TO " + quoted(file) + " (" + options + ")");
        return file;
    }

    static void run(String... statements) {
        try (Connection duckdb = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = duckdb.createStatement()) {
            statement.execute("SET autoinstall_known_extensions = false"); // tests have no network access
            for (String sql : statements) {
                statement.execute(sql);
            }
        } catch (SQLException e) {
            throw new AssertionError("DuckDB cannot do " + String.join("; ", statements), e);
        }
    }

    static String quoted(Path file) {
        return "'" + file.toString().replace("'", "''") + "'";
    }
}
