package dev.precept.evaluation;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/**
 * The rows of a file of questions.
 *
 * @param name of the file as the user wrote it, for messages
 * @param columns of a file that has a header or a schema; empty for one object a line
 * @param sha256 of the file
 */
public record SourceTable(String name, List<String> columns, List<Row> rows, String sha256) {
    public SourceTable {
        columns = List.copyOf(columns);
        rows = List.copyOf(rows);
    }

    /**
     * One row.
     *
     * @param location in the file, such as its line
     * @param fields by their names in the file; a null is an absent field
     */
    public record Row(String location, ObjectNode fields) {}
}
