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

/** Reads Parquet files with DuckDB, which shares no code with the implementation that wrote them. */
final class Parquet {
    private Parquet() {}

    /** Maps the current row. */
    interface RowMapper<T> {
        T map(ResultSet row) throws SQLException;
    }

    /**
     * Selects rows of files.
     *
     * @param columns to select, in SQL
     * @param condition on the rows, in SQL
     */
    static <T> List<T> select(List<Path> files, String columns, String condition, RowMapper<T> mapper) {
        if (files.isEmpty()) {
            return List.of();
        }
        String names = files.stream().map(Parquet::quoted).collect(Collectors.joining(", ", "[", "]"));
        return query(
                "SELECT " + columns + " FROM read_parquet(" + names + ", union_by_name = true) WHERE " + condition,
                mapper);
    }

    /** The row count in a file's footer. */
    static long footerRows(Path file) {
        return query("SELECT num_rows FROM parquet_file_metadata(" + quoted(file) + ")", row -> row.getLong(1))
                .getFirst();
    }

    private static <T> List<T> query(String sql, RowMapper<T> mapper) {
        List<T> rows = new ArrayList<>();
        try (Connection duckdb = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = duckdb.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            while (result.next()) {
                rows.add(mapper.map(result));
            }
            return rows;
        } catch (SQLException e) {
            throw new AssertionError("DuckDB cannot run " + sql, e);
        }
    }

    private static String quoted(Path file) {
        return "'" + file.toString().replace("'", "''") + "'";
    }
}
