package dev.precept.prompts.parquet;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.precept.prompts.row.Cells;
import dev.precept.prompts.row.FieldNames;
import dev.precept.prompts.row.JsonText;
import dev.precept.prompts.row.Row;
import dev.precept.prompts.row.Rows;
import dev.precept.prompts.row.SourceFormatException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.apache.parquet.ParquetReadOptions;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.io.ColumnIOFactory;
import org.apache.parquet.io.LocalInputFile;
import org.apache.parquet.io.MessageColumnIO;
import org.apache.parquet.io.RecordReader;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.Type;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a Parquet file, of which only the columns that mean something to us are read; a row group is in memory at a
 * time. Columns become JSON without any class that the file names.
 */
public final class ParquetRows implements Rows {
    private static final String DAMAGED = ": its footer is damaged; fetch or write the file again";

    private final ParquetFileReader reader;
    private final MessageColumnIO columns;
    private final JsonRowMaterializer json;
    private final List<String> unread;
    private final Cells meaning;
    private @Nullable RecordReader<ObjectNode> group;
    private long leftInGroup;
    private long number;

    private ParquetRows(ParquetFileReader reader, MessageType wanted, List<String> unread, Cells meaning) {
        this.reader = reader;
        this.columns = new ColumnIOFactory().getColumnIO(wanted);
        this.json = new JsonRowMaterializer(wanted);
        this.unread = unread;
        this.meaning = meaning;
    }

    /** @throws SourceFormatException if it is no Parquet file, or not one that can be read under these settings */
    public static ParquetRows open(Path file, FieldNames names) throws IOException {
        ParquetChecks.requireWhole(file);
        ParquetReadOptions options = ParquetReadOptions.builder(new PlainParquetConfiguration())
                .withCodecFactory(new PageDecompressors())
                .usePageChecksumVerification()
                .build();
        ParquetFileReader reader = opened(file, options);
        try {
            MessageType schema = reader.getFooter().getFileMetaData().getSchema();
            MessageType wanted = ParquetChecks.wanted(schema, names);
            ParquetChecks.requireReadable(reader.getRowGroups(), wanted);
            reader.setRequestedSchema(wanted);
            List<String> unread = schema.getFields().stream()
                    .map(Type::getName)
                    .filter(name -> !wanted.containsField(name))
                    .toList();
            return new ParquetRows(reader, wanted, unread, new Cells(names));
        } catch (IOException e) {
            reader.close();
            throw e;
        } catch (RuntimeException e) {
            reader.close();
            throw new SourceFormatException(DAMAGED);
        }
    }

    private static ParquetFileReader opened(Path file, ParquetReadOptions options) throws SourceFormatException {
        try {
            return ParquetFileReader.open(new LocalInputFile(file), options);
        } catch (IOException | RuntimeException e) {
            throw new SourceFormatException(DAMAGED);
        }
    }

    @Override
    public @Nullable Row next() throws IOException {
        try {
            while (group == null || leftInGroup == 0) {
                PageReadStore pages = reader.readNextRowGroup();
                if (pages == null) {
                    return null;
                }
                leftInGroup = pages.getRowCount();
                group = columns.getRecordReader(pages, json);
            }
            json.size().clear();
            ObjectNode held = group.read();
            leftInGroup--;
            number++;
            RowSize size = json.size();
            // What nobody reads is told once, with the first row.
            return new ParquetRow(number, held, number == 1 ? unread : List.of(), size.bytes(), size.fault(), meaning);
        } catch (RuntimeException e) {
            throw damaged(e);
        } catch (SourceFormatException e) {
            throw e;
        } catch (IOException e) {
            throw damaged(e);
        }
    }

    private SourceFormatException damaged(Exception e) {
        Throwable innermost = e;
        while (innermost.getCause() != null) {
            innermost = innermost.getCause();
        }
        SourceFormatException broken = new SourceFormatException(":row " + (number + 1) + ": its pages are damaged ("
                + JsonText.shortened(String.valueOf(innermost.getMessage())) + "); fetch or write the file again");
        broken.initCause(e);
        return broken;
    }

    @Override
    public void close() throws IOException {
        reader.close();
    }
}
