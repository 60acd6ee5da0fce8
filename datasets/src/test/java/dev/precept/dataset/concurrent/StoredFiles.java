package dev.precept.dataset.concurrent;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The files behind a store, read without the code under test: Parquet by DuckDB, everything else as bytes. */
final class StoredFiles implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path folder;
    private final Connection duckdb;
    private final Map<String, Content> contents = new HashMap<>();
    private Map<String, Content> current = Map.of();

    /**
     * @param text all text of the file
     * @param ids of a file of committed rows or of a view of samples: in order; else empty
     */
    record Content(String sha256, long bytes, String text, List<String> ids) {}

    StoredFiles(Path folder) throws SQLException {
        this.folder = folder;
        this.duckdb = DriverManager.getConnection("jdbc:duckdb:");
    }

    /** Reads the store again; no command may run. */
    void refresh() {
        Map<String, Content> found = new TreeMap<>();
        for (Path file : files()) {
            String key = folder.relativize(file).toString();
            try {
                byte[] bytes = Files.readAllBytes(file);
                String sha256 = sha256(bytes);
                Content known = contents.get(sha256);
                if (known == null) {
                    known = key.endsWith(".parquet")
                            ? parquet(file, sha256, bytes.length)
                            : new Content(sha256, bytes.length, new String(bytes, StandardCharsets.UTF_8), List.of());
                    contents.put(sha256, known);
                }
                found.put(key, known);
            } catch (IOException e) {
                throw new UncheckedIOException("cannot read " + file, e);
            }
        }
        current = found;
    }

    Map<String, Content> all() {
        return current;
    }

    Optional<Content> find(String key) {
        return Optional.ofNullable(current.get(key));
    }

    boolean has(String key) {
        return current.containsKey(key);
    }

    /** The keys with a prefix. */
    List<String> list(String prefix) {
        return current.keySet().stream().filter(key -> key.startsWith(prefix)).toList();
    }

    JsonNode json(String key) {
        try {
            return JSON.readTree(find(key).orElseThrow().text);
        } catch (IOException e) {
            throw new AssertionError(key + " is not JSON", e);
        }
    }

    /** Makes every file look as if it had been stored some time before it was. */
    void age(Duration by) {
        FileTime then = FileTime.from(Instant.now().minus(by));
        for (Path file : files()) {
            try {
                Files.setLastModifiedTime(file, then);
            } catch (IOException e) {
                throw new UncheckedIOException("cannot age " + file, e);
            }
        }
    }

    private List<Path> files() {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile).toList();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot list " + folder, e);
        }
    }

    private Content parquet(Path file, String sha256, long bytes) {
        String from = " FROM read_parquet('" + file + "') t";
        List<String> columns = query("SELECT column_name FROM (DESCRIBE SELECT *" + from + ")");
        String text = String.join("\n", query("SELECT t::VARCHAR" + from));
        List<String> ids = columns.contains("sample_id")
                ? query("SELECT sample_id" + from)
                : columns.contains("detail") ? query("SELECT split_part(detail, ' ', 1)" + from) : List.of();
        return new Content(sha256, bytes, text, ids);
    }

    private List<String> query(String sql) {
        List<String> values = new ArrayList<>();
        try (Statement statement = duckdb.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            while (rows.next()) {
                values.add(String.valueOf(rows.getString(1)));
            }
            return values;
        } catch (SQLException e) {
            throw new AssertionError("DuckDB cannot execute " + sql, e);
        }
    }

    static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has SHA-256", e);
        }
    }

    @Override
    public void close() {
        try {
            duckdb.close();
        } catch (SQLException e) {
            throw new AssertionError("cannot close DuckDB", e);
        }
    }
}
