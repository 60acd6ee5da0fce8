package dev.precept.deploy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A program that ends by itself. */
final class ExternalCommand {
    private static final int PATIENCE_SECONDS = 120;

    private ExternalCommand() {}

    /** Whether a program of that name can be started here. */
    static boolean exists(String name) {
        return List.of(System.getenv().getOrDefault("PATH", "").split(":")).stream()
                .anyMatch(folder -> !folder.isBlank() && Files.isExecutable(Path.of(folder, name)));
    }

    /**
     * What the program prints.
     *
     * @throws IllegalStateException if it does not end well, with what it complains of
     */
    static String output(List<String> command) {
        try {
            Path said = Files.createTempFile("said", ".txt");
            Path complained = Files.createTempFile("complained", ".txt");
            try {
                Process process = new ProcessBuilder(command)
                        .redirectOutput(said.toFile())
                        .redirectError(complained.toFile())
                        .start();
                if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                    process.destroyForcibly();
                    throw new IllegalStateException(command.get(0) + " did not end in " + PATIENCE_SECONDS + " s");
                }
                if (process.exitValue() != 0) {
                    throw new IllegalStateException(String.join(" ", command.subList(0, 2)) + " ended with "
                            + process.exitValue() + ": " + Files.readString(complained));
                }
                return Files.readString(said);
            } finally {
                Files.delete(said);
                Files.delete(complained);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for " + command.get(0), e);
        }
    }
}
