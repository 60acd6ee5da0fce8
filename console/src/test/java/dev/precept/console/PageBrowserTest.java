package dev.precept.console;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
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
        try (ConsoleFixture console = new ConsoleFixture(ConsoleFixture.dataset(folder))) {
            console.rows("");
            String hostile = ConsoleFixture.sample(3).getSampleId();
            String judged = ConsoleFixture.sample(4).getSampleId();
            String printed = run(
                    "node",
                    "pages.mjs",
                    console.url(),
                    screens.toString(),
                    chromium().toString(),
                    hostile,
                    judged);
            JsonNode seen = new ObjectMapper().readTree(printed.strip());
            assertThat(seen.path("problems")).isEmpty();
            assertThat(seen.path("screens")).hasSize(36);
            assertThat(seen.path("stored").asText()).matches("Stored as calibration/0*1.json");
        }
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
