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
 * Bounds the memory of all stores of a process together: blocks, indices, filters and write buffers are charged to one
 * cache. Left to itself every store may take a cache of 50 MiB and three write buffers of 16 MiB, and a process has three
 * stores a partition. What is written faster than the disk takes it may exceed the bound until it is flushed: writers do not
 * wait, since one could wait for buffers of a store that nobody writes to. Kafka Streams makes one of these for every store; what they share lives as long as the process.
 */
public final class BoundedRocksDb implements RocksDBConfigSetter {
    /** Setting: how much it is, in MiB. The first app of a process decides. */
    static final String MEGABYTES = "precept.rocksdb.mb";

    private static @Nullable Memory shared;

    /** What stores share. */
    record Memory(Cache cache, WriteBufferManager writeBuffers) {
        private static final int SHARD_BITS_BY_SIZE = -1;
        /** Of the cache, kept for indices and filters, without which every look-up costs a read of the disk. */
        private static final double FOR_INDICES = 0.1;

        /** Half of it may be written to before it is flushed; the rest is what is read from. */
        static Memory allocate(long bytes) {
            RocksDB.loadLibrary();
            Cache cache = new LRUCache(bytes, SHARD_BITS_BY_SIZE, false, FOR_INDICES);
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

    /** The others go on with what is shared. */
    @Override
    public void close(String store, Options options) {}
}
