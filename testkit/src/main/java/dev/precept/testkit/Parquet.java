package dev.precept.testkit;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Reads Parquet files with DuckDB, an implementation of the format that shares nothing with the one that wrote them. */
final class Parquet {
    private Parquet() {}

    /** Makes one value of the row under the cursor. */
    interface RowMapper<T> {
        T map(ResultSet row) throws SQLException;
    }

    /**
     * The rows of some files.
     *
     * @param columns what to select, as SQL
     * @param condition which rows, as SQL
     */
    static <T> List<T> select(List<Path> files, String columns, String condition, RowMapper<T> make) {
        if (files.isEmpty()) {
            return List.of();
        }
        String names = files.stream().map(Parquet::quoted).collect(Collectors.joining(", ", "[", "]"));
        return query(
                "SELECT " + columns + " FROM read_parquet(" + names + ", union_by_name = true) WHERE " + condition,
                make);
    }

    /** The row count in the footer of a file. */
    static long footerRows(Path file) {
        return query("SELECT num_rows FROM parquet_file_metadata(" + quoted(file) + ")", row -> row.getLong(1))
                .getFirst();
    }

    private static <T> List<T> query(String sql, RowMapper<T> make) {
        List<T> rows = new ArrayList<>();
        try (Connection duckdb = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = duckdb.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            while (result.next()) {
                rows.add(make.map(result));
            }
            return rows;
        } catch (SQLException e) {
            throw new AssertionError("DuckDB cannot answer " + sql, e);
        }
    }

    private static String quoted(Path file) {
        return "'" + file.toString().replace("'", "''") + "'";
    }
}
