package dev.precept.dataset;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** Asks DuckDB, a reader of Parquet that shares nothing with the writer under test. */
public final class DuckDb {
    private DuckDb() {}

    /** The rows of an answer, each the texts of its columns; a null is the text {@code null}. */
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
            throw new AssertionError("DuckDB cannot answer " + sql, e);
        }
    }

    /** The only row of an answer. */
    public static List<String> one(String sql) {
        List<List<String>> rows = query(sql);
        if (rows.size() != 1) {
            throw new AssertionError(rows.size() + " rows answer " + sql);
        }
        return rows.getFirst();
    }
}
