package dev.precept.dataset.release;

import static org.assertj.core.api.Assertions.assertThat;

import dev.precept.dataset.DuckDb;
import dev.precept.dataset.LargeDatasetProcess;
import dev.precept.testkit.Jvm;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("large")
final class ReleaseMemoryTest {
    private static final int ROWS = 1_000_000;

    @TempDir
    private Path folder;

    @Test
    void aReleaseOfEveryViewFitsTheHeap() {
        run("512m", "fill", folder.toString(), String.valueOf(ROWS));
        List<String> release = new ArrayList<>(List.of("release", folder.toString()));
        release.addAll(LargeDatasetProcess.allViews());
        String said = run("2g", release.toArray(String[]::new));
        System.out.println(said);
        assertThat(said).contains("Released rows=" + ROWS);
        assertThat(folder.resolve("drafts")).isEmptyDirectory();
        for (String view : List.of("sft", "sft-think", "raw")) {
            String files = folder.resolve("dataset/releases/v1/" + view + "/*/*.parquet")
                    .toString();
            assertThat(DuckDb.one("SELECT count(DISTINCT sample_id), count(*) FROM '" + files + "'"))
                    .containsExactly(String.valueOf(ROWS), String.valueOf(ROWS));
        }
        String shards =
                folder.resolve("dataset/releases/v1/sft/train/*.parquet").toString();
        assertThat(DuckDb.one("SELECT count(*), max(n) - min(n) <= 1 FROM (SELECT count(*) AS n FROM read_parquet('"
                        + shards + "', filename = true) GROUP BY filename)"))
                .containsExactly("16", "true");
    }

    private String run(String heap, String... arguments) {
        Path output = folder.resolve(arguments[0] + ".txt");
        try (Jvm child = Jvm.start(new Jvm.Launch(LargeDatasetProcess.class, arguments).withHeap(heap), output)) {
            int code = child.awaitExit(Duration.ofMinutes(30));
            assertThat(code).as(child.output()).isZero();
            return child.output();
        }
    }
}
