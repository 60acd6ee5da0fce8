package dev.precept.streams;

import dev.precept.config.Recipe;
import dev.precept.config.Section;

/**
 * Section {@code streams} of a recipe.
 *
 * @param threads stream threads per process; the topology has one task per partition
 * @param standbys copies of the stores on other processes, which can take over without a restore
 * @param rocksdbMb MiB of memory that all stores of one process share, outside the heap
 */
public record StreamsSettings(int threads, int standbys, int rocksdbMb) {
    static final int ROCKSDB_MB = 512;
    private static final int THREADS = 2;

    /** Reads the section; adds its problems to those of the recipe. */
    public static StreamsSettings read(Recipe recipe) {
        Section section = recipe.section("streams");
        return new StreamsSettings(
                section.integer(
                        "threads",
                        THREADS,
                        1,
                        256,
                        "stream threads per process; threads beyond the partition count stay idle"),
                section.integer("standbys", 0, 0, 2, "standby copies of the ledger on other processes of the topology"),
                section.integer(
                        "rocksdb_mb",
                        ROCKSDB_MB,
                        64,
                        1 << 20,
                        "MiB of memory that all stores of one process share, outside its heap"));
    }
}
