package dev.precept.dataset.read;

import dev.precept.dataset.parquet.RowReader;
import dev.precept.dataset.view.JsonLines;
import dev.precept.dataset.view.View;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import org.apache.avro.generic.IndexedRecord;
import org.jspecify.annotations.Nullable;

/** The rows of one file of a view, in order. For one thread. */
interface ShardRows extends Closeable {
    /** The next row; null at the end. */
    @Nullable
    IndexedRecord next() throws IOException;

    /** @param row the first row to read, from 0 */
    static ShardRows open(View view, Path file, long row) throws IOException {
        if (view.isJsonLines()) {
            JsonLines.Reader lines = new JsonLines.Reader(file, view.schema(), row);
            return new ShardRows() {
                @Override
                public @Nullable IndexedRecord next() throws IOException {
                    return lines.next();
                }

                @Override
                public void close() throws IOException {
                    lines.close();
                }
            };
        }
        RowReader rows = RowReader.openAt(file, row);
        return new ShardRows() {
            @Override
            public @Nullable IndexedRecord next() throws IOException {
                return rows.next();
            }

            @Override
            public void close() throws IOException {
                rows.close();
            }
        };
    }
}
