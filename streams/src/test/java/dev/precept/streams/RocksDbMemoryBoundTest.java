package dev.precept.streams;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;

class RocksDbMemoryBoundTest {
    private static final int MIB = 1 << 20;
    private static final int BOUND = 16 * MIB;
    private static final int STORES = 6;
    private static final int VALUES = 128;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    private final List<RocksDB> stores = new ArrayList<>();
    private final List<Options> options = new ArrayList<>();

    @Test
    void holdsForAllStoresTogether() throws RocksDBException {
        BoundedRocksDb.Memory memory = BoundedRocksDb.Memory.allocate(BOUND);
        try {
            for (int i = 0; i < STORES; i++) {
                Options one = new Options().setCreateIfMissing(true).setTableFormatConfig(new BlockBasedTableConfig());
                memory.applyTo(one);
                options.add(one);
                stores.add(RocksDB.open(one, folder.resolve("store-" + i).toString()));
            }
            byte[] value = new byte[MIB / 16];
            new Random(1).nextBytes(value);
            long most = 0;
            for (int i = 0; i < VALUES; i++) {
                for (RocksDB store : stores) {
                    store.put(key(i), value);
                }
                awaitFlushes();
                most = Math.max(most, buffered());
            }
            for (int i = 0; i < VALUES; i++) {
                for (RocksDB store : stores) {
                    assertThat(store.get(key(i))).hasSize(value.length);
                }
            }
            System.out.println(STORES + " stores with 8 MiB each held at most " + most / MIB
                    + " MiB in write buffers, and " + memory.cache().getUsage() / MIB + " MiB in all after reading");
            assertThat(most).isLessThan(BOUND);
            assertThat(memory.cache().getUsage()).isPositive().isLessThan(BOUND + BOUND / 4);
        } finally {
            stores.forEach(RocksDB::close);
            options.forEach(Options::close);
        }
    }

    /** The bound holds for writers that are no faster than the disk. */
    private void awaitFlushes() {
        Awaitility.await("flushes")
                .pollInSameThread()
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(1))
                .until(() -> sum("rocksdb.mem-table-flush-pending") + sum("rocksdb.num-running-flushes") == 0);
    }

    private long buffered() throws RocksDBException {
        return sum("rocksdb.cur-size-all-mem-tables");
    }

    private long sum(String property) throws RocksDBException {
        long sum = 0;
        for (RocksDB store : stores) {
            sum += store.getLongProperty(property);
        }
        return sum;
    }

    private static byte[] key(int i) {
        return ByteBuffer.allocate(Integer.BYTES).putInt(i).array();
    }
}
