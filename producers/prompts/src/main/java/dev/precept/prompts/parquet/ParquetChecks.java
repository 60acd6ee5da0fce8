package dev.precept.prompts.parquet;

import dev.precept.prompts.row.Columns;
import dev.precept.prompts.row.FieldNames;
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
import java.util.Set;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.Type;

/** What can be seen of a Parquet file before a row of it is read: that it is whole, open, not too large, and known. */
final class ParquetChecks {
    private static final int MARK_BYTES = 4;
    private static final int TAIL_BYTES = 8;
    private static final long MOST_FOOTER_BYTES = 64L << 20;
    /** Packed, a row group lies in memory as a whole. */
    private static final long MOST_PACKED_BYTES = 512L << 20;

    private static final long MOST_UNPACKED_BYTES = 1L << 30;

    private ParquetChecks() {}

    /** Looks at the marks at both ends, and at the size of the footer that is about to be read. */
    static void requireWhole(Path file) throws IOException {
        long size = Files.size(file);
        if (size < MARK_BYTES + TAIL_BYTES) {
            throw new SourceFormatException(": not a Parquet file");
        }
        byte[] head = new byte[MARK_BYTES];
        byte[] tail = new byte[TAIL_BYTES];
        try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
            in.readFully(head);
            in.seek(size - TAIL_BYTES);
            in.readFully(tail);
        }
        String end = new String(tail, MARK_BYTES, MARK_BYTES, StandardCharsets.ISO_8859_1);
        if (end.equals("PARE")) {
            throw encrypted();
        } else if (!new String(head, StandardCharsets.ISO_8859_1).equals("PAR1")) {
            throw new SourceFormatException(": not a Parquet file");
        }
        int footer = ByteBuffer.wrap(tail).order(ByteOrder.LITTLE_ENDIAN).getInt();
        if (!end.equals("PAR1") || footer <= 0 || footer > Math.min(MOST_FOOTER_BYTES, size - TAIL_BYTES)) {
            throw new SourceFormatException(": not a complete Parquet file; fetch or write it again");
        }
    }

    /** The columns that are read: those that the settings give a meaning. */
    static MessageType wanted(MessageType schema, FieldNames names) throws SourceFormatException {
        new Columns(schema.getFields().stream().map(Type::getName).toList()).require(names);
        Set<String> columns = names.allColumns();
        List<Type> wanted = schema.getFields().stream()
                .filter(field -> columns.contains(field.getName()))
                .toList();
        for (Type field : wanted) {
            Optional<String> unreadable = ColumnShape.unreadable(field, field.getName(), 1);
            if (unreadable.isPresent()) {
                throw new SourceFormatException(
                        ": column " + unreadable.get()
                                + "; read are text, whole numbers, floating-point numbers, truth values, lists and groups of them");
            }
        }
        return new MessageType(schema.getName(), wanted);
    }

    static void requireReadable(List<BlockMetaData> groups, MessageType wanted) throws SourceFormatException {
        for (int number = 1; number <= groups.size(); number++) {
            long packed = 0;
            long unpacked = 0;
            for (ColumnChunkMetaData chunk : groups.get(number - 1).getColumns()) {
                if (chunk.isEncrypted()) {
                    throw encrypted();
                }
                if (!wanted.containsField(chunk.getPath().toArray()[0])) {
                    continue;
                }
                if (!PageDecompressors.knows(chunk.getCodec())) {
                    throw new SourceFormatException(": compressed with " + chunk.getCodec()
                            + "; write it with ZSTD, SNAPPY, GZIP or no compression");
                }
                packed += chunk.getTotalSize();
                unpacked += chunk.getTotalUncompressedSize();
            }
            if (packed > MOST_PACKED_BYTES || unpacked > MOST_UNPACKED_BYTES) {
                throw new SourceFormatException(
                        ": row group " + number + " has " + (unpacked >> 20) + " MiB of prompts, " + (packed >> 20)
                                + " MiB compressed; at most 1024 and 512 are read, so write smaller row groups");
            }
        }
    }

    private static SourceFormatException encrypted() {
        return new SourceFormatException(": encrypted; write it without encryption");
    }
}
