package dev.precept.benchmarks.rows;

import com.jerolba.carpet.CarpetWriter;
import com.jerolba.carpet.io.FileSystemOutputFile;
import com.sun.management.OperatingSystemMXBean;
import dev.precept.benchmarks.process.ChildProtocol;
import dev.precept.dataset.parquet.ParquetFiles;
import dev.precept.records.Sample;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;

/**
 * Writes the same rows with each Parquet writer, on one thread and with ZSTD: {@code FOLDER ROWS}. Before the measurement the
 * rows are in memory: as Avro records, as plain records and as a table.
 */
public final class WritersProcess implements AutoCloseable {
    private static final long ROW_GROUP_BYTES = 16L << 20;
    private static final int ROW_GROUP_ROWS = 4_096;

    private final Path file;
    private final List<Sample> samples;
    private final List<PlainSample> plain;
    private final long bytes;
    private final Connection duckdb;
    private final OperatingSystemMXBean system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

    private WritersProcess(Path folder, long count) throws IOException, SQLException {
        this.file = folder.resolve("written.parquet");
        SampleRows rows = new SampleRows();
        this.samples = LongStream.range(0, count).mapToObj(rows::of).toList();
        this.plain = samples.stream().map(PlainSample::of).toList();
        long size = 0;
        for (Sample sample : samples) {
            size += Sample.getEncoder().encode(sample).remaining();
        }
        this.bytes = size;
        this.duckdb = DriverManager.getConnection("jdbc:duckdb:");
        sql("SET threads = 1");
        precept(ParquetFiles.writer(file, Sample.getClassSchema()));
        sql("CREATE TABLE samples AS SELECT * FROM read_parquet('" + file + "')");
    }

    public static void main(String[] args) throws IOException, SQLException {
        WritersProcess writers = new WritersProcess(Path.of(args[0]), Long.parseLong(args[1]));
        ChildProtocol.handle(Map.of(
                "precept",
                () -> writers.measure(
                        "precept", () -> writers.precept(ParquetFiles.writer(writers.file, Sample.getClassSchema()))),
                "precept_quick",
                () -> writers.measure(
                        "precept_quick",
                        () -> writers.precept(ParquetFiles.quickWriter(writers.file, Sample.getClassSchema()))),
                "duckdb",
                () -> writers.measure("duckdb", writers::duckdb),
                "carpet",
                () -> writers.measure("carpet", writers::carpet)));
        ChildProtocol.send("ready", writers.bytes);
    }

    private interface WriterRun {
        void run() throws IOException, SQLException;
    }

    private void measure(String name, WriterRun writerRun) {
        try {
            Files.deleteIfExists(file);
            long cpu = system.getProcessCpuTime();
            long start = System.nanoTime();
            writerRun.run();
            long elapsed = System.nanoTime() - start;
            long used = system.getProcessCpuTime() - cpu;
            ChildProtocol.send(name, elapsed + " " + used + " " + Files.size(file));
        } catch (IOException | SQLException e) {
            ChildProtocol.fail(e);
        }
    }

    private void precept(ParquetWriter<Sample> opened) throws IOException {
        try (ParquetWriter<Sample> writer = opened) {
            for (Sample sample : samples) {
                writer.write(sample);
            }
        }
    }

    private void carpet() throws IOException {
        try (CarpetWriter<PlainSample> writer = new CarpetWriter.Builder<>(
                        new FileSystemOutputFile(file.toFile()), PlainSample.class)
                .withCompressionCodec(CompressionCodecName.ZSTD)
                .withRowGroupSize(ROW_GROUP_BYTES)
                .build()) {
            for (PlainSample sample : plain) {
                writer.write(sample);
            }
        }
    }

    private void duckdb() throws SQLException {
        sql("COPY samples TO '" + file + "' (FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 3, ROW_GROUP_SIZE "
                + ROW_GROUP_ROWS + ")");
    }

    private void sql(String statement) throws SQLException {
        try (Statement sql = duckdb.createStatement()) {
            sql.execute(statement);
        }
    }

    @Override
    public void close() throws SQLException {
        duckdb.close();
    }
}
