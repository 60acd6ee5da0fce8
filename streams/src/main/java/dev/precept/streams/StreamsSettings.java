package dev.precept.streams;

import dev.precept.config.Recipe;
import dev.precept.config.Section;

/**
 * Section {@code streams} of a recipe.
 *
 * @param threads stream threads of one process; together at most one a partition has work
 * @param standbys copies of the state that other processes keep, to take over without reading it anew
 * @param rocksdbMb MiB that all stores of one process take together, beside the heap
 */
public record StreamsSettings(int threads, int standbys, int rocksdbMb) {
    static final int ROCKSDB_MB = 512;
    private static final int THREADS = 2;

    /** Reads the section; notes its problems in the recipe. */
    public static StreamsSettings read(Recipe recipe) {
        Section section = recipe.section("streams");
        return new StreamsSettings(
                section.integer(
                        "threads", THREADS, 1, 256, "of the topology in one process; more than partitions idle"),
                section.integer(
                        "standbys", 0, 0, 2, "copies of the ledger that other processes of the topology keep ready"),
                section.integer(
                        "rocksdb_mb",
                        ROCKSDB_MB,
                        64,
                        1 << 20,
                        "MiB of memory for all stores of one process together, beside its heap"));
    }
}
