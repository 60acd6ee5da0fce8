package dev.precept.cli.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process that the launcher starts ends with "work left" and one line when it is out of memory. */
class OutOfMemoryTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    /** Allocates on a thread whose failure ends nothing else. */
    static final class Allocating {
        private Allocating() {}

        public static void main(String[] arguments) throws InterruptedException {
            OutOfMemory.endsWithWorkLeft();
            List<byte[]> kept = new ArrayList<>();
            Thread thread = Thread.ofPlatform().start(() -> {
                for (int size = 1 << 20; size > 0; size /= 2) { // to the last byte, with the failure caught
                    try {
                        while (kept.size() < 1 << 20) {
                            kept.add(new byte[size]);
                        }
                    } catch (OutOfMemoryError e) {
                        // on with smaller ones
                    }
                }
            });
            thread.join();
            Thread.sleep(60_000);
            System.exit(0);
        }
    }

    @Test
    void workIsLeft() throws IOException, InterruptedException {
        assertThat(exitCode("sleep 5", "-D")).as(output()).isEqualTo(1);
        assertThat(output()).contains("java.lang.OutOfMemoryError", "\nout of memory; completed work is safe: run the");
    }

    @Test
    void aProcessThatDoesNotAnswerIsAborted() throws IOException, InterruptedException {
        assertThat(exitCode("sleep 0", "-Dnot.")).as(output()).isEqualTo(134);
    }

    /** Starts the part of the launcher that starts Java, with a small heap and other classes. */
    private int exitCode(String wait, String property) throws IOException, InterruptedException {
        String launcher = Files.readString(Path.of(System.getProperty("precept.root"), "precept"));
        String start = launcher.substring(launcher.indexOf("ulimit -c 0"))
                .replace("sleep 5", wait)
                .replace("-Dprecept.out_of_memory=", property + "precept.out_of_memory=")
                .replace("-cp \"$app/*\" dev.precept.cli.command.Precept \"$@\"", "-cp \"$CP\" \"$MAIN\"");
        assertThat(start).contains("MAIN", wait, property);
        ProcessBuilder builder = new ProcessBuilder("bash", "-c", start)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("output").toFile());
        builder.environment()
                .putAll(Map.of(
                        "jdk",
                        System.getProperty("java.home"),
                        "compiler",
                        "-XX:TieredStopAtLevel=1",
                        "PRECEPT_JAVA_OPTS",
                        "-Xmx16m",
                        "TMPDIR",
                        folder.toString(),
                        "home",
                        "",
                        "command",
                        "precept",
                        "CP",
                        System.getProperty("java.class.path"),
                        "MAIN",
                        Allocating.class.getName()));
        Process process = builder.start();
        try {
            assertThat(process.waitFor(50, TimeUnit.SECONDS)).isTrue();
            return process.exitValue();
        } finally {
            process.destroyForcibly();
        }
    }

    private String output() throws IOException {
        return Files.readString(folder.resolve("output"));
    }
}
