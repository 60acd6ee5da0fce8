package dev.precept.dataset.parquet;

import com.github.luben.zstd.util.Native;
import dev.precept.config.ConfigurationException;
import dev.precept.config.FileErrors;
import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * Whether native libraries can be loaded. Those of Zstandard, RocksDB and Snappy are unpacked into the temporary folder of
 * Java first, which must be writable and not mounted with {@code noexec}.
 */
public final class NativeLibraries {
    private NativeLibraries() {}

    /**
     * Loads the library of Zstandard, which every command that reads or writes rows needs.
     *
     * @return the folder from which it was loaded
     * @throws ConfigurationException if the folder does not allow it
     * @throws UncheckedIOException if the disk is full
     */
    public static String requireLoadable() {
        String folder = System.getProperty("java.io.tmpdir", "");
        try {
            Native.load();
            return folder;
        } catch (LinkageError e) {
            if (FileErrors.isDiskFull(e)) {
                throw new UncheckedIOException("java.io.tmpdir " + folder, new IOException(reason(e), e));
            }
            throw new ConfigurationException("java.io.tmpdir " + folder + ": no native library can be loaded from it ("
                    + reason(e) + "); name one that is writable and not mounted noexec, as in"
                    + " PRECEPT_JAVA_OPTS=\"-Xmx2g -Djava.io.tmpdir=$HOME/tmp\"");
        }
    }

    /** What the loader says, without the paths before it and the attempts after it. */
    static String reason(LinkageError e) {
        String line = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
        return line.substring(line.lastIndexOf(": ") + 1).strip();
    }
}
