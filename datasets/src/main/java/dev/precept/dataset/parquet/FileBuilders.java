package dev.precept.dataset.parquet;

import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.conf.ParquetConfiguration;
import org.apache.parquet.hadoop.ParquetReader;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.api.ReadSupport;
import org.apache.parquet.hadoop.api.WriteSupport;
import org.apache.parquet.io.InputFile;
import org.apache.parquet.io.OutputFile;

/** Builders of readers and writers with a given conversion between rows and columns. */
final class FileBuilders {
    private FileBuilders() {}

    static final class Writer<R> extends ParquetWriter.Builder<R, Writer<R>> {
        private final WriteSupport<R> support;

        Writer(OutputFile file, WriteSupport<R> support) {
            super(file);
            this.support = support;
        }

        @Override
        protected Writer<R> self() {
            return this;
        }

        @Override
        @Deprecated
        protected WriteSupport<R> getWriteSupport(Configuration settings) {
            return support;
        }

        @Override
        protected WriteSupport<R> getWriteSupport(ParquetConfiguration settings) {
            return support;
        }
    }

    static final class Reader<R> extends ParquetReader.Builder<R> {
        private final ReadSupport<R> support;

        Reader(InputFile file, ParquetConfiguration settings, ReadSupport<R> support) {
            super(file, settings);
            this.support = support;
        }

        @Override
        protected ReadSupport<R> getReadSupport() {
            return support;
        }
    }
}
