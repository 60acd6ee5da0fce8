package dev.precept.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** A small tmpfs. Mounting requires root; otherwise the test is skipped. */
public final class SmallDisk implements AutoCloseable {
    private final Path root;
    private final Path ballast;

    private SmallDisk(Path root) {
        this.root = root;
        this.ballast = root.resolve("ballast");
    }

    /** @param size the mount option, such as {@code 1m} */
    public static SmallDisk mount(Path folder, String size) throws IOException {
        Optional<SmallDisk> mounted = tryMount(folder, size);
        assumeThat(mounted).as("a tmpfs can be mounted, which requires root").isPresent();
        return mounted.orElseThrow();
    }

    /** As {@link #mount}; empty where mounting is not allowed. */
    public static Optional<SmallDisk> tryMount(Path folder, String size) throws IOException {
        Path root = Files.createDirectories(folder);
        return run("mount", "-t", "tmpfs", "-o", "size=" + size, "tmpfs", root.toString()) == 0
                ? Optional.of(new SmallDisk(root))
                : Optional.empty();
    }

    public Path root() {
        return root;
    }

    /** Fills the file system. */
    public void fill() {
        try (OutputStream out = Files.newOutputStream(ballast)) {
            byte[] page = new byte[4096];
            while (true) {
                out.write(page);
            }
        } catch (IOException e) {
            assertThat(e).hasMessageContaining("No space left");
        }
    }

    /** Frees the space again. */
    public void clear() throws IOException {
        Files.deleteIfExists(ballast);
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
            return -1; // the program is not installed
        }
    }
}
