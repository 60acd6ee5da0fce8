package dev.precept.dataset.parquet;

import com.github.luben.zstd.util.ZstdVersion;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;
import org.apache.avro.Schema;
import org.apache.parquet.hadoop.ParquetWriter;

/** The releases of the libraries that decide the bytes of a Parquet file. */
public final class WriterVersions {
    private WriterVersions() {}

    /** Such as {@code parquet-java/1.17.0 avro/1.12.1 zstd/1.5.7-4}. */
    public static String text() {
        return "parquet-java/" + maven(ParquetWriter.class, "org.apache.parquet", "parquet-hadoop") + " avro/"
                + maven(Schema.class, "org.apache.avro", "avro") + " zstd/" + ZstdVersion.VERSION;
    }

    private static String maven(Class<?> of, String group, String artifact) {
        String name = "/META-INF/maven/" + group + "/" + artifact + "/pom.properties";
        try (InputStream in = of.getResourceAsStream(name)) {
            Properties properties = new Properties();
            if (in == null) {
                throw new IllegalStateException(artifact + " does not contain " + name);
            }
            properties.load(in);
            return properties.getProperty("version");
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + name, e);
        }
    }
}
