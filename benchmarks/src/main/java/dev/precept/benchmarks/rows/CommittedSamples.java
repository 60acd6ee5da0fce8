package dev.precept.benchmarks.rows;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Stream;

/** Counts the committed rows of a dataset folder. */
public final class CommittedSamples {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path log;
    private final Set<Path> commits = new HashSet<>();
    private long rows;
    private long bytes;

    public CommittedSamples(Path dataset) {
        this.log = dataset.resolve("log");
    }

    /** Rows of all commits so far. */
    public long rows() throws IOException {
        if (Files.isDirectory(log)) {
            try (Stream<Path> files = Files.walk(log)) {
                for (Path file :
                        files.filter(file -> file.toString().endsWith(".json")).toList()) {
                    if (commits.add(file)) {
                        JsonNode commit = JSON.readTree(file.toFile());
                        rows += commit.path("rows").longValue();
                        bytes += commit.path("bytes").longValue();
                    }
                }
            }
        }
        return rows;
    }

    /** Size of the data files of the commits that {@link #rows} has read. */
    public long bytes() {
        return bytes;
    }

    public long commits() {
        return commits.size();
    }
}
