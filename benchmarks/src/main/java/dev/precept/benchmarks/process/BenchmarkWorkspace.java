package dev.precept.benchmarks.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;

/** A temporary folder and its child processes. Closing ends the processes and deletes the folder. Thread-safe. */
public final class BenchmarkWorkspace implements AutoCloseable {
    private final Path folder;
    private final Queue<ChildJvm> children = new ConcurrentLinkedQueue<>();

    private BenchmarkWorkspace(Path folder) {
        this.folder = folder;
    }

    /** Creates a workspace, which is also closed when this process exits, except after SIGKILL. */
    public static BenchmarkWorkspace open() throws IOException {
        BenchmarkWorkspace benchmarkWorkspace = new BenchmarkWorkspace(Files.createTempDirectory("precept-benchmark"));
        Runtime.getRuntime().addShutdownHook(new Thread(benchmarkWorkspace::close, "close-workspace"));
        return benchmarkWorkspace;
    }

    public Path folder() {
        return folder;
    }

    /**
     * Starts a child.
     *
     * @param heap in the format of {@code -Xmx}
     */
    public ChildJvm start(Class<?> main, String heap, Object... arguments) {
        ChildJvm childJvm = ChildJvm.start(main, heap, folder, arguments);
        children.add(childJvm);
        return childJvm;
    }

    @Override
    public void close() {
        children.forEach(ChildJvm::close);
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : List.copyOf(all.toList()).reversed()) {
                Files.deleteIfExists(path);
            }
        } catch (NoSuchFileException gone) {
            return; // a concurrent close deleted it
        } catch (IOException e) {
            throw new UncheckedIOException("cannot delete " + folder, e);
        }
    }
}
