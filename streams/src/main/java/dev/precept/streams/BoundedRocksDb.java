package dev.precept.streams;

import java.util.Map;
import org.apache.kafka.streams.state.RocksDBConfigSetter;
import org.jspecify.annotations.Nullable;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.Cache;
import org.rocksdb.LRUCache;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.WriteBufferManager;

/**
 * Bounds the memory of all stores of a process together: blocks, indexes, filters and write buffers are charged to one
 * cache. By default every store may use a cache of 50 MiB and three write buffers of 16 MiB, and a process has three stores
 * per partition. Write buffers may exceed the bound until they are flushed: writers do not block, since one could wait for
 * the buffers of an idle store. Kafka Streams creates one instance per store; their shared memory is never freed.
 */
public final class BoundedRocksDb implements RocksDBConfigSetter {
    /** Setting: the bound in MiB. The first app of a process sets it. */
    static final String MEGABYTES = "precept.rocksdb.mb";

    private static @Nullable Memory shared;

    record Memory(Cache cache, WriteBufferManager writeBuffers) {
        private static final int SHARD_BITS_BY_SIZE = -1;
        /** Share of the cache reserved for indexes and filters; without them every lookup reads the disk. */
        private static final double INDEX_SHARE = 0.1;

        /** Write buffers may use half of the memory before they are flushed. */
        static Memory allocate(long bytes) {
            RocksDB.loadLibrary();
            Cache cache = new LRUCache(bytes, SHARD_BITS_BY_SIZE, false, INDEX_SHARE);
            return new Memory(cache, new WriteBufferManager(bytes / 2, cache));
        }

        void applyTo(Options options) {
            BlockBasedTableConfig table = (BlockBasedTableConfig) options.tableFormatConfig();
            table.setBlockCache(cache);
            table.setCacheIndexAndFilterBlocks(true);
            table.setCacheIndexAndFilterBlocksWithHighPriority(true);
            table.setPinTopLevelIndexAndFilter(true);
            options.setTableFormatConfig(table);
            options.setWriteBufferManager(writeBuffers);
        }
    }

    private static synchronized Memory shared(long bytes) {
        Memory memory = shared == null ? Memory.allocate(bytes) : shared;
        shared = memory;
        return memory;
    }

    @Override
    public void setConfig(String store, Options options, Map<String, Object> configs) {
        shared(Long.parseLong(String.valueOf(configs.get(MEGABYTES))) << 20).applyTo(options);
    }

    /** Other stores still use the shared memory. */
    @Override
    public void close(String store, Options options) {}
}
