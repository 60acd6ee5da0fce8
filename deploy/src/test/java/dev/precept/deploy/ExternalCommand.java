package dev.precept.deploy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs a program and waits for its exit. */
final class ExternalCommand {
    private static final int TIMEOUT_SECONDS = 120;

    private ExternalCommand() {}

    /** Whether a program of this name is on the PATH. */
    static boolean exists(String name) {
        return List.of(System.getenv().getOrDefault("PATH", "").split(":")).stream()
                .anyMatch(folder -> !folder.isBlank() && Files.isExecutable(Path.of(folder, name)));
    }

    /**
     * Returns the standard output of a program.
     *
     * @throws IllegalStateException with its standard error, if it fails or exceeds the timeout
     */
    static String output(List<String> command) {
        try {
            Path stdout = Files.createTempFile("stdout", ".txt");
            Path stderr = Files.createTempFile("stderr", ".txt");
            try {
                Process process = new ProcessBuilder(command)
                        .redirectOutput(stdout.toFile())
                        .redirectError(stderr.toFile())
                        .start();
                if (!process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
                    process.destroyForcibly();
                    throw new IllegalStateException(command.get(0) + " did not exit within " + TIMEOUT_SECONDS + " s");
                }
                if (process.exitValue() != 0) {
                    throw new IllegalStateException(String.join(" ", command.subList(0, 2)) + " exited with "
                            + process.exitValue() + ": " + Files.readString(stderr));
                }
                return Files.readString(stdout);
            } finally {
                Files.delete(stdout);
                Files.delete(stderr);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for " + command.get(0), e);
        }
    }
}
