package dev.precept.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The launcher builds once, says where its log is, and passes the name it was called by. Maven and Java are scripts. */
@Timeout(120)
class LauncherTest {
    private static final Path ROOT = Path.of(System.getProperty("precept.root"));

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    @BeforeEach
    void makeInstallation() throws IOException {
        Files.createDirectories(folder.resolve("home/cli"));
        Files.copy(ROOT.resolve("precept"), folder.resolve("home/precept"));
        script("jdk/bin/javac", "");
        script("jdk/bin/java", "echo \"java $*\"");
        Files.writeString(
                folder.resolve("jdk/release"), "JAVA_VERSION=\"25.0.1\"\nJAVA_RUNTIME_VERSION=\"25.0.1+9\"\n");
    }

    @Test
    void aBuildIsAnnouncedOnceAndTheNameIsPassed() throws IOException, InterruptedException {
        script("bin/mvn", "mkdir -p cli/target/app; echo \"$@\" > cli/target/arguments");
        String first = run("home/precept", 0, "status");
        assertThat(first).contains("building precept, once: about a minute", "; log: ", "built in ", "Precept status");
        assertThat(Files.readString(folder.resolve("home/cli/target/arguments")))
                .contains("-Dprecept.commit=");
        String second = run("home/precept", 0, "show", "a b");
        assertThat(second).doesNotContain("building").contains("-Dprecept.command=home/precept ", "show a b");
        Files.createSymbolicLink(folder.resolve("bin/precept"), folder.resolve("home/precept"));
        assertThat(run("precept", 0)).as("found through the PATH").contains("-Dprecept.command=precept ");
    }

    @Test
    void theClassesOfACommandAreStoredOnceAndUsed() throws IOException, InterruptedException {
        script("bin/mvn", "mkdir -p cli/target/app");
        script(
                "jdk/bin/java",
                "for a in \"$@\"; do case $a in -XX:AOTCacheOutput=*) touch \"${a#*=}\"; exit;; esac; done; echo \"java $*\"");
        assertThat(run("home/precept", 0, "status"))
                .contains("-XX:AOTCache=", "precept-25.0.1_9.aot ", "Precept status");
        assertThat(run("home/precept", 0, "status")).as("again").contains("precept-25.0.1_9.aot ");
        script("jdk/bin/java", "echo \"java $*\"; exit 1");
        Files.delete(folder.resolve("home/cli/target/app/.built"));
        assertThat(run("home/precept", 1, "status"))
                .as("where the JVM cannot store them, the command starts without")
                .doesNotContain("AOTCache")
                .contains("Precept status");
    }

    @Test
    void aFailedBuildShowsItsErrorsAndKeepsItsLog() throws IOException, InterruptedException {
        script("bin/mvn", "echo '[INFO] much'; echo '[ERROR] no network'; exit 1");
        String output = run("home/precept", 2);
        assertThat(output)
                .contains("[ERROR] no network", "the build failed after")
                .doesNotContain("[INFO]", "java ");
        String log = output.substring(output.lastIndexOf(' ') + 1).strip();
        assertThat(Files.readString(Path.of(log))).contains("[INFO] much");
    }

    /** As in a service of systemd or a job of cron. */
    @Test
    void itRunsWithoutAHomeFolder() throws IOException, InterruptedException {
        script("bin/mvn", "mkdir -p cli/target/app");
        assertThat(run("env -u HOME home/precept", 0, "status")).contains("Precept status");
    }

    private String run(String command, int code, String... arguments) throws IOException, InterruptedException {
        StringBuilder line = new StringBuilder(command);
        for (String argument : arguments) {
            line.append(" '").append(argument).append('\'');
        }
        ProcessBuilder builder = new ProcessBuilder("bash", "-c", line.toString())
                .directory(folder.toFile())
                .redirectErrorStream(true);
        builder.environment().put("PRECEPT_JAVA_HOME", folder.resolve("jdk").toString());
        builder.environment().put("TMPDIR", folder.toString());
        builder.environment().merge("PATH", folder.resolve("bin").toString(), (path, first) -> first + ":" + path);
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(output).isEqualTo(code);
        return output;
    }

    private void script(String path, String body) throws IOException {
        Path file = folder.resolve(path);
        Files.createDirectories(file.resolveSibling("."));
        Files.writeString(file, "#!/bin/sh\n" + body + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
}
