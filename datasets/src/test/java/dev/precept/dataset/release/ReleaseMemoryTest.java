package dev.precept.dataset.release;

import static org.assertj.core.api.Assertions.assertThat;

import dev.precept.content.Sha256;
import dev.precept.dataset.DuckDb;
import dev.precept.dataset.LargeDatasetProcess;
import dev.precept.dataset.view.View;
import dev.precept.testkit.Jvm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Small rows with all views, pairs, exact duplicates and a validation split. */
@Tag("large")
final class ReleaseMemoryTest {
    private static final int FEW = Integer.getInteger("precept.large.few", 1_000_000);
    private static final int MANY = Integer.getInteger("precept.large.many", 5_000_000);
    private static final int SHARED = Integer.getInteger("precept.large.shared", 2_000_000);
    private static final long UNLIMITED = 1L << 30; // MiB

    @TempDir
    private Path folder;

    @Test
    void theHeapOfReleaseAndVerifyDoesNotGrowWithTheRows() {
        long few = released(FEW);
        long many = released(MANY);
        assertThat(many).as("live heap in MiB, of %d and %d rows", FEW, MANY).isLessThan(few + few / 2 + 100);
    }

    /** Returns the live heap in MiB. */
    private long released(int rows) {
        Path data = folder.resolve(rows + "-rows");
        int kept = rows - rows / 100;
        run("512m", "fill", data.toString(), String.valueOf(rows));
        String release = run("2g", "release", data.toString(), "v1", String.valueOf(UNLIMITED), "1", "0");
        System.out.println(rows + " rows: " + release);
        assertThat(release).contains("Released rows=" + kept);
        assertThat(number(release, "peak-disk")).isLessThanOrEqualTo(number(release, "announced"));
        assertThat(data.resolve("drafts")).isEmptyDirectory();
        for (String view : List.of("sft", "sft-think", "raw")) {
            String files =
                    data.resolve("dataset/releases/v1/" + view + "/*/*.parquet").toString();
            assertThat(DuckDb.one("SELECT count(DISTINCT sample_id), count(*) FROM '" + files + "'"))
                    .containsExactly(String.valueOf(kept), String.valueOf(kept));
        }
        String shards = data.resolve("dataset/releases/v1/sft/train/*.parquet").toString();
        assertThat(DuckDb.one("SELECT count(*), max(n) - min(n) <= 1 FROM (SELECT count(*) AS n FROM read_parquet('"
                        + shards + "', filename = true) GROUP BY filename)"))
                .containsExactly("16", "true");
        String verify = run("2g", "verify", data.toString());
        System.out.println(rows + " rows: " + verify);
        assertThat(verify).contains("problems=0");
        assertThat(number(verify, "live-after-gc")).isLessThan(500);
        return number(release, "live-after-gc");
    }

    @Test
    void fourProcessesMakeTheFilesOfOne() throws IOException {
        Path data = folder.resolve("shared");
        run("512m", "fill", data.toString(), String.valueOf(SHARED));
        System.out.println(
                "alone: " + run("2g", "release", data.toString(), "alone", String.valueOf(UNLIMITED), "1", "0"));
        List<Jvm> children = new ArrayList<>();
        try {
            for (int range = 0; range < 4; range++) {
                Jvm.Launch launch = new Jvm.Launch(
                                LargeDatasetProcess.class,
                                "release",
                                data.toString(),
                                "shared",
                                "4096",
                                "4",
                                String.valueOf(range))
                        .withHeap("1g");
                children.add(Jvm.start(launch, folder.resolve("range-" + range + ".txt")));
            }
            for (Jvm child : children) {
                assertThat(child.awaitExit(Duration.ofMinutes(60)))
                        .as(child.output())
                        .isZero();
                System.out.println("one of four: " + child.output());
            }
        } finally {
            children.forEach(Jvm::close);
        }
        Map<String, String> alone = hashes(data.resolve("dataset/releases/alone"));
        assertThat(alone).hasSize(View.values().length * 2 * 16 + 1);
        assertThat(hashes(data.resolve("dataset/releases/shared"))).isEqualTo(alone);
    }

    private static Map<String, String> hashes(Path version) throws IOException {
        Map<String, String> hashes = new TreeMap<>();
        try (Stream<Path> files = Files.walk(version)) {
            for (Path file :
                    files.filter(each -> each.toString().endsWith(".parquet")).toList()) {
                hashes.put(version.relativize(file).toString(), Sha256.hex(file));
            }
        }
        return hashes;
    }

    private static long number(String said, String name) {
        Matcher number = Pattern.compile(Pattern.quote(name) + "=(\\d+)").matcher(said);
        assertThat(number.find()).as(name + " in " + said).isTrue();
        return Long.parseLong(number.group(1));
    }

    private String run(String heap, String... arguments) {
        Path output = folder.resolve(String.join("-", arguments).replaceAll("[^a-z0-9-]", "") + ".txt");
        try (Jvm child = Jvm.start(new Jvm.Launch(LargeDatasetProcess.class, arguments).withHeap(heap), output)) {
            int code = child.awaitExit(Duration.ofMinutes(60));
            assertThat(code).as(child.output()).isZero();
            return child.output();
        }
    }
}
