package dev.precept.benchmarks.rows;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Stream;

/** How far the commits of a dataset folder have come, read from outside. */
public final class CommittedSamples {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path log;
    private final Set<Path> seen = new HashSet<>();
    private long rows;
    private long bytes;

    public CommittedSamples(Path dataset) {
        this.log = dataset.resolve("log");
    }

    /** Rows in commits up to now. */
    public long rows() throws IOException {
        if (Files.isDirectory(log)) {
            try (Stream<Path> files = Files.walk(log)) {
                for (Path file :
                        files.filter(file -> file.toString().endsWith(".json")).toList()) {
                    if (seen.add(file)) {
                        JsonNode commit = JSON.readTree(file.toFile());
                        rows += commit.path("rows").longValue();
                        bytes += commit.path("bytes").longValue();
                    }
                }
            }
        }
        return rows;
    }

    /** Of the files that the commits name. */
    public long bytes() {
        return bytes;
    }

    public long commits() {
        return seen.size();
    }
}
