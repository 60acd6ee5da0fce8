package dev.precept.console;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.precept.console.export.ExportedPage;
import dev.precept.console.live.RunSite;
import dev.precept.console.rows.ExportedRows;
import dev.precept.dataset.CommittedDataset;
import dev.precept.dataset.ReleasedVersion;
import dev.precept.dataset.release.Release;
import dev.precept.dataset.release.ReleaseSettings;
import dev.precept.dataset.view.View;
import dev.precept.kafka.EmbeddedBroker;
import dev.precept.runs.FinalProgressFile;
import dev.precept.runtime.WorkFolder;
import dev.precept.runtime.metrics.MetricsServer;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every page in Chromium, at two widths and in two schemes: nothing of a hostile row runs, nothing is wider than the screen,
 * and the policy is not violated. Needs node, npm with its registry, and Chromium ({@code PRECEPT_CHROMIUM} or where Debian
 * puts it). Screenshots are in {@code target/browser}.
 */
@Tag("browser")
class PageBrowserTest {
    private static final Path TARGET = Path.of("target", "browser").toAbsolutePath();
    private static final long MINUTES = 5;
    private static final String ENDED =
            "{\"run_id\": \"ended\", \"slots\": 20, \"prompts_read\": 20, \"input_complete\": true, \"accepted\": 16,"
                    + " \"rejected\": {\"LOW_SCORE\": 4}, \"invalid\": 0, \"complete\": true, \"calls\": {\"judge\": 5},"
                    + " \"tokens\": {\"judge\": {\"prompt\": 900, \"cached\": 0, \"completion\": 80}}, \"usd\": {\"judge\": 0},"
                    + " \"usd_per_accepted\": 0, \"usd_projected\": 0}";

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;

    @Test
    void everyPageIsShownAndNothingOfARowRuns() throws Exception {
        Path screens = Files.createDirectories(TARGET.resolve("screens"));
        for (String file : List.of("package.json", "pages.mjs")) {
            try (InputStream in = PageBrowserTest.class.getResourceAsStream("browser/" + file)) {
                Files.write(TARGET.resolve(file), Objects.requireNonNull(in).readAllBytes());
            }
        }
        run("npm", "install", "--no-audit", "--no-fund", "--loglevel=error");
        CommittedDataset dataset = ConsoleFixture.dataset(folder);
        dataset.complete();
        Release.make(dataset.dataset(), new ReleaseSettings("v1", List.of(View.RAW), 1), folder.resolve("release"));
        try (EmbeddedBroker broker = EmbeddedBroker.start(folder.resolve("broker"), 0);
                MetricsServer metrics = MetricsServer.open("127.0.0.1", 0, Optional::empty);
                RunSite running = new RunSite(folder, broker, metrics, "running", false, true);
                WorkFolder.Lock _ = running.work().lock();
                RunSite ended = new RunSite(folder, broker, metrics, "ended", false, false);
                ConsoleFixture console = new ConsoleFixture(dataset, List.of(ScriptedAttempt.page()));
                ConsoleFixture version = new ConsoleFixture(dataset, Optional.of("v1"), true, Optional.empty())) {
            ended.work().write(FinalProgressFile.NAME, ENDED);
            console.rows("");
            version.rows("");
            JsonNode seen = visit(Map.of(
                    "folder", screens.toString(),
                    "chromium", chromium().toString(),
                    "console", console.url(),
                    "version", version.url(),
                    "running", running.url(),
                    "ended", ended.url(),
                    "exported", exported(dataset).toUri().toString(),
                    "hostile", ConsoleFixture.sample(3).getSampleId(),
                    "judged", ConsoleFixture.sample(4).getSampleId(),
                    "long", ConsoleFixture.sample(6).getSampleId()));
            assertThat(seen.path("problems")).isEmpty();
            assertThat(seen.path("screens")).hasSize(64);
            assertThat(seen.path("stored").asText()).matches("Stored as calibration/0*1.json");
            assertThat(seen.path("exported"))
                    .as("the list, its choices and its finds")
                    .isEqualTo(seen.path("live"));
        }
    }

    private Path exported(CommittedDataset dataset) throws IOException, InterruptedException {
        ExportedRows.Exported rows =
                new ExportedRows(dataset.dataset(), ReleasedVersion.resolve(dataset.dataset(), "v1")).read(100);
        return Files.writeString(folder.resolve("v1.html"), ExportedPage.of("v1", rows.rows()));
    }

    private static JsonNode visit(Map<String, String> what) throws IOException, InterruptedException {
        ObjectMapper json = new ObjectMapper();
        return json.readTree(
                run("node", "pages.mjs", json.writeValueAsString(what)).strip());
    }

    private static Path chromium() {
        String named = System.getenv("PRECEPT_CHROMIUM");
        return named == null
                ? Stream.of("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome")
                        .map(Path::of)
                        .filter(Files::isExecutable)
                        .findFirst()
                        .orElseThrow(() -> new IllegalStateException(
                                "no Chromium: install it (apt-get install chromium), or set PRECEPT_CHROMIUM"))
                : Path.of(named);
    }

    private static String run(String... command) throws IOException, InterruptedException {
        Path printed = Files.createTempFile(TARGET, "printed", ".txt");
        Process process = new ProcessBuilder(command)
                .directory(TARGET.toFile())
                .redirectErrorStream(true)
                .redirectOutput(printed.toFile())
                .start();
        boolean ended = process.waitFor(MINUTES, TimeUnit.MINUTES);
        process.destroyForcibly();
        String text = Files.readString(printed);
        assertThat(ended && process.exitValue() == 0)
                .as("%s: %s", List.of(command), text)
                .isTrue();
        return text;
    }
}
