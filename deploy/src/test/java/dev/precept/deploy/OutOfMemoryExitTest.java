package dev.precept.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A container without memory exits with none of the codes that a command means something by; it has no shell to ask for one. */
class OutOfMemoryExitTest {
    private static final Pattern FLAG = Pattern.compile("-XX:[^\\s\",]*(?:OutOfMemory|Coredump)[^\\s\",]*");

    @TempDir
    private Path folder;

    /** Allocates until there is no memory. */
    static final class Allocating {
        private Allocating() {}

        public static void main(String[] arguments) {
            List<byte[]> kept = new ArrayList<>();
            while (kept.size() < 1024) {
                kept.add(new byte[1 << 20]);
            }
            System.exit(0);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"deploy/docker/Dockerfile", "deploy/docker/try.sh"})
    void outOfMemoryIsNoExitCodeOfACommand(String launcher) throws Exception {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        List<String> flags = flags(Overlay.root().resolve(launcher));
        assertThat(flags).as(launcher).isNotEmpty();
        command.addAll(flags);
        command.addAll(List.of("-XX:ErrorFile=" + folder.resolve("crash.log"), "-Xmx16m", "-XX:TieredStopAtLevel=1"));
        command.addAll(List.of("-cp", classes().toString(), Allocating.class.getName()));
        Process process = new ProcessBuilder(withoutCoreDump(command))
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("output").toFile())
                .start();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue())
                .as(Files.readString(folder.resolve("output")))
                .isNotIn(0, 1, 2, 3);
        assertThat(folder.resolve("output")).content().contains("java.lang.OutOfMemoryError");
    }

    private static List<String> flags(Path launcher) throws IOException {
        Matcher matcher = FLAG.matcher(Files.readString(launcher)
                .lines()
                .filter(line -> !line.startsWith("#"))
                .reduce("", (all, line) -> all + line + "\n"));
        return matcher.results().map(found -> found.group()).toList();
    }

    private static List<String> withoutCoreDump(List<String> command) {
        List<String> limited = new ArrayList<>(List.of("sh", "-c", "ulimit -c 0; exec \"$@\"", "sh"));
        limited.addAll(command);
        return limited;
    }

    private static Path classes() throws Exception {
        return Path.of(Allocating.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
    }
}
