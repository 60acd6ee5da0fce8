package dev.precept.dataset;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** Queries DuckDB, a Parquet reader that shares no code with the writer under test. */
public final class DuckDb {
    private DuckDb() {}

    /** The rows of a result, columns as text; a null is the text {@code null}. */
    public static List<List<String>> query(String sql) {
        List<List<String>> rows = new ArrayList<>();
        try (Connection duckdb = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = duckdb.createStatement();
                ResultSet answer = statement.executeQuery(sql)) {
            int columns = answer.getMetaData().getColumnCount();
            while (answer.next()) {
                List<String> row = new ArrayList<>();
                for (int column = 1; column <= columns; column++) {
                    row.add(String.valueOf(answer.getString(column)));
                }
                rows.add(row);
            }
            return rows;
        } catch (SQLException e) {
            throw new AssertionError("DuckDB cannot execute " + sql, e);
        }
    }

    /** The only row of a result. */
    public static List<String> one(String sql) {
        List<List<String>> rows = query(sql);
        if (rows.size() != 1) {
            throw new AssertionError(rows.size() + " rows from " + sql);
        }
        return rows.getFirst();
    }

    /**
     * Writes a Parquet file again with other values.
     *
     * @param change what follows {@code SET}
     */
    public static void change(Path file, Path to, String change) {
        change(file, to, change, 0);
    }

    /** As {@link #change(Path, Path, String)}, without the first rows. */
    public static void change(Path file, Path to, String change, int without) {
        try (Connection duckdb = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = duckdb.createStatement()) {
            statement.execute("CREATE TABLE rows AS SELECT * FROM '" + file + "' OFFSET " + without);
            if (statement.executeUpdate("UPDATE rows SET " + change) == 0) {
                throw new AssertionError("no row has " + change);
            }
            statement.execute("COPY rows TO '" + to + "' (FORMAT parquet, COMPRESSION zstd)");
        } catch (SQLException e) {
            throw new AssertionError("DuckDB cannot change " + file, e);
        }
    }
}
