package dev.precept.dataset.release;

import dev.precept.dataset.parquet.ParquetFiles.FileSummary;
import java.nio.file.Path;

/** A local Parquet file of the committed samples that a version leaves out, sorted by sample id. */
record RemovedFile(Path path, FileSummary summary) {}
