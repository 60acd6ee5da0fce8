package dev.precept.dataset;

/**
 * Consecutive rows of one data file.
 *
 * @param firstRow position of the first row in the file, from 0
 * @param rows number of rows
 */
public record StoredRows(CommittedFile file, long firstRow, long rows) {
    public StoredRows {
        if (firstRow < 0 || rows < 0 || firstRow + rows > file.rows()) {
            throw new IllegalArgumentException(
                    file.key() + " has " + file.rows() + " rows, not " + rows + " from row " + firstRow + " on");
        }
    }

    boolean isFollowedBy(StoredRows next) {
        return file.equals(next.file) && firstRow + rows == next.firstRow;
    }

    StoredRows with(StoredRows next) {
        return new StoredRows(file, firstRow, rows + next.rows);
    }
}
