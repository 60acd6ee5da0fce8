package dev.precept.prompts;

import static org.assertj.core.api.Assertions.assertThat;

import dev.precept.testkit.Jvm;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A gigabyte of prompts, with some oversize rows, is checked and read in a small heap. */
@Tag("large")
class LargeFileTest {
    private static final long GIGABYTE = 1L << 30;
    private static final int OVERSIZE_EACH = 20_000;

    @TempDir
    Path folder;

    /** Rows of a generated file. */
    private record Counts(long usable, long unusable) {}

    @ParameterizedTest
    @ValueSource(strings = {"large.jsonl", "large.json"})
    void aGigabyteIsReadInASmallHeap(String name) throws IOException {
        SourceFixture.specification(folder);
        Path file = folder.resolve(name);
        Counts counts = generate(file, name.endsWith(".json"));
        long start = System.nanoTime();

        try (Jvm child = Jvm.start(
                new Jvm.Launch(FileReadProcess.class, folder.resolve("spec").toString(), file.toString())
                        .withHeap("128m"),
                folder.resolve("output"))) {
            int code = child.awaitExit(Duration.ofMinutes(5));

            System.out.println(name + ": " + Files.size(file) + " bytes in "
                    + Duration.ofNanos(System.nanoTime() - start).toMillis() + " ms");
            assertThat(child.output())
                    .contains("rows=" + (counts.usable() + counts.unusable()) + " usable=" + counts.usable()
                            + " unusable=" + counts.unusable());
            assertThat(code).isZero();
        } finally {
            Files.delete(file);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"large.csv", "large.parquet"})
    void aGigabyteOfATableIsReadInASmallHeap(String name) throws IOException {
        SourceFixture.specification(folder);
        String rows = "SELECT i AS id, 'fraud' AS categories, "
                + "array_to_string([hash(i * 64 + k) FOR k IN range(50)], ' ') AS prompt FROM range(1000000) t(i)";
        Path file = DuckDb.write(
                folder.resolve(name),
                rows,
                name.endsWith(".csv")
                        ? "FORMAT csv, HEADER"
                        : "FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 20480");
        long start = System.nanoTime();

        try (Jvm child = Jvm.start(
                new Jvm.Launch(FileReadProcess.class, folder.resolve("spec").toString(), file.toString())
                        .withHeap("192m"),
                folder.resolve("output"))) {
            int code = child.awaitExit(Duration.ofMinutes(5));

            System.out.println(name + ": " + Files.size(file) + " bytes in "
                    + Duration.ofNanos(System.nanoTime() - start).toMillis() + " ms");
            assertThat(child.output()).contains("rows=1000000 usable=1000000 unusable=0");
            assertThat(code).isZero();
        } finally {
            Files.delete(file);
        }
    }

    private static Counts generate(Path file, boolean array) throws IOException {
        byte[] filler =
                "How is this noticed early, and by whom? — 早く. ".repeat(20).getBytes(StandardCharsets.UTF_8);
        byte[] shortOversize = "z".repeat((8 << 20) - 100).getBytes(StandardCharsets.UTF_8);
        byte[] longOversize = "z".repeat(40 << 20).getBytes(StandardCharsets.UTF_8);
        long usable = 0;
        long unusable = 0;
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file), 1 << 16)) {
            out.write((array ? "[" : "").getBytes(StandardCharsets.UTF_8));
            for (long row = 0, written = 0; written < GIGABYTE; row++) {
                boolean oversize = row % OVERSIZE_EACH == OVERSIZE_EACH / 2;
                byte[] text =
                        !oversize ? filler : row % (2 * OVERSIZE_EACH) < OVERSIZE_EACH ? shortOversize : longOversize;
                out.write((row == 0 ? "" : array ? ",\n" : "\n").getBytes(StandardCharsets.UTF_8));
                out.write(("{\"id\": " + row + ", \"categories\": [\"fraud\"], \"prompt\": \"")
                        .getBytes(StandardCharsets.UTF_8));
                out.write(text);
                out.write("\"}".getBytes(StandardCharsets.UTF_8));
                written += text.length;
                usable += oversize ? 0 : 1;
                unusable += oversize ? 1 : 0;
            }
            out.write((array ? "]" : "").getBytes(StandardCharsets.UTF_8));
        }
        return new Counts(usable, unusable);
    }
}
