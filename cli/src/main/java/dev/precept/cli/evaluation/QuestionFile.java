package dev.precept.cli.evaluation;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.precept.config.ConfigurationException;
import dev.precept.config.FileErrors;
import dev.precept.content.Sha256;
import dev.precept.evaluation.SourceTable;
import dev.precept.prompts.format.SourceFormat;
import dev.precept.prompts.row.ColumnChoice;
import dev.precept.prompts.row.Columns;
import dev.precept.prompts.row.Row;
import dev.precept.prompts.row.Rows;
import dev.precept.prompts.row.SourceFormatException;
import dev.precept.prompts.row.UnusableRowException;
import dev.precept.prompts.source.LocalFiles;
import dev.precept.prompts.source.NamedFile;
import dev.precept.runtime.WorkFolder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Reads a file of questions with the readers of prompts: JSONL, JSON, CSV, TSV and Parquet, with their limits. */
public final class QuestionFile {
    private QuestionFile() {}

    /**
     * Reads a file that a flag names.
     *
     * @throws ConfigurationException if it cannot be read or has no row
     */
    public static SourceTable read(String flag, Path file) {
        String name = file.toString();
        return read(
                flag + " ",
                new NamedFile.OnDisk(name, file.toAbsolutePath().normalize()),
                new WorkFolder(file.toAbsolutePath().resolveSibling("none")));
    }

    /**
     * Reads a file.
     *
     * @param what before its name in messages
     * @param work holds the copies of objects
     * @throws ConfigurationException if it cannot be read or has no row
     */
    public static SourceTable read(String what, NamedFile file, WorkFolder work) {
        String name = file.name();
        try {
            LocalFiles.LocalFile local = new LocalFiles(work).find(file, SourceFormat.of(name), SourceFormat.KNOWN);
            AllColumns columns = new AllColumns();
            List<SourceTable.Row> rows = new ArrayList<>();
            SourceFormat format = local.format().detect(local.path(), columns);
            try (Rows read = format.open(local.path(), columns)) {
                for (Row row = read.next(); row != null; row = read.next()) {
                    rows.add(new SourceTable.Row(row.location(), fields(what + name, row)));
                }
            }
            if (rows.isEmpty()) {
                throw new ConfigurationException(what + name + ": empty; it needs one row for each question");
            }
            return new SourceTable(name, columns.names, rows, Sha256.hex(local.path()));
        } catch (SourceFormatException e) {
            throw new ConfigurationException(what + (e.what().startsWith(name) ? "" : name) + e.what());
        } catch (IOException e) {
            throw new ConfigurationException(
                    what + name + ": cannot be read (" + FileErrors.describe(e) + "); check its permissions");
        }
    }

    private static ObjectNode fields(String name, Row row) {
        try {
            return row.fields();
        } catch (UnusableRowException e) {
            throw new ConfigurationException(name + ":" + row.location() + ": " + e.detail());
        }
    }

    /** Every column whose type can be read. */
    private static final class AllColumns implements ColumnChoice {
        private List<String> names = List.of();

        @Override
        public void require(Columns columns) throws SourceFormatException {
            Set<String> seen = new HashSet<>();
            for (String name : columns.names()) {
                if (!name.isBlank() && !seen.add(name)) {
                    throw new SourceFormatException(":1: two columns are named '" + name + "'; rename one");
                }
            }
            names = columns.names();
        }

        @Override
        public boolean isOwn(String column) {
            return false;
        }

        @Override
        public boolean isAlias(String column) {
            return true;
        }
    }
}
