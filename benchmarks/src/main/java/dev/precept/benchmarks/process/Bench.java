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
public final class Bench implements AutoCloseable {
    private final Path folder;
    private final Queue<Child> children = new ConcurrentLinkedQueue<>();

    private Bench(Path folder) {
        this.folder = folder;
    }

    /** A new bench, which is cleared however this process ends, a kill -9 apart. */
    public static Bench open() throws IOException {
        Bench bench = new Bench(Files.createTempDirectory("precept-benchmark"));
        Runtime.getRuntime().addShutdownHook(new Thread(bench::close, "clear the bench"));
        return bench;
    }

    public Path folder() {
        return folder;
    }

    /**
     * Starts a child.
     *
     * @param heap as {@code -Xmx} takes it
     */
    public Child start(Class<?> main, String heap, Object... arguments) {
        Child child = Child.start(main, heap, folder, arguments);
        children.add(child);
        return child;
    }

    @Override
    public void close() {
        children.forEach(Child::close);
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
