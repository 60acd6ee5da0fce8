package dev.precept.prompts.format;

import de.siegmar.fastcsv.reader.CloseableIterator;
import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import de.siegmar.fastcsv.reader.CsvRecordHandler;
import dev.precept.prompts.row.Cells;
import dev.precept.prompts.row.Columns;
import dev.precept.prompts.row.FieldNames;
import dev.precept.prompts.row.Row;
import dev.precept.prompts.row.Rows;
import dev.precept.prompts.row.SourceFormatException;
import dev.precept.prompts.row.UnusableRowException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a delimited file (RFC 4180) below its header. The file is taken apart byte by byte, for no byte of a letter
 * is a separator, a quote or a line's end in UTF-8; so a cell that is no text spoils its own row and no other.
 *
 * <p>A quote in the wrong place leaves no way to tell where rows end: it breaks the file.
 */
final class DelimitedRows implements Rows {
    private static final int MOST_COLUMNS = 4096;
    private static final Pattern BEGAN = Pattern.compile("started in line (\\d+)");

    private final CloseableIterator<CsvRecord> records;
    private final Cells meaning;
    private final Columns columns;
    private boolean ended;

    /** @throws SourceFormatException if the header does not do for these settings */
    DelimitedRows(InputStream in, char separator, FieldNames names) throws IOException {
        this.records = CsvReader.builder()
                .fieldSeparator(separator)
                .allowExtraFields(true)
                .allowMissingFields(true)
                .allowExtraCharsAfterClosingQuote(false)
                .maxBufferSize(Row.MAX_BYTES)
                .build(
                        CsvRecordHandler.builder()
                                .maxFields(MOST_COLUMNS)
                                .maxFieldSize(Row.MAX_BYTES)
                                .maxRecordSize(Row.MAX_BYTES)
                                .build(),
                        new SentinelReader(in))
                .iterator();
        this.meaning = new Cells(names);
        CsvRecord header = record();
        this.columns = new Columns(header == null ? List.of() : names(header));
        if (header != null) {
            columns.require(names);
        }
    }

    @Override
    public @Nullable Row next() throws IOException {
        CsvRecord record = record();
        return record == null
                ? null
                : new DelimitedRow(record.getStartingLineNumber(), columns, record.getFields(), meaning);
    }

    /** The next record, or null where nothing but the end mark is left. */
    private @Nullable CsvRecord record() throws IOException {
        if (ended) {
            return null;
        }
        try {
            CsvRecord record = records.next();
            String last = record.getField(record.getFieldCount() - 1);
            if (!last.endsWith(SentinelReader.MARK)) {
                return record;
            } else if (record.getFieldCount() == 1 && last.equals(SentinelReader.MARK)) {
                ended = true;
                return null;
            }
            throw new SourceFormatException(":" + record.getStartingLineNumber()
                    + ": a quote is opened in the row that begins here, and never closed");
        } catch (CsvParseException e) {
            throw broken(e);
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private static SourceFormatException broken(CsvParseException e) {
        Matcher began = BEGAN.matcher(String.valueOf(e.getMessage()));
        String line = began.find() ? began.group(1) : "1";
        boolean trailing = e.getCause() != null
                && String.valueOf(e.getCause().getMessage()).contains("after closing quote");
        return new SourceFormatException(":" + line + ": "
                + (trailing
                        ? "in the row that begins here something follows a closing quote; a quote within a cell is doubled"
                        : "the row that begins here has more than 8 MiB or " + MOST_COLUMNS
                                + " columns; close its quotes, or take it out"));
    }

    private static List<String> names(CsvRecord header) throws SourceFormatException {
        List<String> names = new ArrayList<>();
        for (String name : header.getFields()) {
            try {
                names.add(Cells.text(DelimitedRow.bytes(name)));
            } catch (UnusableRowException e) {
                throw new SourceFormatException(":" + header.getStartingLineNumber() + ": the header is " + e.detail());
            }
        }
        return names;
    }

    @Override
    public void close() throws IOException {
        records.close();
    }
}
