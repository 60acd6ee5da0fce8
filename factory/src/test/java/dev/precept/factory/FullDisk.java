package dev.precept.factory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** A volume of its own with no room left, as only root can make one; without that a test is skipped. */
final class FullDisk implements AutoCloseable {
    private final Path root;

    private FullDisk(Path root) {
        this.root = root;
    }

    static FullDisk mount(Path folder, String size) throws IOException {
        Path root = Files.createDirectories(folder);
        assumeThat(run("mount", "-t", "tmpfs", "-o", "size=" + size, "tmpfs", root.toString()))
                .as("a small file system can be mounted here, which takes root")
                .isZero();
        return new FullDisk(root);
    }

    void fill() {
        try (OutputStream out = Files.newOutputStream(root.resolve("ballast"))) {
            byte[] page = new byte[4096];
            while (true) {
                out.write(page);
            }
        } catch (IOException e) {
            assertThat(e).hasMessageContaining("No space left");
        }
    }

    void clear() throws IOException {
        Files.delete(root.resolve("ballast"));
    }

    @Override
    public void close() {
        assertThat(run("umount", root.toString())).isZero();
    }

    private static int run(String... command) {
        try {
            return new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .onExit()
                    .join()
                    .exitValue();
        } catch (IOException e) {
            return -1; // there is no such program here
        }
    }
}
