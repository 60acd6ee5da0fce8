package dev.precept.dataset;

/**
 * Consecutive rows of one data file.
 *
 * @param firstRow position of the first row in the file, from 0
 * @param rows number of rows
 */
public record StoredRows(Purges.CommittedFile file, long firstRow, long rows) {
    /** All rows of a file. */
    static StoredRows of(Purges.CommittedFile file) {
        return new StoredRows(file, 0, file.rows());
    }

    boolean isFollowedBy(StoredRows next) {
        return file.equals(next.file) && firstRow + rows == next.firstRow;
    }

    StoredRows with(StoredRows next) {
        return new StoredRows(file, firstRow, rows + next.rows);
    }
}
