package dev.precept.dataset.concurrent;

import dev.precept.testkit.S3Proxy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Comparator;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * Executes the scenarios of consecutive seeds: those on datasets in folders one after the other, and beside them those on
 * datasets in a bucket.
 */
final class ScenarioRunner {
    private static final int PROCESSES = 3;

    /** Each loads the client of the bucket, which is slow. */
    private static final int BUCKET_PROCESSES = 2;

    private static final String BUCKET = "concurrent";

    private final long first;
    private final int seeds;
    private final Shares shares;
    private final Path folder;

    /**
     * @param first seed
     * @param seeds number of seeds
     */
    ScenarioRunner(long first, int seeds, Shares shares, Path folder) {
        this.first = first;
        this.seeds = seeds;
        this.shares = shares;
        this.folder = folder;
    }

    /**
     * How many commands a seed starts, and what every n-th seed does; the others kill no process but cut commands off from their store, in a folder.
     *
     * @param commands of a seed
     * @param halts every n-th seed ends a process
     * @param buckets every n-th seed has its dataset in a bucket
     */
    record Shares(int commands, int halts, int buckets) {}

    /** @throws AssertionError with the seed and what was done, for the first promise that does not hold */
    void execute() {
        try (ExecutorService executor = Executors.newFixedThreadPool(2)) {
            Future<Void> inFolders = executor.submit(lane(this::executeInFolders));
            Future<Void> inBucket = executor.submit(lane(this::executeInBucket));
            inFolders.get();
            inBucket.get();
        } catch (ExecutionException e) {
            throw new AssertionError(e.getMessage(), e.getCause());
        } catch (InterruptedException e) {
            throw new AssertionError("interrupted", e);
        }
    }

    private interface Lane {
        void execute() throws IOException, SQLException;
    }

    private static Callable<Void> lane(Lane lane) {
        return () -> {
            lane.execute();
            return null;
        };
    }

    private LongStream seeds(boolean inBucket) {
        return LongStream.range(first, first + seeds)
                .filter(seed -> (Math.floorMod(seed, shares.buckets) == 0) == inBucket);
    }

    private void executeInFolders() throws IOException, SQLException {
        try (CommandPool processes = new CommandPool(PROCESSES, folder.resolve("log.txt"), Map.of())) {
            for (long seed : seeds(false).toArray()) {
                Path work = Files.createDirectories(folder.resolve("seed-" + seed));
                Path dataset = work.resolve("dataset");
                execute(seed, processes, dataset.toString(), dataset, work);
            }
        }
    }

    private void executeInBucket() throws IOException, SQLException {
        Path log = folder.resolve("log-bucket.txt");
        try (S3Proxy server = S3Proxy.start(Files.createDirectories(folder.resolve("server")), BUCKET);
                CommandPool processes = new CommandPool(BUCKET_PROCESSES, log, server.environment())) {
            for (long seed : seeds(true).toArray()) {
                Path work = Files.createDirectories(folder.resolve("seed-" + seed));
                Path stored = server.folder(BUCKET, "seed" + seed);
                execute(seed, processes, "s3://" + BUCKET + "/seed" + seed, stored, work);
                delete(stored);
            }
        }
    }

    private void execute(long seed, CommandPool processes, String store, Path stored, Path work)
            throws IOException, SQLException {
        int halts = Math.floorMod(seed, shares.halts) == 1 ? 1 : 0;
        try (Scenario scenario = new Scenario(seed, shares.commands(), halts, processes, store, stored, work)) {
            try {
                scenario.execute();
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError(
                        "seed " + seed + " on " + store + ": " + e.getMessage() + "\n"
                                + String.join("\n", scenario.history()),
                        e);
            }
        }
        delete(work);
    }

    private static void delete(Path folder) {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot delete " + folder, e);
        }
    }
}
