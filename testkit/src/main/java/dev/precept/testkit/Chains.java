package dev.precept.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** Reads the commit chains of a dataset folder, knowing only the layout. */
final class Chains {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path dataset;

    Chains(Path dataset) {
        this.dataset = dataset;
    }

    /** The data files of a topic that commits reference. */
    List<Path> committed(String topic) {
        List<Path> files = new ArrayList<>();
        for (Path chain : entries(dataset.resolve("log"))) {
            for (Path link : entries(chain)) {
                JsonNode commit = parsed(link);
                if (commit.path("topic").asText().equals(topic) && commit.hasNonNull("data")) {
                    files.add(dataset.resolve(commit.get("data").asText()));
                }
            }
        }
        return files;
    }

    /** All defects of the chains and their files. */
    List<String> problems() {
        List<String> problems = new ArrayList<>();
        for (Path chain : entries(dataset.resolve("log"))) {
            long next = 0;
            for (Path link : entries(chain)) {
                JsonNode commit = parsed(link);
                long from = commit.path("from").asLong(-1);
                if (!link.getFileName().toString().equals(String.format(Locale.ROOT, "%020d.json", from))) {
                    problems.add(link + ": starts at " + from);
                }
                if (from != next) {
                    problems.add(link + ": follows a commit that ends at " + next);
                }
                next = commit.path("to").asLong(-1);
                if (next <= from) {
                    problems.add(link + ": ends at " + next + " and starts at " + from);
                }
                problems.addAll(dataProblems(chain, link, commit));
            }
        }
        return problems;
    }

    private List<String> dataProblems(Path chain, Path link, JsonNode commit) {
        long rows = commit.path("rows").asLong(-1);
        if (!commit.hasNonNull("data")) {
            return rows == 0 ? List.of() : List.of(link + ": " + rows + " rows and no data file");
        }
        Path file = dataset.resolve(commit.get("data").asText());
        if (!Files.exists(file)) {
            return List.of(link + ": its data file is missing: " + file);
        }
        List<String> problems = new ArrayList<>();
        String sha256 = commit.path("sha256").asText();
        if (!sha256(file).equals(sha256)) {
            problems.add(file + ": its SHA-256 is not that of its commit");
            return problems;
        }
        String name = chain.getFileName() + "/" + commit.path("from").asLong() + "-"
                + commit.path("to").asLong() + "-" + sha256.substring(0, 16) + ".parquet";
        if (!file.endsWith(name)) {
            problems.add(file + ": its name is not " + name);
        }
        if (Parquet.footerRows(file) != rows) {
            problems.add(file + ": " + Parquet.footerRows(file) + " rows in the footer, " + rows + " in the commit");
        }
        return problems;
    }

    /** The entries of a folder, ordered by name; empty if the folder does not exist. */
    static List<Path> entries(Path folder) {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot list " + folder, e);
        }
    }

    private static JsonNode parsed(Path file) {
        try {
            return JSON.readTree(file.toFile());
        } catch (IOException e) {
            throw new UncheckedIOException(file + " is not JSON", e);
        }
    }

    private static String sha256(Path file) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has SHA-256", e);
        }
    }
}
