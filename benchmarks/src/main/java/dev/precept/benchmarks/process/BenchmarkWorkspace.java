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

/** A temporary folder, and the children that work there. Closing ends them all and deletes it. Thread-safe. */
public final class BenchmarkWorkspace implements AutoCloseable {
    private final Path folder;
    private final Queue<ChildJvm> children = new ConcurrentLinkedQueue<>();

    private BenchmarkWorkspace(Path folder) {
        this.folder = folder;
    }

    /** A new bench, which is cleared however this process ends, a kill -9 apart. */
    public static BenchmarkWorkspace open() throws IOException {
        BenchmarkWorkspace benchmarkWorkspace = new BenchmarkWorkspace(Files.createTempDirectory("precept-benchmark"));
        Runtime.getRuntime().addShutdownHook(new Thread(benchmarkWorkspace::close, "clear the bench"));
        return benchmarkWorkspace;
    }

    public Path folder() {
        return folder;
    }

    /**
     * Starts a child.
     *
     * @param heap as {@code -Xmx} takes it
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
            return; // the other one of two closings was faster
        } catch (IOException e) {
            throw new UncheckedIOException("cannot delete " + folder, e);
        }
    }
}
