package dev.precept.dataset.parquet;

import java.io.IOException;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.Encoding;
import org.apache.parquet.column.page.DictionaryPage;
import org.apache.parquet.column.page.PageWriteStore;
import org.apache.parquet.column.page.PageWriter;
import org.apache.parquet.column.statistics.SizeStatistics;
import org.apache.parquet.column.statistics.Statistics;
import org.apache.parquet.column.statistics.geospatial.GeospatialStatistics;

/**
 * Pages that count with their uncompressed size. The library counts a finished page with its compressed size, so that a row
 * group would exceed its limit several times.
 */
final class UncompressedPages implements PageWriteStore {
    private final PageWriteStore store;

    UncompressedPages(PageWriteStore store) {
        this.store = store;
    }

    @Override
    public PageWriter getPageWriter(ColumnDescriptor column) {
        return new Counting(store.getPageWriter(column));
    }

    private static final class Counting implements PageWriter {
        private final PageWriter writer;
        private long bytes;

        Counting(PageWriter writer) {
            this.writer = writer;
        }

        @Override
        @Deprecated
        public void writePage(
                BytesInput page,
                int values,
                Statistics<?> statistics,
                Encoding repetition,
                Encoding definition,
                Encoding encoding) {
            throw new UnsupportedOperationException("the number of rows is needed");
        }

        @Override
        public void writePage(
                BytesInput page,
                int values,
                int rows,
                Statistics<?> statistics,
                Encoding repetition,
                Encoding definition,
                Encoding encoding)
                throws IOException {
            bytes += page.size();
            writer.writePage(page, values, rows, statistics, repetition, definition, encoding);
        }

        @Override
        @Deprecated
        public void writePage(
                BytesInput page,
                int values,
                int rows,
                Statistics<?> statistics,
                SizeStatistics sizes,
                Encoding repetition,
                Encoding definition,
                Encoding encoding) {
            throw new UnsupportedOperationException("replaced by the method with geospatial statistics");
        }

        @Override
        public void writePage(
                BytesInput page,
                int values,
                int rows,
                Statistics<?> statistics,
                SizeStatistics sizes,
                GeospatialStatistics places,
                Encoding repetition,
                Encoding definition,
                Encoding encoding)
                throws IOException {
            bytes += page.size();
            writer.writePage(page, values, rows, statistics, sizes, places, repetition, definition, encoding);
        }

        @Override
        public void writePageV2(
                int rows,
                int nulls,
                int values,
                BytesInput repetition,
                BytesInput definition,
                Encoding encoding,
                BytesInput page,
                Statistics<?> statistics) {
            throw new UnsupportedOperationException("pages of version 2 are not written");
        }

        @Override
        public void writeDictionaryPage(DictionaryPage page) throws IOException {
            bytes += page.getBytes().size();
            writer.writeDictionaryPage(page);
        }

        @Override
        public long getMemSize() {
            return bytes;
        }

        @Override
        public long allocatedSize() {
            return writer.allocatedSize();
        }

        @Override
        public String memUsageString(String prefix) {
            return writer.memUsageString(prefix);
        }

        @Override
        public void close() {
            writer.close();
        }
    }
}
