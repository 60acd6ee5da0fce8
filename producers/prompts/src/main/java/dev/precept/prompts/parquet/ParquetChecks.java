package dev.precept.prompts.parquet;

import dev.precept.prompts.row.ColumnChoice;
import dev.precept.prompts.row.Columns;
import dev.precept.prompts.row.SourceFormatException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.Type;

/** Checks a Parquet file before its rows are read: complete, unencrypted, known types and codecs, row groups not too large. */
final class ParquetChecks {
    private static final int MAGIC_BYTES = 4;
    private static final int TAIL_BYTES = 8;
    private static final long MAX_FOOTER_BYTES = 64L << 20;
    /** The compressed row group is held in memory completely. */
    private static final long MAX_COMPRESSED_BYTES = 512L << 20;

    private static final long MAX_DECOMPRESSED_BYTES = 1L << 30;

    private ParquetChecks() {}

    /** Checks the magic numbers at both ends, and the size of the footer before it is read. */
    static void requireComplete(Path file) throws IOException {
        long size = Files.size(file);
        if (size < MAGIC_BYTES + TAIL_BYTES) {
            throw new SourceFormatException(": not a Parquet file");
        }
        byte[] head = new byte[MAGIC_BYTES];
        byte[] tail = new byte[TAIL_BYTES];
        try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
            in.readFully(head);
            in.seek(size - TAIL_BYTES);
            in.readFully(tail);
        }
        String end = new String(tail, MAGIC_BYTES, MAGIC_BYTES, StandardCharsets.ISO_8859_1);
        if (end.equals("PARE")) {
            throw encrypted();
        } else if (!new String(head, StandardCharsets.ISO_8859_1).equals("PAR1")) {
            throw new SourceFormatException(": not a Parquet file");
        }
        int footer = ByteBuffer.wrap(tail).order(ByteOrder.LITTLE_ENDIAN).getInt();
        if (!end.equals("PAR1") || footer <= 0 || footer > Math.min(MAX_FOOTER_BYTES, size - TAIL_BYTES)) {
            throw new SourceFormatException(": not a complete Parquet file; download or write it again");
        }
    }

    /** The schema reduced to the columns that are read. */
    static MessageType projection(MessageType schema, ColumnChoice choice) throws SourceFormatException {
        choice.require(
                new Columns(schema.getFields().stream().map(Type::getName).toList()));
        List<Type> wanted = schema.getFields().stream()
                .filter(field -> choice.isOwn(field.getName())
                        || (choice.isAlias(field.getName())
                                && ColumnShape.unreadable(field, field.getName(), 1)
                                        .isEmpty()))
                .toList();
        for (Type field : wanted) {
            Optional<String> unreadable = ColumnShape.unreadable(field, field.getName(), 1);
            if (unreadable.isPresent()) {
                throw new SourceFormatException(": column " + unreadable.get()
                        + "; supported are strings, numbers, booleans, dates, UUIDs, and lists and groups of them");
            }
        }
        return new MessageType(schema.getName(), wanted);
    }

    static void requireReadable(List<BlockMetaData> groups, MessageType projection) throws SourceFormatException {
        for (int number = 1; number <= groups.size(); number++) {
            long compressed = 0;
            long decompressed = 0;
            for (ColumnChunkMetaData chunk : groups.get(number - 1).getColumns()) {
                if (chunk.isEncrypted()) {
                    throw encrypted();
                }
                if (!projection.containsField(chunk.getPath().toArray()[0])) {
                    continue;
                }
                if (!PageDecompressors.knows(chunk.getCodec())) {
                    throw new SourceFormatException(": compressed with " + chunk.getCodec()
                            + "; write it with ZSTD, SNAPPY, GZIP, LZ4_RAW or no compression");
                }
                compressed += chunk.getTotalSize();
                decompressed += chunk.getTotalUncompressedSize();
            }
            if (compressed > MAX_COMPRESSED_BYTES || decompressed > MAX_DECOMPRESSED_BYTES) {
                throw new SourceFormatException(": row group " + number + " has " + (decompressed >> 20)
                        + " MiB of prompts, " + (compressed >> 20)
                        + " MiB compressed; at most 1024 and 512 are supported, so write smaller row groups");
            }
        }
    }

    private static SourceFormatException encrypted() {
        return new SourceFormatException(": encrypted; write it without encryption");
    }
}
