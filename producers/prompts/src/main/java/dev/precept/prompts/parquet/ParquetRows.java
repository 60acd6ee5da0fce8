package dev.precept.prompts.parquet;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.precept.prompts.row.ColumnChoice;
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
 * The rows of a Parquet file. Reads only the columns that are chosen, one row group at a time, and never loads
 * a class that the file names.
 */
public final class ParquetRows implements Rows {
    private static final String DAMAGED = ": its footer is damaged; download or write the file again";

    private final ParquetFileReader reader;
    private final MessageColumnIO columns;
    private final JsonRowMaterializer json;
    private final List<String> unread;
    private @Nullable RecordReader<ObjectNode> group;
    private long leftInGroup;
    private long number;

    private ParquetRows(ParquetFileReader reader, MessageType projection, List<String> unread) {
        this.reader = reader;
        this.columns = new ColumnIOFactory().getColumnIO(projection);
        this.json = new JsonRowMaterializer(projection);
        this.unread = unread;
    }

    /** @throws SourceFormatException if the file is not Parquet, or not supported */
    public static ParquetRows open(Path file, ColumnChoice choice) throws IOException {
        ParquetChecks.requireComplete(file);
        ParquetReadOptions options = ParquetReadOptions.builder(new PlainParquetConfiguration())
                .withCodecFactory(new PageDecompressors())
                .usePageChecksumVerification()
                .build();
        ParquetFileReader reader = openReader(file, options);
        try {
            MessageType schema = reader.getFooter().getFileMetaData().getSchema();
            MessageType projection = ParquetChecks.projection(schema, choice);
            ParquetChecks.requireReadable(reader.getRowGroups(), projection);
            reader.setRequestedSchema(projection);
            List<String> unread = schema.getFields().stream()
                    .map(Type::getName)
                    .filter(name -> !projection.containsField(name))
                    .toList();
            return new ParquetRows(reader, projection, unread);
        } catch (IOException e) {
            reader.close();
            throw e;
        } catch (RuntimeException e) {
            reader.close();
            throw new SourceFormatException(DAMAGED);
        }
    }

    private static ParquetFileReader openReader(Path file, ParquetReadOptions options) throws SourceFormatException {
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
            ObjectNode values = group.read();
            leftInGroup--;
            number++;
            RowSize size = json.size();
            // Unread columns are reported once, with the first row.
            return new ParquetRow(number, values, number == 1 ? unread : List.of(), size.bytes(), size.fault());
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
                + JsonText.shortened(String.valueOf(innermost.getMessage())) + "); download or write the file again");
        broken.initCause(e);
        return broken;
    }

    @Override
    public void close() throws IOException {
        reader.close();
    }
}
