package dev.precept.streams;

import java.util.Map;
import org.apache.kafka.streams.state.RocksDBConfigSetter;
import org.rocksdb.Env;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksMemEnv;

/** The genuine stores with their files in memory: a test opens and closes about ten, and a disk that is busy is slow. */
public final class RocksDbInMemory implements RocksDBConfigSetter {
    /** One file system for all stores, whose paths differ. It lives as long as the process. */
    private static final Env FILES = memory();

    private static Env memory() {
        RocksDB.loadLibrary();
        return new RocksMemEnv(Env.getDefault());
    }

    @Override
    public void setConfig(String store, Options options, Map<String, Object> settings) {
        options.setEnv(FILES);
    }

    @Override
    public void close(String store, Options options) {
        // nothing of one store alone
    }
}
