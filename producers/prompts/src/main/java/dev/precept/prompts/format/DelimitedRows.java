package dev.precept.prompts.format;

import de.siegmar.fastcsv.reader.CloseableIterator;
import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import de.siegmar.fastcsv.reader.CsvRecordHandler;
import dev.precept.prompts.row.Cells;
import dev.precept.prompts.row.ColumnChoice;
import dev.precept.prompts.row.Columns;
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
 * The rows of a delimited file (RFC 4180) below its header. The file is split as bytes: in UTF-8 no byte of a multi-byte
 * character is a separator, a quote or a line end, so a cell that is not UTF-8 makes only its own row unusable.
 *
 * <p>After a misplaced quote the end of rows is unknown, so the whole file is refused.
 */
final class DelimitedRows implements Rows {
    private static final int MAX_COLUMNS = 4096;
    private static final Pattern START_LINE = Pattern.compile("started in line (\\d+)");

    private final CloseableIterator<CsvRecord> records;
    private final Columns columns;
    private boolean ended;

    /**
     * @param quoted whether a cell may be quoted; else a quote is a letter
     * @throws SourceFormatException if the header lacks a column that the settings require
     */
    DelimitedRows(InputStream in, char separator, boolean quoted, ColumnChoice choice) throws IOException {
        this.records = CsvReader.builder()
                .fieldSeparator(separator)
                .quoteCharacter(quoted ? '"' : SentinelReader.NO_QUOTE)
                .allowExtraFields(true)
                .allowMissingFields(true)
                .allowExtraCharsAfterClosingQuote(false)
                .maxBufferSize(Row.MAX_BYTES)
                .build(
                        CsvRecordHandler.builder()
                                .maxFields(MAX_COLUMNS)
                                .maxFieldSize(Row.MAX_BYTES)
                                .maxRecordSize(Row.MAX_BYTES)
                                .build(),
                        new SentinelReader(in))
                .iterator();
        CsvRecord header = record();
        this.columns = new Columns(header == null ? List.of() : names(header));
        if (header != null) {
            choice.require(columns);
        }
    }

    @Override
    public @Nullable Row next() throws IOException {
        CsvRecord record = record();
        return record == null ? null : new DelimitedRow(record.getStartingLineNumber(), columns, record.getFields());
    }

    /** Returns the next record, or null if only the sentinel is left. */
    private @Nullable CsvRecord record() throws IOException {
        if (ended) {
            return null;
        }
        try {
            CsvRecord record = records.next();
            String last = record.getField(record.getFieldCount() - 1);
            if (!last.endsWith(SentinelReader.SENTINEL)) {
                return record;
            } else if (record.getFieldCount() == 1 && last.equals(SentinelReader.SENTINEL)) {
                ended = true;
                return null;
            }
            throw SourceFormatException.misplacedQuote(":" + record.getStartingLineNumber()
                    + ": the row that starts here opens a quote and never closes it");
        } catch (CsvParseException e) {
            throw broken(e);
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private static SourceFormatException broken(CsvParseException e) {
        Matcher start = START_LINE.matcher(String.valueOf(e.getMessage()));
        String line = start.find() ? start.group(1) : "1";
        boolean trailing = e.getCause() != null
                && String.valueOf(e.getCause().getMessage()).contains("after closing quote");
        if (trailing) {
            return SourceFormatException.misplacedQuote(":" + line
                    + ": the row that starts here has text after a closing quote; double quotes inside a cell");
        }
        return SourceFormatException.misplacedQuote(":" + line + ": the row that starts here has more than 8 MiB or "
                + MAX_COLUMNS + " columns; close its quotes, or remove it");
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
