package dev.precept.prompts.parquet;

import com.github.luben.zstd.Zstd;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.compression.CompressionCodecFactory;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.xerial.snappy.Snappy;

/**
 * Decompresses pages with the codec libraries, without Hadoop's codec classes. A page must have exactly the size that its
 * header states, and at most 256 MiB.
 */
final class PageDecompressors implements CompressionCodecFactory {
    private static final int MAX_PAGE_BYTES = 256 << 20;
    private static final Map<CompressionCodecName, Decompressor> KNOWN = Map.of(
            CompressionCodecName.UNCOMPRESSED, (compressed, _) -> compressed,
            CompressionCodecName.ZSTD, Zstd::decompress,
            CompressionCodecName.SNAPPY, PageDecompressors::snappy,
            CompressionCodecName.LZ4_RAW, Lz4Block::decompress,
            CompressionCodecName.GZIP, PageDecompressors::gzip);

    /** Decompresses a page whose decompressed size is known. */
    private interface Decompressor {
        byte[] decompress(byte[] compressed, int bytes) throws IOException;
    }

    static boolean knows(CompressionCodecName codec) {
        return KNOWN.containsKey(codec);
    }

    @Override
    public BytesInputDecompressor getDecompressor(CompressionCodecName codec) {
        return new Page(Optional.ofNullable(KNOWN.get(codec))
                .orElseThrow(() -> new IllegalArgumentException("no codec " + codec)));
    }

    @Override
    public BytesInputCompressor getCompressor(CompressionCodecName codec) {
        throw new UnsupportedOperationException("sources are read-only");
    }

    @Override
    public void release() {}

    private static byte[] snappy(byte[] compressed, int bytes) throws IOException {
        if (Snappy.uncompressedLength(compressed) != bytes) {
            throw new IOException("a page does not have the size in its header");
        }
        return Snappy.uncompress(compressed);
    }

    private static byte[] gzip(byte[] compressed, int bytes) throws IOException {
        try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(compressed))) {
            return in.readNBytes(bytes);
        }
    }

    /** Adapts a decompressor to Parquet's interface. */
    private record Page(Decompressor decompressor) implements BytesInputDecompressor {
        @Override
        public BytesInput decompress(BytesInput compressed, int bytes) throws IOException {
            ByteArrayOutputStream out = new ByteArrayOutputStream(Math.toIntExact(compressed.size()));
            compressed.writeAllTo(out);
            return BytesInput.from(checked(out.toByteArray(), bytes));
        }

        @Override
        public void decompress(ByteBuffer compressed, int compressedBytes, ByteBuffer into, int bytes)
                throws IOException {
            byte[] page = new byte[compressedBytes];
            compressed.get(page);
            into.put(checked(page, bytes));
        }

        private byte[] checked(byte[] page, int bytes) throws IOException {
            if (bytes < 0 || bytes > MAX_PAGE_BYTES) {
                throw new IOException("a page of " + bytes + " bytes; at most 256 MiB are read");
            }
            byte[] decompressed = decompressor.decompress(page, bytes);
            if (decompressed.length != bytes) {
                throw new IOException("a page does not have the size in its header");
            }
            return decompressed;
        }

        @Override
        public void release() {}
    }
}
